import type { JSX } from "preact";

import type { WeekListed } from "../../../api/messages.ts";
import { person, session } from "../../../application.ts";
import { LinkButton } from "../../../components/button.tsx";
import { Shown } from "../../../components/loading.tsx";
import { Failure } from "../../../components/notice.tsx";
import { Page } from "../../../components/page.tsx";
import { Progress, Waiting } from "../../../components/progress.tsx";
import { eventText } from "../../../format/identifiers.ts";
import { hrefOf } from "../../../routing/location.ts";
import { useAgents } from "./agents.ts";
import { modules, pathOf } from "./modules.ts";
import { useSender, type Sender } from "./senders.ts";
import { WeekClock } from "./week-clock.tsx";
import { NobodysSender } from "./week-page.tsx";
import { SenderSelect } from "./week-strip.tsx";
import { useWeeks } from "./weeks.ts";
import "./week.css";

const WEEKS = "as semanas";

/** Weeks are the same for all: they are asked for while it is still on its way who is there, and for whom. */
export function MonitoringHome(): JSX.Element {
  const choice = useSender();
  const isNobodys = person.value !== null && choice.sender === null;
  return (
    <Page
      title="Monitoramento Prudencial"
      lead="O que se preenche aqui é cifrado neste computador e só abre no enclave e com as chaves dos leitores que você escolhe."
      actions={!isNobodys && <LinkButton to="/prudencial/leitores">Chaves de leitor</LinkButton>}
    >
      {isNobodys ? (
        <NobodysSender />
      ) : (
        <div class="stack loose">
          {choice.senders.length > 1 && <SenderSelect choice={choice} />}
          {session.standing.value === "unknown" ? (
            <Waiting>{`Carregando ${WEEKS}…`}</Waiting>
          ) : (
            <Weeks sender={choice.sender} />
          )}
        </div>
      )}
    </Page>
  );
}

function Weeks({ sender }: { readonly sender: Sender | null }): JSX.Element {
  const loading = useWeeks();
  return (
    <Shown loading={loading} what={WEEKS}>
      {(weeks) => {
        if (weeks.length === 0) {
          return <p class="empty">Ainda não há semana carregada. Ela aparece aqui quando a CCEE publica os parâmetros.</p>;
        }
        const open = weeks.filter((week) => week.aberto);
        const others = weeks.filter((week) => !week.aberto);
        return (
          <div class="week-list">
            {open.length === 0 && <p>Nenhuma semana está aberta para preenchimento.</p>}
            {open.map((week) => (
              <OpenWeek key={week.evento} week={week} sender={sender} />
            ))}
            {others.length > 0 && <OtherWeeks weeks={others} />}
          </div>
        );
      }}
    </Shown>
  );
}

function OpenWeek({ week, sender }: { readonly week: WeekListed; readonly sender: Sender | null }): JSX.Element {
  const name = eventText(week.evento);
  return (
    <section class="panel stack" aria-labelledby={`semana-${week.evento}`}>
      <h2 id={`semana-${week.evento}`}>Semana {name}</h2>
      <WeekClock week={week} />
      {sender === null ? <AgentsWaited /> : <HowFar event={week.evento} sender={sender.cnpj} />}
      <ul class="modules">
        {modules.map((module) => (
          <li class="module" key={module.word}>
            <a href={hrefOf(pathOf(week.evento, module.word))}>{module.text}</a>
            <span class="small soft">{module.purpose}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function HowFar({ event, sender }: { readonly event: string; readonly sender: string }): JSX.Element {
  const { loaded, reload } = useAgents(event, sender);
  if (loaded.state === "loading") return <AgentsWaited />;
  if (loaded.state === "failed") return <Failure error={loaded.error} onRetry={() => void reload()} />;
  const { progress } = loaded.value;
  return (
    <div class="columns">
      <Progress label="Portfólios entregues" done={progress.portfolio.n} of={progress.portfolio.N} />
      <Progress label="Contrapartes entregues" done={progress.contrapartes.n} of={progress.contrapartes.N} />
      <Progress label="Fatores enviados" done={progress.enviados.n} of={progress.enviados.N} />
    </div>
  );
}

function AgentsWaited(): JSX.Element {
  return <Waiting>Carregando os agentes…</Waiting>;
}

function OtherWeeks({ weeks }: { readonly weeks: readonly WeekListed[] }): JSX.Element {
  return (
    <section class="stack tight" aria-labelledby="outras-semanas">
      <h2 id="outras-semanas">Outras semanas</h2>
      <div class="week-list">
        {weeks.map((week) => (
          <article class="panel stack tight" key={week.evento}>
            <h3>Semana {eventText(week.evento)}</h3>
            <WeekClock week={week} />
            <p class="row">
              {modules.map((module) => (
                <a key={module.word} href={hrefOf(pathOf(week.evento, module.word))}>
                  {module.text}
                </a>
              ))}
            </p>
          </article>
        ))}
      </div>
    </section>
  );
}
