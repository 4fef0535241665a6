import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { ProcessingOutcome, RowTold } from "../../api/messages.ts";
import { api } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/notice.tsx";
import { Progress } from "../../components/progress.tsx";
import { saveAs } from "../../components/saving.ts";
import { csvFile } from "../../format/csv.ts";
import { ERROR_HEADER, errorCells, errorsPath } from "./outcome-following.ts";

/** All refused rows as a file for a spreadsheet. */
export function ErrorsDownload({ code, count }: { readonly code: string; readonly count: number }): JSX.Element {
  const [got, setGot] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);

  async function download(): Promise<void> {
    setFailure(null);
    setGot(0);
    try {
      const rows = await errorsOf(code, setGot);
      saveAs(`importacao-${code}-erros.csv`, csvFile(ERROR_HEADER, rows.map(errorCells)));
    } catch (error) {
      setFailure(error);
    } finally {
      setGot(null);
    }
  }

  return (
    <>
      <Button onPress={download}>Baixar os erros em CSV</Button>
      {got !== null && <Progress label="Erros lidos" done={got} of={count} />}
      {failure !== null && <Failure error={failure} />}
    </>
  );
}

async function errorsOf(code: string, tell: (count: number) => void): Promise<readonly RowTold[]> {
  const rows: RowTold[] = [];
  let cursor: string | null = null;
  do {
    const page: ProcessingOutcome = await api.json(errorsPath(code, cursor));
    rows.push(...page.detalhes);
    cursor = page.proxima;
    tell(rows.length);
  } while (cursor !== null);
  return rows;
}
