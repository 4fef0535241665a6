import type { JSX } from "preact";

import type { Parameters } from "../../../routing/routes.ts";
import { AgentPage } from "../week/agent-page.tsx";
import { CounterpartiesForm } from "./counterparties-form.tsx";
import "./counterparties.css";

export function CounterpartiesPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  return (
    <AgentPage
      event={parameters["event"] ?? ""}
      company={parameters["company"]}
      module="contrapartes"
      work={{ title: "Contrapartes", missing: "Só os que faltam", isMissing: (agent) => agent.contrapartes === null }}
    >
      {(within) => <CounterpartiesForm key={within.agent.cnpj} {...within} />}
    </AgentPage>
  );
}
