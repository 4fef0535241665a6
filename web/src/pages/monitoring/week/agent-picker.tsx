import type { JSX } from "preact";

import type { AgentListed } from "../../../api/messages.ts";
import { Lookup, type Suggestion } from "../../../components/lookup.tsx";
import { cnpjText } from "../../../format/identifiers.ts";
import { countText } from "../../../format/numbers.ts";
import { agentsMatching } from "./agent-search.ts";
import { stateShown } from "./standing.ts";

export interface AgentPickerProps {
  readonly agents: readonly AgentListed[];
  readonly chosen: AgentListed | null;
  readonly onChoose: (agent: AgentListed | null) => void;
}

/** One agent of a sender's, by sigla, name or CNPJ. */
export function AgentPicker({ agents, chosen, onChoose }: AgentPickerProps): JSX.Element {
  return (
    <Lookup
      label="Agente"
      hint={`${countText(agents.length)} agentes elegíveis; procure por sigla, nome ou CNPJ.`}
      from={0}
      search={async (typed) => agentsMatching(agents, typed)}
      suggestionOf={suggestionOf}
      chosen={chosen}
      onChoose={onChoose}
      nothing="Nenhum agente elegível com esta sigla, nome ou CNPJ."
    />
  );
}

function suggestionOf(agent: AgentListed): Suggestion {
  return {
    key: agent.cnpj,
    text: `${agent.sigla} · ${cnpjText(agent.cnpj)}`,
    detail: stateShown[agent.estado].text,
  };
}
