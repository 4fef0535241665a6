import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import type { AgentListed, AgentState } from "../../../api/messages.ts";
import { Button } from "../../../components/button.tsx";
import { CheckField, SelectField, TextField } from "../../../components/field.tsx";
import { useFocusHeld } from "../../../components/focus.ts";
import { Shown } from "../../../components/loading.tsx";
import { LongList, type Column } from "../../../components/long-list.tsx";
import { Progress } from "../../../components/progress.tsx";
import { Status } from "../../../components/status.tsx";
import { cnpjText } from "../../../format/identifiers.ts";
import { countText } from "../../../format/numbers.ts";
import { hrefOf } from "../../../routing/location.ts";
import type { Parameters } from "../../../routing/routes.ts";
import { useAgents } from "../week/agents.ts";
import { Closed } from "../week/closed.tsx";
import { pathOf } from "../week/modules.ts";
import { NO_AGENT, nextOf, stateShown } from "../week/standing.ts";
import { WeekPage, type InWeek } from "../week/week-page.tsx";
import type { BatchAct } from "./batch.ts";
import { BatchPanel } from "./batch-panel.tsx";
import { ALL, countsOf, isChoosable, shownOf, type Choice } from "./choosing.ts";
import { fits } from "./fitting.ts";
import "./factor.css";

export function FactorsPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  return (
    <WeekPage event={parameters["event"] ?? ""} module="fator">
      {(within) => <Factors {...within} />}
    </WeekPage>
  );
}

const EVERY_MS = 10_000;

function Factors(within: InWeek): JSX.Element {
  const [batch, setBatch] = useState<{ readonly act: BatchAct; readonly agents: readonly AgentListed[] } | null>(null);
  const loading = useAgents(within.week.evento, within.sender.cnpj, { every: EVERY_MS });
  const part = useRef<HTMLDivElement>(null);
  useFocusHeld(part, () => document.getElementById(batch === null ? "agentes-da-semana" : "em-sequencia"));
  return (
    <Shown loading={loading} what="os agentes">
      {({ agents }) => (
        <div class="stack loose" ref={part}>
          <Closed week={within.week} />
          <HowFar agents={agents} />
          {batch === null ? (
            <Agents within={within} agents={agents} onBatch={(act, chosen) => setBatch({ act, agents: chosen })} />
          ) : (
            <BatchPanel
              within={within}
              act={batch.act}
              agents={batch.agents}
              onActed={() => void loading.reload()}
              onEnd={async () => {
                // The list comes back as the acts left it: who was just validated can be sent.
                await loading.reload();
                setBatch(null);
              }}
            />
          )}
        </div>
      )}
    </Shown>
  );
}

function HowFar({ agents }: { readonly agents: readonly AgentListed[] }): JSX.Element {
  const { validated, sent, all } = countsOf(agents);
  return (
    <div class="columns">
      <Progress label="Fatores validados" done={validated} of={all} />
      <Progress label="Fatores enviados" done={sent} of={all} />
    </div>
  );
}

interface AgentsProps {
  readonly within: InWeek;
  readonly agents: readonly AgentListed[];
  readonly onBatch: (act: BatchAct, agents: readonly AgentListed[]) => void;
}

function Agents({ within, agents, onBatch }: AgentsProps): JSX.Element {
  const { week, desk } = within;
  const [choice, setChoice] = useState<Choice>(ALL);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const rows = shownOf(agents, choice);
  const mayAct = week.aberto && desk.canWork && desk.lock.value.state !== "refused";
  const choosable = rows.filter(isChoosable);
  const chosen = agents.filter((agent) => picked.has(agent.cnpj) && isChoosable(agent));
  const isAll = choosable.length > 0 && choosable.every((agent) => picked.has(agent.cnpj));

  function pick(some: readonly AgentListed[], isIn: boolean): void {
    const next = new Set(picked);
    for (const { cnpj } of some) {
      if (isIn) next.add(cnpj);
      else next.delete(cnpj);
    }
    setPicked(next);
  }

  return (
    <section class="stack" aria-labelledby="agentes-da-semana">
      <h2 id="agentes-da-semana" tabIndex={-1}>Agentes da semana</h2>
      <Filters choice={choice} agents={agents} shown={rows.length} onChange={setChoice} />
      {mayAct && (
        <div class="row unprinted">
          <CheckField
            label={`Escolher todos os que podem ser validados ou enviados (${countText(choosable.length)})`}
            checked={isAll}
            disabled={choosable.length === 0}
            onChange={(isIn) => pick(choosable, isIn)}
          />
          <BatchButton act="VALIDAR" chosen={chosen} onBatch={onBatch} />
          <BatchButton act="ENVIAR" chosen={chosen} onBatch={onBatch} />
        </div>
      )}
      {rows.length === 0 ? (
        <div class="empty panel">{agents.length === 0 ? NO_AGENT : "Nenhum agente com estes critérios."}</div>
      ) : (
        <LongList
          label="Fatores dos agentes da semana"
          columns={columns(week.evento, mayAct ? { picked, onPick: (agent, isIn) => pick([agent], isIn) } : null)}
          rows={rows}
          keyOf={(row) => row.cnpj}
        />
      )}
    </section>
  );
}

