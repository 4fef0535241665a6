import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import type { AgentTold } from "../../../api/messages.ts";
import { api } from "../../../application.ts";
import { Shown, useLoaded } from "../../../components/loading.tsx";
import type { Parameters } from "../../../routing/routes.ts";
import { AgentPage, type WithAgent } from "../week/agent-page.tsx";
import { FactorWork } from "./factor-work.tsx";
import { fits } from "./fitting.ts";
import "./factor.css";

export function FactorPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  return (
    <AgentPage
      event={parameters["event"] ?? ""}
      company={parameters["company"]}
      module="fator"
      work={{ title: "Fator", missing: "Só os que faltam validar", isMissing: (agent) => fits("VALIDAR", agent) }}
    >
      {(within) => <Agent key={within.agent.cnpj} {...within} />}
    </AgentPage>
  );
}

const EVERY_MS = 5000;

/** The agent as it stands now, whoever changed it: another tab or a colleague may work on the same one. */
function Agent(within: WithAgent): JSX.Element {
  const { week, agent, reload } = within;
  const path = `/prudencial/semanas/${week.evento}/agentes/${agent.cnpj}`;
  const loading = useLoaded((signal) => api.json<AgentTold>(path, { signal }), [path], { every: EVERY_MS });
  const now = loading.loaded.state === "ready" ? loading.loaded.value.agente : null;
  const isOther = now !== null && (now.estado !== agent.estado || now.calculo !== agent.calculo);
  useEffect(() => {
    // The strip on top and the other agents are of the list.
    if (isOther) void reload();
  }, [isOther, now?.estado, now?.calculo]);
  return (
    <Shown loading={loading} what="o agente">
      {(told) => <FactorWork {...within} agent={told.agente} told={told} reload={loading.reload} />}
    </Shown>
  );
}
