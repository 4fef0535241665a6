import type { JSX } from "preact";

import type { AgentListed, WeekTold } from "../../../api/messages.ts";
import { Notice } from "../../../components/notice.tsx";
import { dayText } from "../../../format/moments.ts";
import { figureText, moneyText } from "../../../format/numbers.ts";
import { sentence } from "../../../format/sentences.ts";
import type { FactorRead } from "../../../sealing/factor-read.ts";
import { monthLabels } from "../portfolio/parameters-panel.tsx";
import { BarRows } from "./bar-rows.tsx";
import { Caveats } from "./caveats.tsx";
import { explanationIn, figuresIn, shortest, warningsIn, type Explanation, type Figures } from "./figures-told.ts";
import { placeText } from "./places.ts";

export interface FactorExplainedProps {
  readonly agent: AgentListed;
  readonly week: WeekTold;
  readonly read: FactorRead;
}

/** The number, and how it came about. */
export function FactorExplained({ agent, week, read }: FactorExplainedProps): JSX.Element {
  const figures = figuresIn(read.figures);
  const explanation = explanationIn(read.payload["explicacao"]);
  return (
    <>
      <section class="panel stack" aria-labelledby="fator">
        <h2 id="fator">Fator de alavancagem de {agent.sigla}</h2>
        <FactorNumber figures={figures} />
        <Formula figures={figures} />
        <Caveats codes={read.caveats} />
        <p class="small soft">
          Método <code>{explanation.method}</code>, parâmetros na versão {String(agent.parametros?.versao ?? week.versao)}. Aberto
          neste computador com as suas chaves; não fica guardado.
        </p>
      </section>
      <Warnings read={read} />
      <section class="stack" aria-labelledby="como-se-chegou">
        <h2 id="como-se-chegou">Como se chegou ao fator</h2>
        <Months figures={figures} labels={monthLabels(week)} />
        <div class="columns wide">
          <ResultParts figures={figures} explanation={explanation} />
          <EquityBridge explanation={explanation} />
        </div>
      </section>
    </>
  );
}

export function FactorNumber({ figures }: { readonly figures: Pick<Figures, "factor" | "reason"> }): JSX.Element {
  if (figures.factor === null) {
    return (
      <Notice tone="warn" headline="O fator não é calculável">
        <p>{figures.reason}</p>
      </Notice>
    );
  }
  return (
    <p class="factor-number">
      <span class="soft small">FA</span> <strong class="figure">{figureText(figures.factor)}</strong>
    </p>
  );
}

function Formula({ figures }: { readonly figures: Figures }): JSX.Element {
  return (
    <dl class="facts formula">
      <Fact name="Risco ponderado (RWA)" value={moneyText(figures.riskWeighted)} />
      <Fact name="− Resultado (RES)" value={moneyText(figures.result)} />
      <Fact name="÷ Patrimônio líquido ajustado (PLA)" value={moneyText(figures.equity)} />
      <Fact name="FA de risco (RWA ÷ PLA)" value={figures.riskFactor === null ? "não calculável" : figureText(figures.riskFactor)} />
      <Fact name="VaR" value={moneyText(figures.valueAtRisk)} />
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="figure">{value}</dd>
    </div>
  );
}

function Warnings({ read }: { readonly read: FactorRead }): JSX.Element | null {
  const warnings = warningsIn(read.payload["avisos"]);
  if (warnings.length === 0) return null;
  return (
    <Notice tone="warn" headline={warnings.length === 1 ? "Um aviso do enclave" : `${warnings.length} avisos do enclave`}>
      <ul>
        {warnings.map(({ detail, place }) => (
          <li key={`${place}${detail}`}>
            {sentence(`${placeText(place)}${detail}`)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Months({ figures, labels }: { readonly figures: Figures; readonly labels: ReadonlyMap<string, string> }): JSX.Element {
  return (
    <BarRows
      caption="VaR por mês e a contribuição de cada mês (Euler) para o VaR"
      heads={["Mês", "Posição (MW médio)", "VaR do mês sozinho", "Contribuição"]}
      rows={[
        ...figures.months.map((month) => ({
          name: [month.month, labels.get(month.month)].filter(Boolean).join(" · "),
          cells: [figureText(month.net, 2), moneyText(month.valueAtRisk)],
          value: month.euler,
          shown: moneyText(month.euler),
        })),
        { name: "VaR", cells: ["", ""], value: null, shown: moneyText(figures.valueAtRisk), strong: true },
      ]}
    />
  );
}

function ResultParts({ figures, explanation }: { readonly figures: Figures; readonly explanation: Explanation }): JSX.Element {
  const { markToMarket, contracted, variable, regulated } = explanation.parts;
  const part = (name: string, value: string) => ({ name, value, shown: moneyText(value) });
  return (
    <BarRows
      caption="Resultado (RES) por parte"
      heads={["Parte", "Valor"]}
      rows={[
        part("Marcação a mercado", markToMarket),
        part("Contratado a preço fixo", contracted),
        part("Preço variável", variable),
        part("Mercado regulado", regulated),
        { ...part("RES", figures.result), strong: true },
      ]}
    />
  );
}

export function EquityBridge({ explanation }: { readonly explanation: Explanation }): JSX.Element {
  const { equity, target } = explanation;
  return (
    <div class="stack tight">
      <BarRows
        caption="Do patrimônio líquido ao PLA"
        heads={["Parcela", "Valor"]}
        rows={[
          { name: `Patrimônio líquido em ${dayText(equity.baseDate)}`, value: equity.value, shown: moneyText(equity.value) },
          ...equity.deductions.map(({ item, value }) => {
            const taken = value.startsWith("-") ? value.slice(1) : `-${value}`;
            return { name: `Dedução ${item}`, value: taken, shown: moneyText(taken) };
          }),
          { name: "PLA", value: equity.adjusted, shown: moneyText(equity.adjusted), strong: true },
        ]}
      />
      <p class="small">
        Com o mesmo risco e resultado, o FA é de no máximo {figureText(shortest(target.factor))} a partir de um PLA de{" "}
        <strong class="nowrap">{moneyText(target.equity)}</strong>
        {/^0(\.0*)?$/.test(target.equity) ? " (qualquer PLA positivo)" : ""}.
      </p>
    </div>
  );
}
