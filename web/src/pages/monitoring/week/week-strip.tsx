import type { JSX } from "preact";

import type { WeekTold } from "../../../api/messages.ts";
import { Fact } from "../../../components/fact.tsx";
import { SelectField } from "../../../components/field.tsx";
import { cnpjText, eventText } from "../../../format/identifiers.ts";
import { momentText } from "../../../format/moments.ts";
import { go } from "../../../routing/location.ts";
import type { SenderChoice } from "./senders.ts";
import { WeekClock } from "./week-clock.tsx";
import { useWeeks } from "./weeks.ts";

export interface WeekStripProps {
  readonly week: WeekTold;
  readonly choice: SenderChoice;
  /** Where another week is filled, in the same module. */
  readonly toWeek: (event: string) => string;
}

/** Which week and for whom, with the week's clock. */
export function WeekStrip({ week, choice, toWeek }: WeekStripProps): JSX.Element {
  return (
    <section class="panel week-strip" aria-label="Semana e remetente">
      <WeekSelect week={week} onChoose={(event) => go(toWeek(event))} />
      <SenderTold choice={choice} />
      <WeekClock week={week}>
        <OperationTold week={week} />
      </WeekClock>
    </section>
  );
}

function WeekSelect({ week, onChoose }: { readonly week: WeekTold; readonly onChoose: (event: string) => void }): JSX.Element {
  const { loaded } = useWeeks();
  const listed = loaded.state === "ready" ? loaded.value : [];
  const weeks = listed.some((one) => one.evento === week.evento) ? listed : [week, ...listed];
  return (
    <SelectField
      label="Semana"
      value={week.evento}
      options={weeks.map((one) => ({ value: one.evento, text: weekText(one) }))}
      onChange={onChoose}
    />
  );
}

function SenderTold({ choice }: { readonly choice: SenderChoice }): JSX.Element {
  if (choice.senders.length > 1) return <SenderSelect choice={choice} />;
  return (
    <dl class="facts">
      <Fact name="Remetente">
        {choice.sender?.sigla} <span class="soft">{cnpjText(choice.sender?.cnpj ?? "")}</span>
      </Fact>
    </dl>
  );
}

/** Nothing for who sends for one company alone. */
export function SenderSelect({ choice }: { readonly choice: SenderChoice }): JSX.Element | null {
  const { senders, sender, choose } = choice;
  if (sender === null || senders.length < 2) return null;
  return (
    <SelectField
      label="Remetente"
      hint={`${cnpjText(sender.cnpj)}: a empresa em cujo nome se cifra e envia.`}
      value={sender.cnpj}
      options={senders.map((one) => ({ value: one.cnpj, text: one.sigla }))}
      onChange={choose}
    />
  );
}

function OperationTold({ week }: { readonly week: WeekTold }): JSX.Element {
  const { inicioOperacao, fimOperacao } = week.parametros;
  return (
    <>
      <Fact name="Início de operação">{typeof inicioOperacao === "string" ? momentText(inicioOperacao) : "—"}</Fact>
      <Fact name="Fim de operação">{typeof fimOperacao === "string" ? momentText(fimOperacao) : "—"}</Fact>
    </>
  );
}

function weekText(week: { readonly evento: string; readonly aberto: boolean; readonly publicado: boolean }): string {
  const standing = week.publicado ? "publicada" : week.aberto ? "aberta" : "fechada";
  return `${eventText(week.evento)} (${standing})`;
}