const ACT_TEXT: Readonly<Record<BatchAct, string>> = { VALIDAR: "Abrir e validar", ENVIAR: "Abrir e enviar" };

function BatchButton({ act, chosen, onBatch }: { readonly act: BatchAct; readonly chosen: readonly AgentListed[]; readonly onBatch: AgentsProps["onBatch"] }): JSX.Element | null {
  const fitting = chosen.filter((agent) => fits(act, agent));
  if (fitting.length === 0) return null;
  return (
    <Button kind="primary" onPress={() => onBatch(act, fitting)}>
      {ACT_TEXT[act]} {countText(fitting.length)} {fitting.length === 1 ? "escolhido" : "escolhidos"}
    </Button>
  );
}

interface FiltersProps {
  readonly choice: Choice;
  readonly agents: readonly AgentListed[];
  readonly shown: number;
  readonly onChange: (choice: Choice) => void;
}

function Filters({ choice, agents, shown, onChange }: FiltersProps): JSX.Element {
  const states = (Object.keys(stateShown) as AgentState[]).filter((state) => agents.some((agent) => agent.estado === state));
  const told = states.map((state) => {
    const count = agents.filter((agent) => agent.estado === state).length;
    return { value: state, text: `${stateShown[state].text} (${countText(count)})` };
  });
  return (
    <div class="row bottom unprinted">
      <div class="search-field">
        <TextField
          type="search"
          label="Procurar por sigla, nome ou CNPJ"
          value={choice.typed}
          onInput={(typed) => onChange({ ...choice, typed })}
        />
      </div>
      <div class="state-field">
        <SelectField
          label="Situação"
          value={choice.state}
          options={[{ value: "", text: `Todas (${countText(agents.length)})` }, ...told]}
          onChange={(state) => onChange({ ...choice, state: state as Choice["state"] })}
        />
      </div>
      <span class="soft small" role="status">
        {countText(shown)} de {countText(agents.length)}
      </span>
    </div>
  );
}

interface Picking {
  readonly picked: ReadonlySet<string>;
  readonly onPick: (agent: AgentListed, isIn: boolean) => void;
}

function columns(event: string, picking: Picking | null): readonly Column<AgentListed>[] {
  const box: readonly Column<AgentListed>[] = picking
    ? [
        {
          title: "Escolha",
          width: "5rem",
          cell: (agent) =>
            isChoosable(agent) && (
              <input
                type="checkbox"
                class="agent-pick"
                aria-label={`Escolher ${agent.sigla}`}
                checked={picking.picked.has(agent.cnpj)}
                onChange={(change) => picking.onPick(agent, change.currentTarget.checked)}
              />
            ),
        },
      ]
    : [];
  return [
    ...box,
    {
      title: "Sigla",
      width: "minmax(11rem, 2fr)",
      cell: (agent) => <a href={hrefOf(pathOf(event, "fator", agent.cnpj))}>{agent.sigla}</a>,
    },
    { title: "CNPJ", width: "11rem", cell: (agent) => <span class="figure small">{cnpjText(agent.cnpj)}</span> },
    {
      title: "Situação",
      width: "minmax(13rem, 1fr)",
      cell: ({ estado }) => (
        <Status tone={stateShown[estado].tone} hollow={stateShown[estado].hollow ?? false}>
          {stateShown[estado].text}
        </Status>
      ),
    },
    { title: "O que fazer", width: "minmax(16rem, 2fr)", cell: (agent) => <span class="small soft">{nextOf(agent)}</span> },
  ];
}
