import { isObject, type Members } from "../../../sealing/json-members.ts";
import { malformed } from "../../../sealing/refusals.ts";

/** The figures of a factor as the enclave tells them: decimal text, each with all its places. */
export interface Figures {
  /** Null where it cannot be computed, and `reason` says why. */
  readonly factor: string | null;
  readonly reason: string;
  readonly riskFactor: string | null;
  readonly valueAtRisk: string;
  readonly result: string;
  readonly riskWeighted: string;
  readonly equity: string;
  readonly months: readonly MonthFigures[];
}

export interface MonthFigures {
  readonly month: string;
  readonly net: string;
  readonly markToMarket: string;
  readonly contracted: string;
  readonly variable: string;
  readonly valueAtRisk: string;
  readonly euler: string;
  readonly stress: string;
}

/** Why the factor is what it is. */
export interface Explanation {
  readonly method: string;
  readonly parts: { readonly markToMarket: string; readonly contracted: string; readonly variable: string; readonly regulated: string };
  readonly equity: {
    readonly baseDate: string;
    readonly value: string;
    readonly deductions: readonly { readonly item: string; readonly value: string }[];
    readonly adjusted: string;
  };
  /** The equity from which the factor is at most so much. */
  readonly target: { readonly factor: string; readonly equity: string };
}

export interface Warning {
  readonly detail: string;
  readonly place: string;
}

export interface Simulated {
  readonly declared: Figures;
  readonly simulated: Figures;
  /** Null where either side has no factor. */
  readonly change: string | null;
  readonly explanation: Explanation;
}

const DECIMAL = /^-?\d{1,60}(\.\d{1,60})?$/;

/** Throws `SealRefused` for what has another form. */
export function figuresIn(told: unknown): Figures {
  const members = objectOf(told, "o fator");
  const { fa, fa_risco: riskFactor, motivo: reason } = members;
  return {
    factor: fa === null ? null : decimal(members, "fa"),
    reason: typeof reason === "string" ? reason : "",
    riskFactor: riskFactor === null ? null : decimal(members, "fa_risco"),
    valueAtRisk: decimal(members, "var"),
    result: decimal(members, "res"),
    riskWeighted: decimal(members, "rwa"),
    equity: decimal(members, "pla"),
    months: listOf(members["meses"], "os meses").map(monthIn),
  };
}

export function explanationIn(told: unknown): Explanation {
  const members = objectOf(told, "a explicação");
  const parts = objectOf(members["res"], "o resultado por parte");
  const equity = objectOf(members["pla"], "o patrimônio líquido");
  const target = objectOf(members["alvo"], "o alvo");
  return {
    method: text(members, "metodo"),
    parts: {
      markToMarket: decimal(parts, "mtm"),
      contracted: decimal(parts, "con"),
      variable: decimal(parts, "pv"),
      regulated: decimal(parts, "regulado"),
    },
    equity: {
      baseDate: text(equity, "dataBase"),
      value: decimal(equity, "valor"),
      deductions: listOf(equity["deducoes"], "as deduções").map((one) => {
        const deduction = objectOf(one, "uma dedução");
        return { item: text(deduction, "item"), value: decimal(deduction, "valor") };
      }),
      adjusted: decimal(equity, "ajustado"),
    },
    target: { factor: decimal(target, "fa"), equity: decimal(target, "pla") },
  };
}

export function warningsIn(told: unknown): readonly Warning[] {
  return listOf(told, "os avisos").map((one) => {
    const warning = objectOf(one, "um aviso");
    return { detail: text(warning, "detalhe"), place: typeof warning["lugar"] === "string" ? warning["lugar"] : "" };
  });
}

/** Throws `SealRefused` for anything that does not say of itself that it is a simulation. */
export function simulatedIn(payload: Members): Simulated {
  if (payload["simulacao"] !== true) throw malformed("a resposta não é a de uma simulação");
  return {
    declared: figuresIn(payload["declarado"]),
    simulated: figuresIn(payload["simulado"]),
    change: payload["variacao"] === null ? null : decimal(payload, "variacao"),
    explanation: explanationIn(payload["explicacao"]),
  };
}

/** Without the zeros that end it: a target is told with all its places. */
export function shortest(value: string): string {
  return value.includes(".") ? value.replace(/\.?0+$/, "") : value;
}

function monthIn(told: unknown): MonthFigures {
  const month = objectOf(told, "um mês");
  return {
    month: text(month, "mes"),
    net: decimal(month, "net"),
    markToMarket: decimal(month, "mtm"),
    contracted: decimal(month, "con"),
    variable: decimal(month, "pv"),
    valueAtRisk: decimal(month, "var"),
    euler: decimal(month, "euler"),
    stress: decimal(month, "stress"),
  };
}

function objectOf(told: unknown, what: string): Members {
  if (!isObject(told)) throw malformed(`a resposta não traz ${what} na forma prevista`);
  return told;
}

function listOf(told: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(told)) throw malformed(`a resposta não traz ${what} na forma prevista`);
  return told as readonly unknown[];
}

function text(members: Members, name: string): string {
  const value = members[name];
  if (typeof value !== "string") throw malformed(`a resposta não traz ${name} em texto`);
  return value;
}

function decimal(members: Members, name: string): string {
  const value = text(members, name);
  if (!DECIMAL.test(value)) throw malformed(`${name} da resposta não é um número decimal`);
  return value;
}
