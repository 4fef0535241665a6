import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { Button, LinkButton } from "../../../components/button.tsx";
import { useFocusHeld, useFocusOn } from "../../../components/focus.ts";
import { LeaveGuard } from "../../../components/leaving.tsx";
import { ErrorSummary, Notice } from "../../../components/notice.tsx";
import { CannotDeliver } from "../desk/cannot-deliver.tsx";
import { DeliveryOutcome } from "../desk/delivery-outcome.tsx";
import { ReadBack } from "../desk/read-back.tsx";
import type { WithAgent } from "../week/agent-page.tsx";
import { Closed } from "../week/closed.tsx";
import { Delivered } from "../week/delivered.tsx";
import { pathOf } from "../week/modules.ts";
import { OtherList } from "../week/other-list.tsx";
import { CounterpartyRow, SEARCH } from "./counterparty-row.tsx";
import { MOST_COUNTERPARTIES } from "./document.ts";
import { fieldOf, inOrder, type Row } from "./draft.ts";
import { FilePanel } from "./file-panel.tsx";
import { useCounterparties, type CounterpartiesWork } from "./use-counterparties.ts";

/** One agent's largest counterparties, the largest first, and their delivery. */
export function CounterpartiesForm(within: WithAgent): JSX.Element {
  const { week, agent, desk } = within;
  const work = useCounterparties(within);
  const canSeal = week.aberto && desk.canWork && desk.lock.value.state !== "refused";
  const busy = work.deliverer.delivery.state === "working";
  return (
    <div class="stack loose">
      <LeaveGuard unsaved={work.unsaved} what={`A lista de contrapartes de ${agent.sigla}`} />
      <Closed week={week} />
      {agent.contrapartes === null && <OtherList within={within} />}
      <Delivered within={within} delivered={agent.contrapartes} which="entregaContrapartes">
        <ReadableBack work={work} within={within} />
      </Delivered>
      <FilePanel canSeal={canSeal} busy={busy} onFile={work.deliverFile} />
      {work.wrongs.length > 0 && <ErrorSummary wrongs={work.wrongs} attempt={work.attempt} />}
      <Rows work={work} own={agent.cnpj} readOnly={!week.aberto || busy} />
      {week.aberto && <DeliverBar work={work} within={within} canSeal={canSeal} />}
    </div>
  );
}

/** Takes a row back that was taken out. */
const UNDO = "desfazer-exclusao";

interface RowsProps {
  readonly work: CounterpartiesWork;
  readonly own: string;
  readonly readOnly: boolean;
}

function Rows({ work, own, readOnly }: RowsProps): JSX.Element {
  const { rows, judged, change } = work;
  const [removed, setRemoved] = useState<{ readonly row: Row; readonly index: number } | null>(null);
  const put = (index: number, row: Row): void => change(rows.map((one, at) => (at === index ? row : one)));
  const part = useRef<HTMLElement>(null);
  const focusOn = useFocusOn();
  useFocusHeld(part, () => document.getElementById("exposicoes"));
  return (
    <section class="stack" aria-labelledby="exposicoes" ref={part}>
      <div class="row ends">
        <h2 id="exposicoes" tabIndex={-1}>Exposições às maiores contrapartes</h2>
        {!judged.ordered && !readOnly && (
          <Button onPress={() => change(inOrder(rows))}>Ordenar da maior para a menor</Button>
        )}
      </div>
      {rows.length === 0 && (
        <div class="empty panel">
          <p>Até {MOST_COUNTERPARTIES} contrapartes, da maior exposição em módulo para a menor. Uma lista vazia diz que não há nenhuma.</p>
        </div>
      )}
      {rows.map((row, index) => (
        <CounterpartyRow
          key={row.key}
          row={row}
          index={index}
          own={own}
          readOnly={readOnly}
          exposure={judged.exposures[index] ?? null}
          share={work.shares[index] ?? null}
          faultAt={work.faultAt}
          nextKey={work.nextKey}
          onChange={(changed) => put(index, changed)}
          onRemove={() => {
            setRemoved({ row, index });
            change(rows.filter((_, at) => at !== index));
            focusOn(UNDO);
          }}
        />
      ))}
      {removed && (
        <Notice tone="calm" live>
          <div class="row ends">
            <p>{removed.row.sigla || `Exposição ${removed.index + 1}`} saiu da lista.</p>
            <Button
              id={UNDO}
              onPress={() => {
                change([...rows.slice(0, removed.index), removed.row, ...rows.slice(removed.index)]);
                setRemoved(null);
                focusOn(fieldOf(removed.index, SEARCH));
              }}
            >
              Desfazer
            </Button>
          </div>
        </Notice>
      )}
      {!readOnly && rows.length < MOST_COUNTERPARTIES && (
        <div>
          <Button
            onPress={() => {
              work.add();
              focusOn(fieldOf(rows.length, SEARCH));
            }}
          >
            Adicionar contraparte
          </Button>
        </div>
      )}
    </section>
  );
}

interface PartProps {
  readonly work: CounterpartiesWork;
  readonly within: WithAgent;
}

function ReadableBack({ work, within }: PartProps): JSX.Element | null {
  const { agent, desk } = within;
  if (!desk.canWork) return null;
  if (agent.portfolio === null || agent.portfolio.leitores !== agent.contrapartes?.leitores) {
    return <p class="soft small">Podem ser lidas de volta depois que o portfólio for entregue com os mesmos leitores.</p>;
  }
  return (
    <ReadBack
      unsaved={work.unsaved}
      title={`Trocar o que você digitou pelas contrapartes entregues de ${agent.sigla}?`}
      confirm="Trocar pelas entregues"
      read={work.read}
    />
  );
}

function DeliverBar({ work, within, canSeal }: PartProps & { readonly canSeal: boolean }): JSX.Element {
  const { week, agent, next } = within;
  const { delivery } = work.deliverer;
  return (
    <>
      <DeliveryOutcome delivery={delivery} what={`Contrapartes de ${agent.sigla}`}>
        <div class="row">
          <LinkButton to={pathOf(week.evento, "portfolio", agent.cnpj)}>Portfólio de {agent.sigla}</LinkButton>
          <LinkButton to={pathOf(week.evento, "fator", agent.cnpj)}>Conferir o fator</LinkButton>
          {next && <LinkButton to={pathOf(week.evento, "contrapartes", next.cnpj)}>Próximo sem contrapartes: {next.sigla}</LinkButton>}
        </div>
      </DeliveryOutcome>
      {canSeal && (
        <div class="deliver-bar unprinted">
          <Button kind="primary" busy={delivery.state === "working"} onPress={work.deliver}>
            Assinar, cifrar e entregar
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
