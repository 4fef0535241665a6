import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { LoteTold } from "../../../api/messages.ts";
import { Fact } from "../../../components/fact.tsx";
import { Shown, useLoaded } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Progress } from "../../../components/progress.tsx";
import { Status } from "../../../components/status.tsx";
import { cnpjText } from "../../../format/identifiers.ts";
import { momentText } from "../../../format/moments.ts";
import { countText } from "../../../format/numbers.ts";
import type { Parameters } from "../../../routing/routes.ts";
import { pathOf } from "../week/modules.ts";
import { useSender, type Sender } from "../week/senders.ts";
import { WeekPage, type InWeek } from "../week/week-page.tsx";
import { loteTold } from "./lote-calls.ts";
import { LoteFaults } from "./lote-faults.tsx";
import { countsText, hasEnded, kindText, shownOf } from "./lotes.ts";
import "./lotes.css";

export function LotePage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  const event = parameters["event"] ?? "";
  return (
    <WeekPage
      event={event}
      module="lote"
      title="Envio em lote"
      lead="O que o enclave fez de um arquivo, agente por agente."
      trail={[{ text: "Preenchimento em lote", to: pathOf(event, "lote") }]}
    >
      {(within) => <Lote {...within} lote={parameters["lote"] ?? ""} />}
    </WeekPage>
  );
}

const EVERY_MS = 1500;

function Lote({ week, desk, lote }: InWeek & { readonly lote: string }): JSX.Element {
  const [ended, setEnded] = useState(false);
  const loading = useLoaded((signal) => loteTold(week.evento, lote, signal), [week.evento, lote], {
    every: ended ? null : EVERY_MS,
  });
  const over = loading.loaded.state === "ready" && hasEnded(loading.loaded.value);
  useEffect(() => setEnded(over), [over]);
  return (
    <Shown loading={loading} what="o lote">
      {(told) => (
        <>
          <Facts lote={told} />
          {told.frase && (
            <Notice tone={told.estado === "PROCESSADO_COM_ERROS" ? "warn" : "bad"} headline={shownOf(told).text} live>
              <p>{told.frase}</p>
            </Notice>
          )}
          <Rules rules={told.regras} />
          {ended && told.respostas > 0 && <LoteFaults desk={desk} lote={told} />}
        </>
      )}
    </Shown>
  );
}

function Facts({ lote }: { readonly lote: LoteTold }): JSX.Element {
  const { text, tone, hollow } = shownOf(lote);
  const { senders } = useSender();
  return (
    <section class="panel stack" aria-label="O envio">
      <dl class="facts lote-facts">
        <Fact name="Arquivo">{lote.nomeDoArquivo}</Fact>
        <Fact name="Tipo">{kindText[lote.tipo]}</Fact>
        <Fact name="Remetente">{senderText(lote.remetente, senders)}</Fact>
        <Fact name="Situação">
          <Status tone={tone} hollow={hollow ?? false}>
            {text}
          </Status>
        </Fact>
        <Fact name="Agentes">{countsText(lote) ?? "ainda não se sabe"}</Fact>
        <Fact name="Anunciado em">
          {momentText(lote.criadoEm)}, por {lote.quem}
        </Fact>
        <Fact name="Encerrado em">{lote.encerradoEm === null ? "em andamento" : momentText(lote.encerradoEm)}</Fact>
        <Fact name="Com um erro">{lote.tudoOuNada ? "recusa o arquivo inteiro" : "recusa só aquele agente"}</Fact>
        <Fact name="Identidade do arquivo cifrado">
          <code>{lote.sha256}</code>
        </Fact>
      </dl>
      {!hasEnded(lote) && <Progress label="Processamento (%)" done={lote.progresso} of={100} />}
    </section>
  );
}

/** By sigla where it is a company that one answers for: the lote may be of another than the one that is chosen. */
function senderText(cnpj: string, senders: readonly Sender[]): string {
  const sender = senders.find((one) => one.cnpj === cnpj);
  return sender ? `${sender.sigla} · ${cnpjText(cnpj)}` : cnpjText(cnpj);
}

/** Public of a lote is how often each rule was broken; where and by whom is sealed. */
function Rules({ rules }: { readonly rules: LoteTold["regras"] }): JSX.Element | null {
  const broken = Object.entries(rules).sort(([, one], [, other]) => other - one);
  if (broken.length === 0) return null;
  return (
    <section class="stack tight" aria-labelledby="regras">
      <h2 id="regras">Regras não atendidas</h2>
      <ul class="row">
        {broken.map(([rule, count]) => (
          <li key={rule} class="rule-count">
            <code>{rule}</code> × {countText(count)}
          </li>
        ))}
      </ul>
    </section>
  );
}
