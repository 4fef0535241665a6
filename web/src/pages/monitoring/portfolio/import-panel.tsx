import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api } from "../../../application.ts";
import { Button } from "../../../components/button.tsx";
import { FileDrop } from "../../../components/file-drop.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { saveAs } from "../../../components/saving.ts";
import { cnpjText } from "../../../format/identifiers.ts";
import { hrefOf } from "../../../routing/location.ts";
import type { LoteFault } from "../../../sealing/lotes.ts";
import { pathOf } from "../week/modules.ts";
import type { WithAgent } from "../week/agent-page.tsx";
import { deliverWorkbook, type WorkbookOutcome } from "./workbook-delivery.ts";

export interface ImportPanelProps extends WithAgent {
  readonly canSeal: boolean;
  /** A JSON file of this agent, to be delivered as it is. */
  readonly onJson: (file: File) => Promise<void>;
}

type Import =
  | { readonly state: "idle" }
  | { readonly state: "working"; readonly stage: string }
  | { readonly state: "failed"; readonly error: unknown }
  | { readonly state: "done"; readonly outcome: WorkbookOutcome };

/** The standard sheet: downloaded for the week, filled elsewhere, and sealed here as it is. */
export function ImportPanel(given: ImportPanelProps): JSX.Element {
  const { week, sender, canSeal } = given;
  const [status, setStatus] = useState<Import>({ state: "idle" });
  const busy = status.state === "working";

  async function take(file: File): Promise<void> {
    if (busy) return;
    setStatus({ state: "idle" });
    try {
      // Told by the delivery itself; what is caught here is a file that cannot be read.
      if (/\.json$/i.test(file.name)) return await given.onJson(file);
      setStatus({ state: "working", stage: "Conferindo o lacre…" });
      const outcome = await given.desk.sealing((desk) =>
        deliverWorkbook(desk, file, (stage) => setStatus({ state: "working", stage })),
      );
      setStatus({ state: "done", outcome });
      await given.reload();
    } catch (error) {
      setStatus({ state: "failed", error });
    }
  }

  return (
    <section class="panel stack" aria-labelledby="importar">
      <div class="row ends">
        <h2 id="importar">Planilha padrão</h2>
        <Models event={week.evento} sender={sender.cnpj} />
      </div>
      {canSeal && (
        <FileDrop
          label="Importar arquivo"
          hint="XLSX ou JSON. O arquivo é cifrado aqui, como está, e só o enclave o lê; se tiver outros agentes, eles também são entregues."
          accept=".xlsx,.json"
          busy={busy}
          onFiles={([file]) => file && take(file)}
        />
      )}
      {status.state === "working" && (
        <div class="waiting" role="status">
          <span class="spinner" aria-hidden="true" />
          <span>{status.stage}</span>
        </div>
      )}
      {status.state === "failed" && <Failure error={status.error} />}
      {status.state === "done" && <Outcome outcome={status.outcome} within={given} />}
    </section>
  );
}

function Models({ event, sender }: { readonly event: string; readonly sender: string }): JSX.Element {
  const [failure, setFailure] = useState<unknown>(null);

  async function download(path: string, name: string): Promise<void> {
    setFailure(null);
    try {
      saveAs(name, await api.blob(path));
    } catch (error) {
      setFailure(error);
    }
  }

  const query = new URLSearchParams({ evento: event, remetente: sender });
  return (
    <div class="stack tight">
      <div class="row">
        <Button onPress={() => download(`/prudencial/modelos/portfolio.xlsx?${query}`, `portfolio-${event}.xlsx`)}>
          Baixar a planilha padrão (XLSX)
        </Button>
        <Button kind="quiet" onPress={() => download("/prudencial/modelos/portfolio.json", "portfolio-exemplo.json")}>
          Exemplo em JSON
        </Button>
      </div>
      {failure !== null && <Failure error={failure} />}
    </div>
  );
}

function Outcome({ outcome, within }: { readonly outcome: WorkbookOutcome; readonly within: WithAgent }): JSX.Element {
  const { lote, pieces } = outcome;
  const wrong = pieces.flatMap((piece) => piece.agents).filter((agent) => agent.faults.length > 0);
  const ofFile = pieces.flatMap((piece) => piece.faults);
  const taken = lote.aceitos ?? 0;
  const refused = lote.frase ?? pieces.find((piece) => piece.refusal)?.refusal?.detail ?? null;
  return (
    <>
      {taken > 0 && (
        <Notice tone="good" headline={taken === 1 ? "Um agente entregue pela planilha" : `${taken} agentes entregues pela planilha`} live>
          <p>Leia de volta o que foi entregue para vê-lo no formulário.</p>
        </Notice>
      )}
      {taken === 0 && refused && wrong.length === 0 && <Refused headline="A planilha foi recusada" told={refused} faults={ofFile} />}
      {wrong.map((agent) => (
        <Refused key={agent.company} headline={`Recusado: ${agent.company === within.agent.cnpj ? within.agent.sigla : cnpjText(agent.company) || "agente sem CNPJ"}`} told={null} faults={agent.faults} />
      ))}
      <p class="small">
        O envio está no <a href={hrefOf(pathOf(within.week.evento, "lote"))}>histórico de envios em lote</a>.
      </p>
    </>
  );
}

interface RefusedProps {
  readonly headline: string;
  readonly told: string | null;
  readonly faults: readonly LoteFault[];
}

function Refused({ headline, told, faults }: RefusedProps): JSX.Element {
  return (
    <Notice tone="bad" headline={headline} live>
      {told && <p>{told.charAt(0).toUpperCase() + told.slice(1)}.</p>}
      {faults.length > 0 && (
        <ul>
          {faults.map((fault, index) => (
            <li key={index}>
              {fault.place && <strong>{fault.place}: </strong>}
              {fault.detail}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
