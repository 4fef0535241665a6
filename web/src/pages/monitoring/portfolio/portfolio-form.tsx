import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import { Button, LinkButton } from "../../../components/button.tsx";
import { useFocusHeld } from "../../../components/focus.ts";
import { LeaveGuard } from "../../../components/leaving.tsx";
import { ErrorSummary } from "../../../components/notice.tsx";
import { countText } from "../../../format/numbers.ts";
import { CannotDeliver } from "../desk/cannot-deliver.tsx";
import { DeliveryOutcome } from "../desk/delivery-outcome.tsx";
import { ReadBack } from "../desk/read-back.tsx";
import { Delivered } from "../week/delivered.tsx";
import type { WithAgent } from "../week/agent-page.tsx";
import { pathOf } from "../week/modules.ts";
import { Closed } from "../week/closed.tsx";
import { EquityPanel } from "./equity-panel.tsx";
import { ImportPanel } from "./import-panel.tsx";
import { MonthsGrid } from "./months-grid.tsx";
import { monthLabels, ParametersPanel } from "./parameters-panel.tsx";
import { usePortfolio, type PortfolioWork } from "./use-portfolio.ts";

/** One agent's portfolio: parameters, the standard sheet, equity and months, and its delivery. */
export function PortfolioForm(within: WithAgent): JSX.Element {
  const { week, agent, desk } = within;
  const work = usePortfolio(within);
  const locked = desk.lock.value.state === "refused";
  const canSeal = week.aberto && desk.canWork && !locked;
  const busy = work.deliverer.delivery.state === "working";
  return (
    <div class="stack loose">
      <LeaveGuard unsaved={work.unsaved} what={`O portfólio de ${agent.sigla}`} />
      <Closed week={week} />
      <Delivered within={within} delivered={agent.portfolio} which="entregaPortfolio">
        {within.desk.canWork && (
          <ReadBack
            unsaved={work.unsaved}
            title={`Trocar o que você digitou pelo portfólio entregue de ${within.agent.sigla}?`}
            confirm="Trocar pelo entregue"
            read={work.read}
          />
        )}
      </Delivered>
      <ParametersPanel week={week} />
      <ImportPanel {...within} canSeal={canSeal} onJson={work.deliverFile} />
      {work.wrongs.length > 0 && <ErrorSummary wrongs={work.wrongs} attempt={work.attempt} />}
      <EquityPanel
        draft={work.draft}
        judged={work.judged}
        readOnly={!week.aberto || busy}
        faultAt={work.faultAt}
        onChange={work.change}
      />
      <Months work={work} within={within} readOnly={!week.aberto || busy} />
      {week.aberto && <DeliverBar work={work} within={within} canSeal={canSeal} />}
    </div>
  );
}

interface PartProps {
  readonly work: PortfolioWork;
  readonly within: WithAgent;
}

function Months({ work, within, readOnly }: PartProps & { readonly readOnly: boolean }): JSX.Element {
  const part = useRef<HTMLElement>(null);
  useFocusHeld(part, () => part.current?.querySelector<HTMLElement>(".cell[tabindex='0']") ?? null);
  return (
    <section class="stack tight" aria-labelledby="meses" ref={part}>
      <h2 id="meses">Portfólio por mês</h2>
      <p class="soft small" id="como-colar">
        Montantes em MW médios, preços em R$/MWh. Cole de uma planilha o bloco inteiro a partir da célula em que está: as
        linhas seguem a ordem da planilha padrão. Setas e Enter andam entre as células; Tab, pelos meses da linha e depois
        para fora da grade. Em branco vale zero.
      </p>
      {work.lastPaste && <PasteTold work={work} />}
      <MonthsGrid
        draft={work.draft}
        labels={monthLabels(within.week)}
        readOnly={readOnly}
        faultAt={work.faultAt}
        onCell={work.setCell}
        onBlock={work.paste}
        onUndo={work.undoPaste}
      />
    </section>
  );
}

/** What was pasted and how it was read, with the way back. */
function PasteTold({ work }: { readonly work: PortfolioWork }): JSX.Element | null {
  if (work.lastPaste === null) return null;
  const { pasted, readAs } = work.lastPaste;
  const other = pasted.reading === "comma" ? "point" : "comma";
  return (
    <div class="notice tone-calm" role="status">
      <div class="row ends">
        <p>
          {countText(pasted.count)} células coladas{pasted.named ? ", pelas colunas bloco e linha" : ""}.{" "}
          {pasted.outside > 0 && `${countText(pasted.outside)} ficaram fora da grade. `}
          {pasted.ambiguous && "1.234 foi lido como mil duzentos e trinta e quatro. "}
        </p>
        <div class="row">
          {pasted.ambiguous && <Button onPress={() => readAs(other)}>Ler o ponto como decimal</Button>}
          <Button onPress={() => void work.undoPaste()}>Desfazer a colagem</Button>
        </div>
      </div>
    </div>
  );
}

function DeliverBar({ work, within, canSeal }: PartProps & { readonly canSeal: boolean }): JSX.Element {
  const { week, agent, next } = within;
  const { delivery } = work.deliverer;
  return (
    <>
      <DeliveryOutcome delivery={delivery} what={`Portfólio de ${agent.sigla}`}>
        <div class="row">
          <LinkButton to={pathOf(week.evento, "contrapartes", agent.cnpj)}>Contrapartes de {agent.sigla}</LinkButton>
          <LinkButton to={pathOf(week.evento, "fator", agent.cnpj)}>Conferir o fator</LinkButton>
          {next && <LinkButton to={pathOf(week.evento, "portfolio", next.cnpj)}>Próximo sem portfólio: {next.sigla}</LinkButton>}
        </div>
      </DeliveryOutcome>
      {canSeal && (
        <div class="deliver-bar unprinted">
          <Button kind="primary" busy={delivery.state === "working"} onPress={work.deliver}>
            Cifrar e entregar o portfólio
          </Button>
          <span class="small soft" role="status">
            {delivery.state === "working" ? delivery.stage : work.unsaved ? "Há mudanças que ainda não foram entregues." : ""}
          </span>
        </div>
      )}
      {!canSeal && <CannotDeliver desk={within.desk} />}
    </>
  );
}
