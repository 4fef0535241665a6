import type { ComponentChildren, JSX } from "preact";

import type { WeekTold } from "../../../api/messages.ts";
import { Shown } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { Page, type Step } from "../../../components/page.tsx";
import { Waiting } from "../../../components/progress.tsx";
import { useDesk, type Desk } from "../desk/desk.ts";
import { Lock } from "../desk/lock.tsx";
import { moduleOf, pathOf, type Module } from "./modules.ts";
import { useSender, type Sender } from "./senders.ts";
import { WeekStrip } from "./week-strip.tsx";
import { useWeek } from "./weeks.ts";
import "./week.css";

/** What a page of the monitoring works in. */
export interface InWeek {
  readonly week: WeekTold;
  readonly sender: Sender;
  readonly desk: Desk;
}

export interface WeekPageProps {
  readonly event: string;
  readonly module: Module["word"];
  readonly title?: string;
  readonly lead?: ComponentChildren;
  /** Steps between the monitoring and this page. */
  readonly trail?: readonly Step[];
  readonly actions?: ComponentChildren;
  readonly children: (within: InWeek) => JSX.Element;
}

/** A page of one module in one week: week and sender to choose, the clock, the lock, and then its own content. */
export function WeekPage(given: WeekPageProps): JSX.Element {
  const { event, module } = given;
  const { text, purpose } = moduleOf(module);
  return (
    <Page
      title={given.title ?? text}
      lead={given.lead ?? purpose}
      trail={[{ text: "Monitoramento Prudencial", to: "/prudencial" }, ...(given.trail ?? [])]}
      actions={given.actions}
    >
      <Within key={event} event={event} module={module}>
        {given.children}
      </Within>
    </Page>
  );
}

function Within({ event, module, children }: Pick<WeekPageProps, "event" | "module" | "children">): JSX.Element {
  const choice = useSender();
  const loading = useWeek(event);
  if (choice.sender === null) return <NobodysSender />;
  const sender = choice.sender;
  return (
    <Shown loading={loading} what="a semana">
      {(week) => (
        <div class="stack loose">
          <WeekStrip week={week} choice={choice} toWeek={(other) => pathOf(other, module)} />
          <AtDesk key={sender.cnpj} week={week} sender={sender}>
            {children}
          </AtDesk>
        </div>
      )}
    </Shown>
  );
}

interface AtDeskProps {
  readonly week: WeekTold;
  readonly sender: Sender;
  readonly children: WeekPageProps["children"];
}

function AtDesk({ week, sender, children }: AtDeskProps): JSX.Element {
  const found = useDesk(week.evento, sender.cnpj);
  if (found.state === "loading") return <Waiting>Abrindo as suas chaves…</Waiting>;
  if (found.state === "failed") return <Failure error={found.error} onRetry={found.retry} />;
  return (
    <>
      <Lock desk={found.desk} />
      {children({ week, sender, desk: found.desk })}
    </>
  );
}

/** For who answers for no company's monitoring: nothing of it is shown, and why. */
export function NobodysSender(): JSX.Element {
  return (
    <Notice tone="calm" headline="O seu acesso não inclui o monitoramento prudencial">
      <p>
        Só vê e preenche esta parte quem tem a responsabilidade de monitoramento prudencial de uma empresa. Quem a
        atribui é o representante da empresa, no cadastro da CCEE.
      </p>
    </Notice>
  );
}
