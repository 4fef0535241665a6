import type { JSX } from "preact";

import type { AgentTold } from "../../../api/messages.ts";
import { LinkButton } from "../../../components/button.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { Waiting } from "../../../components/progress.tsx";
import type { FactorRead } from "../../../sealing/factor-read.ts";
import { NoReader } from "../desk/no-reader.tsx";
import type { WithAgent } from "../week/agent-page.tsx";
import { Closed } from "../week/closed.tsx";
import { pathOf } from "../week/modules.ts";
import { GoBack } from "../week/other-list.tsx";
import { ActsPanel } from "./acts-panel.tsx";
import { useFactorActs } from "./factor-acts.ts";
import { FactorExplained } from "./factor-explained.tsx";
import { FactorsOverWeeks } from "./factors-over-weeks.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { missingFor } from "./fitting.ts";
import { ReceiptPanel } from "./receipt-panel.tsx";
import { useReading } from "./use-reading.ts";
import { WhatIfPanel } from "./what-if-panel.tsx";

export interface FactorWorkProps extends WithAgent {
  readonly told: AgentTold;
}

/** One agent's factor: opened, explained, validated, cancelled, sent, with its receipt and history. */
export function FactorWork(within: FactorWorkProps): JSX.Element {
  const { week, agent, desk, told } = within;
  const { reading, again } = useReading(desk, agent);
  const acts = useFactorActs(desk);
  const read = reading.state === "open" ? reading.read : null;
  return (
    <div class="stack loose">
      <Closed week={week} />
      <Missing {...within} />
      {reading.state === "opening" && <Waiting>{reading.stage}</Waiting>}
      {reading.state === "failed" && <Failure error={reading.error} onRetry={() => void again()} />}
      {reading.state === "failed" && <NoReader error={reading.error} />}
      {read && <Reservations read={read} within={within} />}
      {read && <FactorExplained agent={agent} week={week} read={read} />}
      <ActsPanel within={within} read={read} acts={acts} />
      {agent.envio && <ReceiptPanel key={agent.envio.calculo} event={week.evento} agent={agent} />}
      {read && <WhatIfPanel within={within} read={read} />}
      <HistoryPanel history={told.historico} />
      <FactorsOverWeeks agent={agent} event={week.evento} read={read} />
    </div>
  );
}

function Missing({ week, agent }: FactorWorkProps): JSX.Element | null {
  const missing = missingFor(agent);
  if (missing === null) return null;
  return (
    <Notice tone="warn" headline="Ainda não há o que validar">
      <p>{missing}</p>
      <div class="row">
        {agent.portfolio === null && (
          <LinkButton to={pathOf(week.evento, "portfolio", agent.cnpj)}>Entregar o portfólio</LinkButton>
        )}
        <LinkButton to={pathOf(week.evento, "contrapartes", agent.cnpj)}>Entregar as contrapartes</LinkButton>
      </div>
    </Notice>
  );
}

/** What a person must know before they believe the number. */
function Reservations({ read, within }: { readonly read: FactorRead; readonly within: FactorWorkProps }): JSX.Element | null {
  const { portfolio, counterparties } = read.sealedHere;
  const foreign = [portfolio ? "" : "o portfólio", counterparties === false ? "as contrapartes" : ""].filter(Boolean);
  if (foreign.length === 0 && read.isOfOwnReaders) return null;
  const { week, agent } = within;
  return (
    <Notice tone="warn" headline="Confira de quem são os dados">
      <ul>
        {foreign.length > 0 && (
          <li>
            Este navegador não cifrou {foreign.join(" nem ")} deste cálculo. Compare o que foi entregue com o que é seu:
            quem vê as suas chaves públicas pode cifrar outro conteúdo para elas.
          </li>
        )}
        {!read.isOfOwnReaders && (
          <li>Os dados vieram com outra lista de leitores que a sua: para enviar, use a lista com que foram entregues.</li>
        )}
      </ul>
      <div class="row unprinted">
        <LinkButton to={pathOf(week.evento, "portfolio", agent.cnpj)}>Ver o portfólio entregue</LinkButton>
        {!read.isOfOwnReaders && <LinkButton to="/prudencial/leitores">Ver a minha lista de leitores</LinkButton>}
        {!read.isOfOwnReaders && agent.portfolio && <GoBack within={within} former={agent.portfolio.leitores} />}
      </div>
    </Notice>
  );
}
