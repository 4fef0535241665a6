import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { AgentListed } from "../../../api/messages.ts";
import { CheckField, TextField } from "../../../components/field.tsx";
import { LongList, type Column } from "../../../components/long-list.tsx";
import { Status } from "../../../components/status.tsx";
import { cnpjText } from "../../../format/identifiers.ts";
import { countText } from "../../../format/numbers.ts";
import { hrefOf } from "../../../routing/location.ts";
import { agentsMatching } from "./agent-search.ts";
import { pathOf, type Module } from "./modules.ts";
import { NO_AGENT, stateShown } from "./standing.ts";

export interface AgentsListProps {
  readonly event: string;
  readonly module: Module["word"];
  readonly agents: readonly AgentListed[];
  /** What each row tells of the module's own work, and whether it is still to be done. */
  readonly work: {
    readonly title: string;
    readonly missing: string;
    readonly isMissing: (agent: AgentListed) => boolean;
  };
}

/** The agents of one sender in one week, each leading to its page of the module. */
export function AgentsList({ event, module, agents, work }: AgentsListProps): JSX.Element {
  const [typed, setTyped] = useState("");
  const [onlyMissing, setOnlyMissing] = useState(false);
  const asked = onlyMissing ? agents.filter(work.isMissing) : agents;
  const rows = agentsMatching(asked, typed, agents.length);
  return (
    <section class="stack" aria-labelledby="agentes-da-semana">
      <h2 id="agentes-da-semana">Escolha o agente</h2>
      <div class="row bottom search-row">
        <div class="search-field">
          <TextField type="search" label="Procurar por sigla, nome ou CNPJ" value={typed} onInput={setTyped} />
        </div>
        <CheckField label={work.missing} checked={onlyMissing} onChange={setOnlyMissing} />
        <span class="soft small" role="status">
          {countText(rows.length)} de {countText(agents.length)}
        </span>
      </div>
      {rows.length === 0 ? (
        <div class="empty">{agents.length === 0 ? NO_AGENT : "Nenhum agente com estes critérios."}</div>
      ) : (
        <LongList label="Agentes elegíveis da semana" columns={columns(event, module, work)} rows={rows} keyOf={(row) => row.cnpj} />
      )}
    </section>
  );
}

function columns(event: string, module: Module["word"], work: AgentsListProps["work"]): readonly Column<AgentListed>[] {
  return [
    {
      title: "Sigla",
      width: "minmax(12.5rem, 2fr)",
      names: true,
      cell: (agent) => <a href={hrefOf(pathOf(event, module, agent.cnpj))}>{agent.sigla}</a>,
    },
    {
      title: work.title,
      width: "9rem",
      cell: (agent) =>
        work.isMissing(agent) ? (
          <Status tone="warn" hollow>
            Falta
          </Status>
        ) : (
          <Status tone="good">Entregue</Status>
        ),
    },
    {
      title: "Situação",
      width: "minmax(12rem, 1fr)",
      cell: ({ estado }) => {
        const { text, tone, hollow } = stateShown[estado];
        return (
          <Status tone={tone} hollow={hollow ?? false}>
            {text}
          </Status>
        );
      },
    },
    { title: "CNPJ", width: "11rem", cell: (agent) => <span class="figure small">{cnpjText(agent.cnpj)}</span> },
  ];
}
