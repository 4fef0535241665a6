import type { JSX } from "preact";

import type { WeekTold } from "../../../api/messages.ts";
import { momentText } from "../../../format/moments.ts";
import { figureText } from "../../../format/numbers.ts";
import { Fact } from "../../../components/fact.tsx";

/** What of the week's parameters an agent sees while it fills its portfolio. */
export function ParametersPanel({ week }: { readonly week: WeekTold }): JSX.Element {
  const told = week.parametros;
  const months = Array.isArray(told["meses"]) ? (told["meses"] as readonly Readonly<Record<string, unknown>>[]) : [];
  return (
    <section class="panel stack" aria-labelledby="parametros">
      <h2 id="parametros">Parâmetros de risco</h2>
      <dl class="facts">
        <Fact name="Índice de confiança">{figure(told["indiceConfianca"])}</Fact>
        <Fact name="Dias para liquidação">{figure(told["diasLiquidacao"])}</Fact>
        <Fact name="Atualização pela CCEE">{typeof told["atualizadoEm"] === "string" ? momentText(told["atualizadoEm"]) : "—"}</Fact>
        <Fact name="Versão">{String(week.versao)}</Fact>
      </dl>
      <div class="scroller" tabIndex={0} role="region" aria-label="Parâmetros por mês">
        <table class="table parameters">
          <thead>
            <tr>
              <th scope="col">Mês</th>
              {months.map((month) => (
                <th key={text(month["mes"])} scope="col" class="number">
                  {text(month["mes"])}
                  <br />
                  {text(month["rotulo"])}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Line name="Horas" months={months} member="horas" />
            <Line name="Volatilidade" months={months} member="volatilidade" />
            <Line name="Preço forward SE (R$/MWh)" months={months} member="forward" />
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface LineProps {
  readonly name: string;
  readonly months: readonly Readonly<Record<string, unknown>>[];
  readonly member: string;
}

function Line({ name, months, member }: LineProps): JSX.Element {
  const places = Math.max(0, ...months.map((month) => String(month[member]).split(".")[1]?.length ?? 0));
  return (
    <tr>
      <th scope="row">{name}</th>
      {months.map((month) => (
        <td key={text(month["mes"])} class="number">
          {figure(month[member], places)}
        </td>
      ))}
    </tr>
  );
}

function figure(value: unknown, places: number | null = null): string {
  return typeof value === "string" || typeof value === "number" ? figureText(String(value), places) : "—";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The month's label in the week, as `MAR/2023`. */
export function monthLabels(week: WeekTold): ReadonlyMap<string, string> {
  const months = week.parametros["meses"];
  const listed = Array.isArray(months) ? (months as readonly Readonly<Record<string, unknown>>[]) : [];
  return new Map(listed.map((month) => [text(month["mes"]), text(month["rotulo"])]));
}
