import type { JSX } from "preact";

import type { Parameters } from "../../../routing/routes.ts";
import { AgentPage } from "../week/agent-page.tsx";
import { PortfolioForm } from "./portfolio-form.tsx";
import "./portfolio.css";

export function PortfolioPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  return (
    <AgentPage
      event={parameters["event"] ?? ""}
      company={parameters["company"]}
      module="portfolio"
      work={{ title: "Portfólio", missing: "Só os que faltam", isMissing: (agent) => agent.portfolio === null }}
    >
      {(within) => <PortfolioForm key={within.agent.cnpj} {...within} />}
    </AgentPage>
  );
}
