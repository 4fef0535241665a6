import type { LoteTold } from "../../../api/messages.ts";
import type { LotePiece } from "../../../sealing/lotes.ts";
import type { WeekDesk } from "../../../sealing/week-desk.ts";
import { loteTold, openedPieces, sendLote } from "../lotes/lote-calls.ts";

export interface WorkbookOutcome {
  readonly lote: LoteTold;
  readonly pieces: readonly LotePiece[];
}

const FINAL: readonly string[] = ["PROCESSADO", "PROCESSADO_COM_ERROS", "REJEITADO", "EXPIRADO"];
const FIRST_PAUSE_MS = 700;
const LONGEST_PAUSE_MS = 5000;

/**
 * The standard sheet, sealed as it is: a workbook is read by the enclave alone, and goes as a lote of however many agents
 * it holds. Throws what the desk, the platform or an answer refuses.
 */
export async function deliverWorkbook(
  desk: WeekDesk,
  file: File,
  onStage: (stage: string) => void,
): Promise<WorkbookOutcome> {
  const content = new Uint8Array(await file.arrayBuffer());
  const code = await sendLote(desk, { kind: "PORTFOLIO", name: file.name, content, allOrNothing: false }, onStage);
  const lote = await ended(desk.given.event, code, onStage);
  onStage("Abrindo as respostas do enclave…");
  return { lote, pieces: await openedPieces(desk, lote) };
}

async function ended(event: string, code: string, onStage: (stage: string) => void): Promise<LoteTold> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const told = await loteTold(event, code);
    if (FINAL.includes(told.estado)) return told;
    onStage(`O enclave está conferindo a planilha… ${told.progresso} %`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
