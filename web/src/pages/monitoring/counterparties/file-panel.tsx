import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api } from "../../../application.ts";
import { Button } from "../../../components/button.tsx";
import { FileDrop } from "../../../components/file-drop.tsx";
import { Failure } from "../../../components/notice.tsx";
import { saveAs } from "../../../components/saving.ts";

export interface FilePanelProps {
  readonly canSeal: boolean;
  readonly busy: boolean;
  readonly onFile: (file: File) => Promise<void>;
}

/** Counterparties of one agent as a JSON file: its schema and example, and its import as it is. */
export function FilePanel({ canSeal, busy, onFile }: FilePanelProps): JSX.Element {
  const [failure, setFailure] = useState<unknown>(null);

  async function download(name: string): Promise<void> {
    setFailure(null);
    try {
      saveAs(name, await api.blob(`/prudencial/modelos/${name}`));
    } catch (error) {
      setFailure(error);
    }
  }

  return (
    <section class="panel stack" aria-labelledby="arquivo">
      <div class="row ends">
        <h2 id="arquivo">Arquivo JSON</h2>
        <div class="row">
          <Button onPress={() => download("contrapartes.json")}>Baixar o exemplo</Button>
          <Button kind="quiet" onPress={() => download("contrapartes.schema.json")}>
            JSON Schema
          </Button>
        </div>
      </div>
      {canSeal && (
        <FileDrop
          label="Importar arquivo"
          hint="As contrapartes deste agente em JSON. O arquivo é assinado e cifrado aqui, como está; o de muitos agentes vai em “Preenchimento em lote”."
          accept=".json"
          busy={busy}
          onFiles={([file]) => file && onFile(file)}
        />
      )}
      {failure !== null && <Failure error={failure} />}
    </section>
  );
}
