/** The lines of a month, in the order of the standard sheet, so that a block copied from it fits (docs/portfolio-file.md). */
export interface Line {
  /** As the sheet names it. */
  readonly block: string;
  readonly name: string;
  /** Below a month of the file: `precoFixo/recurso/mwm`. */
  readonly path: string;
  readonly text: string;
  readonly unit: "MW médio" | "R$/MWh" | "R$";
  readonly group: Group;
}

export type Group =
  | "precoFixo"
  | "precoFixo/submercados"
  | "precoFixo/fontes"
  | "geral"
  | "precoVariavel"
  | "derivativos"
  | "derivativos/submercados";

export const MONTHS = ["M+0", "M+1", "M+2", "M+3", "M+4", "M+5", "M+6"] as const;
export const SUBMARKETS = ["SE", "S", "NE", "N"] as const;
export const SOURCES = ["CONV", "I0", "I5", "CQ5", "I8", "I1"] as const;
export const DEDUCTIONS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"] as const;
export type Deduction = (typeof DEDUCTIONS)[number];

export const groupText: Readonly<Record<Group, string>> = {
  precoFixo: "Preço fixo",
  "precoFixo/submercados": "Preço fixo, por submercado",
  "precoFixo/fontes": "Preço fixo, por fonte",
  geral: "Geração, consumo e mercado regulado",
  precoVariavel: "Preço variável",
  derivativos: "Derivativos",
  "derivativos/submercados": "Derivativos, por submercado",
};

const SUBMARKET_TEXT: Readonly<Record<(typeof SUBMARKETS)[number], string>> = {
  SE: "Sudeste/Centro-Oeste (SE)",
  S: "Sul (S)",
  NE: "Nordeste (NE)",
  N: "Norte (N)",
};

const SOURCE_TEXT: Readonly<Record<(typeof SOURCES)[number], string>> = {
  CONV: "Convencional (CONV)",
  I0: "Incentivada 0% (I0)",
  I5: "Incentivada 50% (I5)",
  CQ5: "Cogeração qualificada 50% (CQ5)",
  I8: "Incentivada 80% (I8)",
  I1: "Incentivada 100% (I1)",
};

export const LINES: readonly Line[] = [
  ...legs("precoFixo", "preco"),
  ...SUBMARKETS.map((key) => line("precoFixo", `submercados.${key}`, SUBMARKET_TEXT[key], "MW médio", "precoFixo/submercados")),
  ...SOURCES.map((key) => line("precoFixo", `fontes.${key}`, SOURCE_TEXT[key], "MW médio", "precoFixo/fontes")),
  line("geral", "geracao", "Geração", "MW médio", "geral"),
  line("geral", "consumo", "Consumo", "MW médio", "geral"),
  line("geral", "mercadoRegulado", "Mercado regulado", "R$", "geral"),
  ...legs("precoVariavel", "spread"),
  ...legs("derivativos", "preco"),
  ...SUBMARKETS.map((key) =>
    line("derivativos", `submercados.${key}`, SUBMARKET_TEXT[key], "MW médio", "derivativos/submercados"),
  ),
];

/** Where in `LINES`; -1 for a name that no line has. */
export function indexOfLine(block: string, name: string): number {
  return LINES.findIndex((one) => one.block === block && one.name === name);
}

function legs(block: "precoFixo" | "precoVariavel" | "derivativos", price: "preco" | "spread"): readonly Line[] {
  const priceText = price === "preco" ? "preço médio" : "spread médio";
  return [
    line(block, "recurso.mwm", "Recurso: montante", "MW médio", block),
    line(block, `recurso.${price}`, `Recurso: ${priceText}`, "R$/MWh", block),
    line(block, "requisito.mwm", "Requisito: montante", "MW médio", block),
    line(block, `requisito.${price}`, `Requisito: ${priceText}`, "R$/MWh", block),
  ];
}

function line(block: string, name: string, text: string, unit: Line["unit"], group: Group): Line {
  const inner = name.replace(".", "/");
  return { block, name, path: block === "geral" ? inner : `${block}/${inner}`, text, unit, group };
}
