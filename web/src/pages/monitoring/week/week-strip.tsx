import type { JSX } from "preact";

import type { WeekTold } from "../../../api/messages.ts";
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
      <SenderSelect choice={choice} />
      <OperationTold week={week} />
      <WeekClock week={week} />
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

export function SenderSelect({ choice }: { readonly choice: SenderChoice }): JSX.Element | null {
  const { senders, sender, choose } = choice;
  if (sender === null) return null;
  return (
    <SelectField
      label="Remetente"
      hint={senders.length > 1 ? "A empresa em cujo nome se cifra e envia." : undefined}
      value={sender.cnpj}
      disabled={senders.length < 2}
      options={senders.map((one) => ({ value: one.cnpj, text: `${one.sigla} · ${cnpjText(one.cnpj)}` }))}
      onChange={choose}
    />
  );
}

function OperationTold({ week }: { readonly week: WeekTold }): JSX.Element {
  const { inicioOperacao, fimOperacao } = week.parametros;
  return (
    <dl class="facts">
      <div>
        <dt>Operação da semana</dt>
        <dd>
          {typeof inicioOperacao === "string" ? momentText(inicioOperacao) : "—"} a{" "}
          {typeof fimOperacao === "string" ? momentText(fimOperacao) : "—"}
        </dd>
      </div>
    </dl>
  );
}

function weekText(week: { readonly evento: string; readonly aberto: boolean; readonly publicado: boolean }): string {
  const standing = week.publicado ? "publicada" : week.aberto ? "aberta" : "fechada";
  return `${eventText(week.evento)} (${standing})`;
}
