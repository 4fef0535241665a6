import type { JSX } from "preact";

import type { Amount, LoadLevels } from "../../api/messages.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { LongList, type Column } from "../../components/long-list.tsx";
import { saveAs } from "../../components/saving.ts";
import { csvFile } from "../../format/csv.ts";
import { momentText } from "../../format/moments.ts";
import { decimalText } from "../../format/numbers.ts";
import { hourRows, type HourRow } from "./amounts.ts";
import { periodText } from "./periods.ts";

const COLUMNS: readonly Column<HourRow>[] = [
  { title: "Hora que começa em", width: "minmax(10rem, 1fr)", cell: ({ begins }) => momentText(begins) },
  {
    title: "MWh",
    width: "minmax(8rem, 1fr)",
    number: true,
    cell: ({ energy }) => <span class="figure">{decimalText(energy)}</span>,
  },
];

/** What the seller declared for each hour, or for each load level, of one amount. */
export function HoursDialog({ amount, onClose }: { readonly amount: Amount; readonly onClose: () => void }): JSX.Element {
  const hours = hourRows(amount);
  const levels = amount.modulacao?.patamares;
  return (
    <Dialog title={`Montante de ${periodText(amount.periodoVigencia)}`} onClose={onClose}>
      {levels && <Levels levels={levels} />}
      {hours.length > 0 && (
        <LongList label="Horas" columns={COLUMNS} rows={hours} keyOf={({ begins }) => begins} rowHeight={32} />
      )}
      <div class="row">
        {hours.length > 0 && <Button onPress={() => saveHours(hours)}>Baixar as horas em CSV</Button>}
        <Button kind="primary" onPress={onClose}>
          Fechar
        </Button>
      </div>
    </Dialog>
  );
}

function Levels({ levels }: { readonly levels: LoadLevels }): JSX.Element {
  const unit = levels.unidadePatamar === "0" ? "MWh" : "MW médios";
  const told = [
    { name: "Leve", value: levels.patamarLeve },
    { name: "Médio", value: levels.patamarMedio },
    { name: "Pesado", value: levels.patamarPesado },
  ];
  return (
    <dl class="facts">
      {told.map(({ name, value }) => (
        <div key={name}>
          <dt>{`Patamar ${name.toLowerCase()}, ${unit}`}</dt>
          <dd class="figure">{decimalText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function saveHours(hours: readonly HourRow[]): void {
  const rows = hours.map(({ begins, energy }) => [momentText(begins), decimalText(energy).replaceAll(".", "")]);
  saveAs("montante-horas.csv", csvFile(["hora", "MWh"], rows));
}
