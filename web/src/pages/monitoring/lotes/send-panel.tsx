import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { LoteKind } from "../../../api/messages.ts";
import { CheckField, SelectField } from "../../../components/field.tsx";
import { FileDrop } from "../../../components/file-drop.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { MAX_PLAINTEXT_BYTES } from "../../../sealing/envelope.ts";
import { SealRefused } from "../../../sealing/refusals.ts";
import type { Desk } from "../desk/desk.ts";
import { sendLote } from "./lote-calls.ts";
import { kindText } from "./lotes.ts";

type Sending =
  | { readonly state: "idle" }
  | { readonly state: "working"; readonly stage: string; readonly percent: number | undefined }
  | { readonly state: "sent"; readonly name: string }
  | { readonly state: "failed"; readonly error: unknown };

export interface SendPanelProps {
  readonly desk: Desk;
  readonly onSent: () => Promise<void>;
}

const HINTS: Readonly<Record<LoteKind, string>> = {
  PORTFOLIO: "A planilha padrão (XLSX) ou JSON, até 50 MB e 20.000 agentes. O arquivo é cifrado aqui, como está.",
  CONTRAPARTES: "JSON, até 50 MB e 20.000 agentes. O arquivo é assinado e cifrado aqui, como está.",
};

/** A file of many agents: sealed here, sent, and from then on worked off without this page. */
export function SendPanel({ desk, onSent }: SendPanelProps): JSX.Element {
  const [kind, setKind] = useState<LoteKind>("PORTFOLIO");
  const [allOrNothing, setAllOrNothing] = useState(false);
  const [sending, setSending] = useState<Sending>({ state: "idle" });
  const busy = sending.state === "working";

  async function send(file: File): Promise<void> {
    if (busy) return;
    setSending({ state: "working", stage: "Conferindo o lacre…", percent: undefined });
    try {
      requireSendable(file);
      await desk.sealing(async (week) => {
        const content = new Uint8Array(await file.arrayBuffer());
        const given = { kind, name: file.name, content, allOrNothing };
        return sendLote(week, given, (stage, percent) => setSending({ state: "working", stage, percent }));
      });
      setSending({ state: "sent", name: file.name });
    } catch (error) {
      setSending({ state: "failed", error });
    }
    await onSent();
  }

  return (
    <section class="panel stack" aria-labelledby="importar-arquivo">
      <h2 id="importar-arquivo">Importar arquivo</h2>
      <div class="columns">
        <SelectField
          label="O que o arquivo traz"
          value={kind}
          disabled={busy}
          options={(Object.keys(kindText) as LoteKind[]).map((value) => ({ value, text: kindText[value] }))}
          onChange={(value) => setKind(value as LoteKind)}
        />
        <div class="field">
          <span class="label">Se houver erros</span>
          <CheckField
            label="Recusar o arquivo inteiro se um agente tiver erro"
            checked={allOrNothing}
            disabled={busy}
            onChange={setAllOrNothing}
          />
        </div>
      </div>
      <FileDrop
        label={busy ? "Enviando…" : "Importar arquivo"}
        hint={HINTS[kind]}
        accept={kind === "PORTFOLIO" ? ".xlsx,.json" : ".json"}
        busy={busy}
        onFiles={([file]) => file && send(file)}
      />
      {sending.state === "working" && <Stage stage={sending.stage} percent={sending.percent} />}
      {sending.state === "failed" && <Failure error={sending.error} />}
      {sending.state === "sent" && (
        <Notice tone="good" headline={`${sending.name}: enviado cifrado`} live>
          <p>O enclave já pode abri-lo. O andamento está no histórico de envios, abaixo, também depois de fechar a página.</p>
        </Notice>
      )}
    </section>
  );
}

function Stage({ stage, percent }: { readonly stage: string; readonly percent: number | undefined }): JSX.Element {
  return (
    <div class="stack tight">
      <div class="waiting" role="status">
        <span class="spinner" aria-hidden="true" />
        <span>{stage}</span>
      </div>
      {percent !== undefined && <progress aria-label="Envio do arquivo" max={100} value={percent} />}
    </div>
  );
}

function requireSendable(file: File): void {
  if (file.size === 0) throw new SealRefused("MALFORMADO", `${file.name} está vazio. Escolha outro arquivo.`);
  if (file.size > MAX_PLAINTEXT_BYTES)
    throw new SealRefused("GRANDE_DEMAIS", `${file.name} tem mais de 50 MB. Divida-o em dois ou mais arquivos.`);
}
