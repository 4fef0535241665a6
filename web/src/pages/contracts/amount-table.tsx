import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Amount, AmountKind } from "../../api/messages.ts";
import { Button } from "../../components/button.tsx";
import { LongList, type Column } from "../../components/long-list.tsx";
import { decimalText } from "../../format/numbers.ts";
import { beginOf, isPending } from "./amounts.ts";
import { HoursDialog } from "./hours-dialog.tsx";
import { hoursOf, periodText } from "./periods.ts";
import { WordStatus } from "./word-status.tsx";
import { MODULATIONS, situationWord } from "./words.ts";

export interface AmountTableProps {
  readonly rows: readonly Amount[];
  readonly kind: AmountKind;
  /** Null where nothing can be chosen. */
  readonly selection: {
    readonly chosen: ReadonlySet<string>;
    readonly onChange: (chosen: ReadonlySet<string>) => void;
  } | null;
}

const PERIOD: Column<Amount> = {
  title: "Período",
  width: "minmax(14rem, 1.2fr)",
  cell: ({ periodoVigencia }) => periodText(periodoVigencia),
};
const HOURS: Column<Amount> = {
  title: "Horas",
  width: "5rem",
  number: true,
  cell: ({ periodoVigencia }) => decimalText(String(hoursOf(periodoVigencia))),
};

export function AmountTable({ rows, kind, selection }: AmountTableProps): JSX.Element {
  const [opened, setOpened] = useState<Amount | null>(null);
  // What is validated stands beside its period, where a phone shows it, too.
  const columns: Column<Amount>[] = [PERIOD, amountColumn(rows), HOURS];
  if (selection !== null && rows.some(isPending)) columns.unshift(choiceColumn(selection));
  if (rows.some(({ modulacao }) => modulacao !== null)) columns.push(modulationColumn());
  if (kind === "MONTANTE_MODULARIZADO") columns.push(detailColumn(setOpened));
  if (rows.some(({ situacao }) => situacao !== null)) columns.push(situationColumn());
  return (
    <>
      <LongList label="Montantes" columns={columns} rows={rows} keyOf={beginOf} />
      {opened !== null && <HoursDialog amount={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function amountColumn(rows: readonly Amount[]): Column<Amount> {
  const unit = rows[0]?.unidade === "MWH" ? "MWh" : "MW médios";
  return {
    title: unit,
    width: "minmax(9rem, 1fr)",
    number: true,
    cell: ({ montante }) => decimalText(montante),
  };
}

function choiceColumn({ chosen, onChange }: NonNullable<AmountTableProps["selection"]>): Column<Amount> {
  return {
    title: "Validar",
    width: "5rem",
    cell: (amount) =>
      isPending(amount) && (
        <label class="amount-choice">
          <input
            type="checkbox"
            aria-label={`Validar o montante de ${periodText(amount.periodoVigencia)}`}
            checked={chosen.has(beginOf(amount))}
            onChange={(event) => {
              const next = new Set(chosen);
              if (event.currentTarget.checked) next.add(beginOf(amount));
              else next.delete(beginOf(amount));
              onChange(next);
            }}
          />
        </label>
      ),
  };
}

function modulationColumn(): Column<Amount> {
  return {
    title: "Modulação",
    width: "minmax(9rem, 1fr)",
    cell: ({ modulacao }) => {
      if (modulacao === null) return null;
      const { limiteMinimoModulacao: least, limiteMaximoModulacao: most } = modulacao;
      const limits = least !== null && most !== null ? `, de ${decimalText(least)} a ${decimalText(most)}` : "";
      return `${MODULATIONS[modulacao.tipoModulacao]}${limits}`;
    },
  };
}

function detailColumn(onOpen: (amount: Amount) => void): Column<Amount> {
  return {
    title: "Declarado",
    width: "9rem",
    cell: (amount) => {
      const { montantesHorarios: hourly, patamares: levels } = amount.modulacao ?? {};
      if (!levels && !(hourly && hourly.length > 0)) return null;
      const what = levels ? "Ver patamares" : "Ver horas";
      return (
        <Button kind="quiet" label={`${what} de ${periodText(amount.periodoVigencia)}`} onPress={() => onOpen(amount)}>
          {what}
        </Button>
      );
    },
  };
}

function situationColumn(): Column<Amount> {
  return {
    title: "Situação",
    width: "minmax(13rem, 1fr)",
    cell: ({ situacao }) => <WordStatus word={situationWord(situacao?.nome)} />,
  };
}
