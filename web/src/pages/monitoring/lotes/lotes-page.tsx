import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { LoteTold, ProgressTold } from "../../../api/messages.ts";
import { Button } from "../../../components/button.tsx";
import { Shown, useLoaded } from "../../../components/loading.tsx";
import { Progress } from "../../../components/progress.tsx";
import { countText } from "../../../format/numbers.ts";
import type { Parameters } from "../../../routing/routes.ts";
import { allAgents } from "../week/agents.ts";
import { AgentsList } from "../week/agents-list.tsx";
import { Closed } from "../week/closed.tsx";
import { progressOf } from "../week/progress.ts";
import { WeekPage, type InWeek } from "../week/week-page.tsx";
import { lotesOf } from "./lote-calls.ts";
import { hasEnded } from "./lotes.ts";
import { LotesTable } from "./lotes-table.tsx";
import { ModelsMenu } from "./models-menu.tsx";
import { SendPanel } from "./send-panel.tsx";

export function LotesPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  return (
    <WeekPage event={parameters["event"] ?? ""} module="lote">
      {(within) => <Lotes {...within} />}
    </WeekPage>
  );
}

const LIVELY_MS = 1500;
const CALM_MS = 20_000;

interface Standing {
  readonly progress: ProgressTold;
  readonly lotes: readonly LoteTold[];
}

function Lotes(within: InWeek): JSX.Element {
  const { week, sender, desk } = within;
  const [awaited, setAwaited] = useState(false);
  const standing = useLoaded(
    (signal) => standingOf(week.evento, sender.cnpj, signal),
    [week.evento, sender.cnpj],
    { every: awaited ? LIVELY_MS : CALM_MS },
  );
  const open = standing.loaded.state === "ready" && standing.loaded.value.lotes.some((lote) => !hasEnded(lote));
  useEffect(() => setAwaited(open), [open]);
  return (
    <>
      <Closed week={week} />
      <Shown loading={standing} what="o andamento da semana">
        {({ progress, lotes }) => (
          <>
            <section class="panel stack" aria-labelledby="andamento">
              <div class="row ends">
                <h2 id="andamento">Andamento</h2>
                <ModelsMenu event={week.evento} sender={sender.cnpj} eligible={progress.portfolio.N} />
              </div>
              <div class="columns">
                <Progress label="Progresso Portfólio" done={progress.portfolio.n} of={progress.portfolio.N} />
                <Progress label="Progresso Contrapartes" done={progress.contrapartes.n} of={progress.contrapartes.N} />
                <Progress label="Fatores enviados" done={progress.enviados.n} of={progress.enviados.N} />
              </div>
              <Eligible {...within} count={progress.portfolio.N} />
            </section>
            {week.aberto && desk.canWork && <SendPanel desk={desk} onSent={standing.reload} />}
            <section class="stack" aria-labelledby="historico-de-envios">
              <h2 id="historico-de-envios">Histórico de envios</h2>
              <LotesTable event={week.evento} lotes={lotes} />
            </section>
          </>
        )}
      </Shown>
    </>
  );
}

async function standingOf(event: string, sender: string, signal: AbortSignal): Promise<Standing> {
  const [progress, lotes] = await Promise.all([progressOf(event, sender, signal), lotesOf(event, sender, signal)]);
  return { progress, lotes };
}

/** The list is fetched when it is asked for: a lote does not need it. */
function Eligible({ week, sender, count }: InWeek & { readonly count: number }): JSX.Element {
  const [shown, setShown] = useState(false);
  return (
    <>
      <div>
        <Button onPress={() => setShown(!shown)}>
          {shown ? "Esconder os agentes elegíveis" : `Agentes elegíveis (${countText(count)})`}
        </Button>
      </div>
      {shown && <EligibleList event={week.evento} sender={sender.cnpj} />}
    </>
  );
}

function EligibleList({ event, sender }: { readonly event: string; readonly sender: string }): JSX.Element {
  const loading = useLoaded((signal) => allAgents(event, sender, signal), [event, sender]);
  return (
    <Shown loading={loading} what="os agentes elegíveis">
      {({ agents }) => (
        <AgentsList
          event={event}
          module="portfolio"
          agents={agents}
          work={{
            title: "Entregas",
            missing: "Só aos que falta algo",
            isMissing: (agent) => agent.portfolio === null || agent.contrapartes === null,
          }}
        />
      )}
    </Shown>
  );
}
