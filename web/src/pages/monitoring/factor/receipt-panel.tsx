import type { JSX } from "preact";

import type { AgentListed } from "../../../api/messages.ts";
import { api } from "../../../application.ts";
import { hex } from "../../../attestation/bytes.ts";
import { Button } from "../../../components/button.tsx";
import { Command } from "../../../components/command.tsx";
import { Shown, useLoaded } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { saveAs } from "../../../components/saving.ts";
import { Status } from "../../../components/status.tsx";
import { fingerprintText } from "../../../format/identifiers.ts";
import { momentText } from "../../../format/moments.ts";
import { figureText } from "../../../format/numbers.ts";
import { verifyReceipt, type VerifiedReceipt } from "../../../sealing/receipts.ts";
import { SealRefused } from "../../../sealing/refusals.ts";
import { publishedCode } from "../desk/desk.ts";
import { Caveats } from "./caveats.tsx";
import { receiptCommand } from "./commands.ts";

export interface ReceiptPanelProps {
  readonly event: string;
  readonly agent: AgentListed;
}

interface ReceiptHeld {
  readonly text: string;
  readonly verified: VerifiedReceipt;
}

/** The receipt of the sending that stands: verified here, and given to be kept. */
export function ReceiptPanel({ event, agent }: ReceiptPanelProps): JSX.Element {
  const loading = useLoaded(() => receiptOf(event, agent), [event, agent.cnpj, agent.envio?.contador]);
  const stands = agent.estado === "ENVIADO" || agent.estado === "PUBLICADO";
  return (
    <section class="stack" aria-labelledby="recibo">
      <h2 id="recibo">Recibo do envio</h2>
      {!stands && (
        <Notice tone="calm">
          <p>Este envio continua valendo até que outro, depois de um novo ciclo, tome o lugar dele.</p>
        </Notice>
      )}
      <Shown loading={loading} what="e conferindo o recibo">
        {(receipt) => <Held receipt={receipt} event={event} company={agent.cnpj} />}
      </Shown>
    </section>
  );
}

async function receiptOf(event: string, { cnpj: company, envio }: AgentListed): Promise<ReceiptHeld> {
  const [text, code] = await Promise.all([
    api.text(`/prudencial/semanas/${event}/agentes/${company}/recibo`),
    publishedCode(),
  ]);
  const verified = await verifyReceipt(text, code);
  const { receipt } = verified;
  if (receipt.event !== event || receipt.company !== company || receipt.released === null) {
    throw new SealRefused("OBJETO_DIVERGE", "o recibo não é do envio deste agente nesta semana");
  }
  // An earlier sending's receipt is genuine, too: which one stands is told by its place in the journal.
  if (receipt.head.counter !== envio?.contador) {
    throw new SealRefused("OBJETO_DIVERGE", "o recibo é de outro envio que o da lista; atualize a página e leia de novo");
  }
  return { text, verified };
}

function Held({ receipt, event, company }: { readonly receipt: ReceiptHeld; readonly event: string; readonly company: string }): JSX.Element {
  const { text, verified } = receipt;
  const { receipt: told, document, isHardware } = verified;
  const file = `recibo-${event}-${company}.jws`;
  return (
    <div class="panel stack">
      <p class="row">
        <Status tone="good">Conferido aqui</Status>
        <span>Assinado por código publicado e atestado.</span>
      </p>
      <dl class="facts">
        <Fact name="FA enviado" value={told.released?.fa ? figureText(told.released.fa) : "não calculável"} strong />
        {told.released?.fa === null && <Fact name="Motivo" value={told.released.motivo} />}
        <Fact name="Assinado em" value={momentText(told.issuedAt.toISOString())} />
        <Fact name="Código medido (PCR0)" value={fingerprintText(hex(document.pcrs.get(0) ?? new Uint8Array()), 6)} code />
        <Fact name="Parâmetros" value={fingerprintText(told.parameters, 6)} code />
        {[...told.inputs].map(([name, identity]) => (
          <Fact key={name} name={INPUT[name] ?? name} value={fingerprintText(identity, 6)} code />
        ))}
        <Fact name="Posição no diário do evento" value={String(told.head.counter)} />
      </dl>
      <Caveats codes={told.caveats} />
      <div class="stack tight unprinted">
        <div>
          <Button onPress={() => saveAs(file, new Blob([text], { type: "application/jose" }))}>Baixar o recibo</Button>
        </div>
        <p class="small soft">Qualquer pessoa pode conferi-lo sem esta página, agora ou daqui a anos:</p>
        <Command label="Comando que confere o recibo">{receiptCommand(file, isHardware)}</Command>
      </div>
    </div>
  );
}

const INPUT: Readonly<Record<string, string>> = { PORTFOLIO: "Portfólio cifrado", CONTRAPARTES: "Contrapartes cifradas" };

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly code?: boolean;
  readonly strong?: boolean;
}

function Fact({ name, value, code, strong }: FactProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{code ? <code>{value}…</code> : strong ? <strong class="figure">{value}</strong> : value}</dd>
    </div>
  );
}
