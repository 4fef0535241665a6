import type { JSX } from "preact";

import type { AgentListed, FactorsSent } from "../../../api/messages.ts";
import { api } from "../../../application.ts";
import { Shown, useLoaded } from "../../../components/loading.tsx";
import { eventText } from "../../../format/identifiers.ts";
import { dayText } from "../../../format/moments.ts";
import { figureText } from "../../../format/numbers.ts";
import type { FactorRead } from "../../../sealing/factor-read.ts";
import { BarRows, type BarRow } from "./bar-rows.tsx";

export interface FactorsOverWeeksProps {
  readonly agent: AgentListed;
  readonly event: string;
  readonly read: FactorRead | null;
}

/** Factors that were sent, week by week, and the one that is open here and was not. */
export function FactorsOverWeeks({ agent, event, read }: FactorsOverWeeksProps): JSX.Element {
  const path = `/prudencial/agentes/${agent.cnpj}/fatores`;
  const loading = useLoaded((signal) => api.json<FactorsSent>(path, { signal }), [path, agent.envio?.contador]);
  return (
    <section class="stack tight" aria-labelledby="semanas">
      <h2 id="semanas">Fator ao longo das semanas</h2>
      <Shown loading={loading} what="os fatores enviados">
        {({ fatores }) => <Weeks rows={rowsOf(fatores, event, read)} />}
      </Shown>
      <p class="small soft">
        São os fatores que este agente enviou. Semana sem envio não aparece; o que foi só calculado em outras semanas a
        plataforma não pode ler.
      </p>
    </section>
  );
}

function Weeks({ rows }: { readonly rows: readonly BarRow[] }): JSX.Element {
  if (rows.length === 0) return <p class="panel empty">Este agente ainda não enviou nenhum fator.</p>;
  return <BarRows caption="Fator de cada semana" heads={["Semana", "Término", "Situação", "FA"]} words={["Término", "Situação"]} rows={rows} />;
}

function rowsOf(sent: FactorsSent["fatores"], event: string, read: FactorRead | null): readonly BarRow[] {
  const rows = [...sent]
    .sort((one, other) => one.evento.localeCompare(other.evento))
    .map(({ evento, prazo, situacao, fa, observacao }) => ({
      event: evento,
      name: eventText(evento),
      cells: [dayText(prazo), situacao === "PUBLICADO" ? "Publicado" : "Enviado"],
      value: fa ?? "0",
      shown: fa === null ? (observacao ?? "não calculável") : figureText(fa),
    }));
  const now = read?.released;
  const isSent = now !== undefined && sent.some((one) => one.evento === event && one.fa === now.fa);
  if (now === undefined || now.fa === null || isSent) return rows;
  const own = { name: `${eventText(event)}, aberto aqui`, cells: ["—", "Não enviado"], value: now.fa, shown: figureText(now.fa) };
  return [...rows, own];
}
