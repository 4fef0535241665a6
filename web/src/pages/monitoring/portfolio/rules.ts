import { decimalText } from "../../../format/numbers.ts";
import { figureAt, type EquityDocument, type MonthDocument } from "./document.ts";
import { scaled, spelled, sumOf } from "./figures.ts";
import { SOURCES, SUBMARKETS } from "./lines.ts";

/** The mirror of `aval/prudential/portfolio_rules.py`, rule for rule and sentence for sentence; a test holds them together. */
export interface Fault {
  readonly rule: string;
  readonly detail: string;
  /** A pointer below its month, or below the portfolio. */
  readonly path: string;
}

const TOLERANCE = scaled("0.0001");
const OLDEST_BASE_DATE_DAYS = 365;
const MEND = "a diferença passa de 0,0001: corrija as parcelas ou os totais";
/** What a sign has no meaning for. */
const UNSIGNED = [
  "precoFixo/recurso/mwm",
  "precoFixo/recurso/preco",
  "precoFixo/requisito/mwm",
  "precoFixo/requisito/preco",
  "geracao",
  "consumo",
  "precoVariavel/recurso/mwm",
  "precoVariavel/requisito/mwm",
  "derivativos/recurso/mwm",
  "derivativos/recurso/preco",
  "derivativos/requisito/mwm",
  "derivativos/requisito/preco",
] as const;

interface Sum {
  readonly rule: string;
  readonly path: string;
  readonly keys: readonly string[];
  readonly parts: string;
  readonly whole: string;
  readonly adds: readonly string[];
  readonly takes: readonly string[];
}

const FIXED = {
  whole: "recurso + geração - requisito - consumo",
  adds: ["precoFixo/recurso/mwm", "geracao"],
  takes: ["precoFixo/requisito/mwm", "consumo"],
} as const;

export const SUMS: readonly Sum[] = [
  {
    rule: "soma-submercados",
    path: "precoFixo/submercados",
    keys: SUBMARKETS,
    parts: "os submercados do preço fixo",
    ...FIXED,
  },
  { rule: "soma-fontes", path: "precoFixo/fontes", keys: SOURCES, parts: "as fontes do preço fixo", ...FIXED },
  {
    rule: "soma-derivativos",
    path: "derivativos/submercados",
    keys: SUBMARKETS,
    parts: "os submercados dos derivativos",
    whole: "recurso - requisito",
    adds: ["derivativos/recurso/mwm"],
    takes: ["derivativos/requisito/mwm"],
  },
];

/** Every rule that a month breaks, in the order of the rules. */
export function faultsOfMonth(month: MonthDocument): readonly Fault[] {
  const figure = (path: string): string => figureAt(month, path) ?? "0";
  const negatives = UNSIGNED.filter((path) => scaled(figure(path)) < 0n).map((path) => negative(figure(path), path));
  return [...negatives, ...SUMS.flatMap((sum) => unequal(sum, figure))];
}

/** `path` is of the item, `patrimonioLiquido/deducoes/IV`, wherever it stands in the list. */
export function faultsOfEquity(equity: EquityDocument): readonly Fault[] {
  return equity.deducoes
    .filter(({ valor }) => scaled(valor) < 0n)
    .map(({ item, valor }) => negative(valor, `patrimonioLiquido/deducoes/${item}`));
}

/** What the agent should look at and nothing refuses; `today` is São Paulo's, as `2026-11-21`. */
export function warningsOf(equity: EquityDocument, today: string): readonly Fault[] {
  const days = Math.round((Date.parse(today) - Date.parse(equity.dataBase)) / 86_400_000);
  if (days >= 0 && days <= OLDEST_BASE_DATE_DAYS) return [];
  const when = days < 0 ? "ainda não chegou" : `tem ${days} dias, mais que ${OLDEST_BASE_DATE_DAYS}`;
  const [year, month, day] = equity.dataBase.split("-");
  const detail = `a data-base do patrimônio líquido, ${day}/${month}/${year}, ${when}; confira se é a do último balanço`;
  return [{ rule: "data-base-antiga", detail, path: "patrimonioLiquido/dataBase" }];
}

/** What the shares of a sum come to, and what they should. */
export function totalsOf(sum: Sum, figure: (path: string) => string): { readonly parts: bigint; readonly whole: bigint } {
  return {
    parts: sumOf(sum.keys.map((key) => figure(`${sum.path}/${key}`))),
    whole: sumOf(sum.adds.map(figure)) - sumOf(sum.takes.map(figure)),
  };
}

function unequal(sum: Sum, figure: (path: string) => string): readonly Fault[] {
  const { parts, whole } = totalsOf(sum, figure);
  const off = parts > whole ? parts - whole : whole - parts;
  if (off <= TOLERANCE) return [];
  const found = `${sum.parts} somam ${told(parts)} MW médios, e ${sum.whole} dá ${told(whole)}`;
  return [{ rule: sum.rule, detail: `${found}; ${MEND}`, path: sum.path }];
}

function negative(figure: string, path: string): Fault {
  const detail = `o valor deve ser maior ou igual a zero, e veio ${told(scaled(figure))}; informe-o sem sinal`;
  return { rule: "nao-negativo", detail, path };
}

/** As the agent would write it in a sheet. */
export function told(value: bigint): string {
  return decimalText(spelled(value));
}
