import type { JSX } from "preact";

import type { AgentListed } from "../../../api/messages.ts";
import { LinkButton } from "../../../components/button.tsx";
import { Shown } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Status } from "../../../components/status.tsx";
import { cnpjText } from "../../../format/identifiers.ts";
import { go } from "../../../routing/location.ts";
import { AgentPicker } from "./agent-picker.tsx";
import { useAgents } from "./agents.ts";
import { AgentsList, type AgentsListProps } from "./agents-list.tsx";
import { pathOf, type Module } from "./modules.ts";
import { nextOf, stateShown } from "./standing.ts";
import { WeekPage, type InWeek } from "./week-page.tsx";

/** What a page about one agent works in. */
export interface WithAgent extends InWeek {
  readonly agent: AgentListed;
  /** The list anew, after something changed. */
  readonly reload: () => Promise<void>;
  /** One that still lacks what this module is for, so that the next can be filled. */
  readonly next: AgentListed | null;
}

export interface AgentPageProps {
  readonly event: string;
  /** None while the agent is still to be chosen. */
  readonly company: string | undefined;
  readonly module: Module["word"];
  readonly work: AgentsListProps["work"];
  readonly children: (within: WithAgent) => JSX.Element;
}

/** A page of one module for one agent of a week: the agent is chosen from a list, or by the field on top. */
export function AgentPage({ event, company, module, work, children }: AgentPageProps): JSX.Element {
  return (
    <WeekPage event={event} module={module}>
      {(within) => (
        <Agents within={within} company={company} module={module} work={work}>
          {children}
        </Agents>
      )}
    </WeekPage>
  );
}

interface AgentsProps extends Omit<AgentPageProps, "event"> {
  readonly within: InWeek;
}

function Agents({ within, company, module, work, children }: AgentsProps): JSX.Element {
  const event = within.week.evento;
  const loading = useAgents(event, within.sender.cnpj);
  return (
    <Shown loading={loading} what="os agentes">
      {({ agents }) => {
        if (company === undefined) return <AgentsList event={event} module={module} agents={agents} work={work} />;
        const agent = agents.find((one) => one.cnpj === company);
        if (agent === undefined) return <NotTheirs company={company} sender={within.sender.sigla} back={pathOf(event, module)} />;
        const next = agents.find((one) => one.cnpj !== company && work.isMissing(one)) ?? null;
        return (
          <div class="stack loose">
            <AgentStrip agents={agents} agent={agent} onChoose={(other) => go(pathOf(event, module, other))} />
            {children({ ...within, agent, reload: loading.reload, next })}
          </div>
        );
      }}
    </Shown>
  );
}

interface AgentStripProps {
  readonly agents: readonly AgentListed[];
  readonly agent: AgentListed;
  readonly onChoose: (company: string) => void;
}

function AgentStrip({ agents, agent, onChoose }: AgentStripProps): JSX.Element {
  const shown = stateShown[agent.estado];
  return (
    <div class="agent-strip unprinted">
      <div class="picker">
        <AgentPicker agents={agents} chosen={agent} onChoose={(other) => other && onChoose(other.cnpj)} />
      </div>
      <p>
        <Status tone={shown.tone} hollow={shown.hollow ?? false}>
          {shown.text}
        </Status>{" "}
        <span class="soft small">{nextOf(agent)}</span>
      </p>
    </div>
  );
}

function NotTheirs(given: { readonly company: string; readonly sender: string; readonly back: string }): JSX.Element {
  return (
    <Notice tone="warn" headline="Agente fora desta lista">
      <p>
        {cnpjText(given.company)} não é um agente elegível desta semana que {given.sender} represente ou controle.
      </p>
      <div>
        <LinkButton to={given.back}>Ver os agentes da semana</LinkButton>
      </div>
    </Notice>
  );
}
