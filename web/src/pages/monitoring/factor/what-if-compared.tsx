import type { JSX } from "preact";

import { Notice } from "../../../components/notice.tsx";
import { figureText, moneyText } from "../../../format/numbers.ts";
import { shortest, type Figures, type Simulated } from "./figures-told.ts";

export interface ComparedProps {
  readonly simulated: Simulated;
  /** Shares that went along with an amount. */
  readonly follows: readonly string[];
  /** False where another factor counts by now than the one that the page shows. */
  readonly isOfShown: boolean;
}

/** Before and after, side by side, and marked for what it is. */
export function Compared({ simulated, follows, isOfShown }: ComparedProps): JSX.Element {
  const { declared, simulated: tried, change, explanation } = simulated;
  const { target } = explanation;
  return (
    <div class="stack tight" role="status">
      <p class="simulation-mark">SIMULAÇÃO: não é o fator declarado</p>
      {!isOfShown && (
        <Notice tone="warn">
          <p>O portfólio foi entregue de novo: o declarado abaixo já não é o que está no alto da página.</p>
        </Notice>
      )}
      <div class="scroller" tabIndex={0} role="region" aria-label="Simulação: antes e depois">
        <table class="table compared">
          <thead>
            <tr>
              <th scope="col">Número</th>
              <th scope="col" class="number">
                Declarado
              </th>
              <th scope="col" class="number">
                Simulado
              </th>
            </tr>
          </thead>
          <tbody>
            <tr class="total">
              <th scope="row">Fator de alavancagem (FA)</th>
              <td class="number">{factorText(declared)}</td>
              <td class="number">{factorText(tried)}</td>
            </tr>
            {MONEY.map(([name, member]) => (
              <tr key={member}>
                <th scope="row">{name}</th>
                <td class="number">{moneyText(declared[member])}</td>
                <td class="number">{moneyText(tried[member])}</td>
              </tr>
            ))}
            {tried.months.map((month, index) => (
              <tr key={month.month}>
                <th scope="row">VaR de {month.month}</th>
                <td class="number">{moneyText(declared.months[index]?.valueAtRisk ?? "")}</td>
                <td class="number">{moneyText(month.valueAtRisk)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        {change === null ? "Não há variação a dizer, porque um dos dois não é calculável." : `Variação do FA: ${signed(change)}.`} Com o risco e o resultado
        simulados, FA de até {figureText(shortest(target.factor))} pede um PLA de{" "}
        <span class="nowrap">{moneyText(target.equity)}</span>.
      </p>
      {follows.length > 0 && <p class="small soft">Foram junto, para as somas: {follows.join(", ")}.</p>}
    </div>
  );
}

const MONEY = [
  ["Risco ponderado (RWA)", "riskWeighted"],
  ["VaR", "valueAtRisk"],
  ["Resultado (RES)", "result"],
  ["PLA", "equity"],
] as const satisfies readonly (readonly [string, keyof Figures])[];

function factorText(figures: Figures): string {
  return figures.factor === null ? "não calculável" : figureText(figures.factor);
}

function signed(change: string): string {
  const shown = figureText(change);
  return shown.startsWith("−") ? shown : `+${shown}`;
}
