import { decimalText, parsedDecimal } from "../../../format/numbers.ts";
import { figureAt, monthOf, type EquityDocument, type MonthDocument, type PortfolioDocument } from "./document.ts";
import { isFigure, scaled, spelled, sumOf } from "./figures.ts";
import { DEDUCTIONS, LINES, MONTHS, type Deduction } from "./lines.ts";
import { faultsOfEquity, faultsOfMonth, warningsOf, type Fault } from "./rules.ts";

/** What stands in the fields, as it was typed; a cell that is not there is blank, which is zero. */
export interface Draft {
  readonly cells: Readonly<Record<string, string>>;
  readonly baseDate: string;
  readonly equity: string;
  readonly deductions: Readonly<Partial<Record<Deduction, string>>>;
}

/** A fault, at the field that it is about. */
export interface Placed {
  readonly field: string;
  readonly rule: string;
  readonly detail: string;
}

export interface Judged {
  /** Null while a figure or the base date cannot be read. */
  readonly document: PortfolioDocument | null;
  readonly faults: readonly Placed[];
  readonly warnings: readonly Placed[];
  /** The PLA; null while one of its figures cannot be read. */
  readonly adjusted: string | null;
}

export const EMPTY: Draft = { cells: {}, baseDate: "", equity: "", deductions: {} };
export const BASE_DATE = "patrimonioLiquido-dataBase";
export const EQUITY = "patrimonioLiquido-valor";

/** The name of a cell, which is its field's id, too. */
export function cellOf(path: string, month: number): string {
  return `${path.replaceAll("/", "-")}-${month}`;
}

export function deductionField(item: string): string {
  return `patrimonioLiquido-deducoes-${item}`;
}

/** A figure as it is shown in its field: `1.234,5`. */
export function shownFigure(figure: string): string {
  // What is no figure stays as it came, to be mended where it stands.
  return isFigure(figure) ? decimalText(spelled(scaled(figure))) : figure;
}

export function draftOf(document: PortfolioDocument): Draft {
  const cells: Record<string, string> = {};
  for (const month of document.meses) {
    const index = MONTHS.findIndex((label) => label === month.mes);
    for (const { path } of LINES) {
      const figure = figureAt(month, path);
      // Most lines of most agents are zero: blank shows where something is.
      const blank = figure === null || (isFigure(figure) && scaled(figure) === 0n);
      if (!blank) cells[cellOf(path, index)] = shownFigure(figure);
    }
  }
  const { dataBase, valor, deducoes } = document.patrimonioLiquido;
  const deductions = Object.fromEntries(deducoes.map((one) => [one.item, shownFigure(one.valor)]));
  return { cells, baseDate: dataBase, equity: shownFigure(valor), deductions };
}

/** Read what was typed and hold it to every rule that the enclave holds it to. */
export function judged(draft: Draft, about: { readonly event: string; readonly company: string; readonly today: string }): Judged {
  const faults: Placed[] = [];
  const months = MONTHS.map((label, index) => monthRead(draft, label, index, faults));
  const equity = equityRead(draft, faults);
  if (equity) faults.push(...faultsOfEquity(equity).map((fault) => placed(fault, null)));
  for (const [index, month] of months.entries()) {
    if (month) faults.push(...faultsOfMonth(month).map((fault) => placed(fault, index)));
  }
  const whole = months.every((month) => month !== null) && equity !== null;
  const document = whole
    ? { evento: about.event, cnpj: about.company, patrimonioLiquido: equity, meses: months as MonthDocument[] }
    : null;
  const warnings = equity ? warningsOf(equity, about.today).map((fault) => placed(fault, null)) : [];
  return { document, faults, warnings, adjusted: adjustedOf(draft) };
}

/** What stands in a cell, as a figure; blank is zero, null no number. */
export function figureIn(draft: Draft, path: string, month: number): string | null {
  return readFigure(draft.cells[cellOf(path, month)] ?? "");
}

/** The field of a fault that the enclave told by a JSON pointer into the document; null for the file as a whole. */
export function fieldAt(pointer: string, document: PortfolioDocument | null): string | null {
  const names = pointer.split("/").filter(Boolean);
  if (names[0] === "meses" && /^[0-6]$/.test(names[1] ?? "")) {
    return fieldOfPath(names.slice(2).join("/"), Number(names[1]));
  }
  if (names[0] !== "patrimonioLiquido") return null;
  if (names[1] !== "deducoes") return names[1] === "dataBase" ? BASE_DATE : EQUITY;
  const item = document?.patrimonioLiquido.deducoes[Number(names[2])]?.item ?? names[2] ?? "";
  return deductionField(item);
}

function fieldOfPath(path: string, month: number): string {
  if (LINES.some((line) => line.path === path)) return cellOf(path, month);
  // A sum is told at its group: the first of its cells stands for it.
  const first = LINES.find((line) => line.path.startsWith(`${path}/`)) ?? LINES[0];
  return cellOf(first?.path ?? path, month);
}

function placed(fault: Fault, month: number | null): Placed {
  const { rule, detail, path } = fault;
  if (month !== null) return { field: fieldOfPath(path, month), rule, detail };
  return { field: fieldAt(`/${path}`, null) ?? EQUITY, rule, detail };
}

function monthRead(draft: Draft, label: string, month: number, faults: Placed[]): MonthDocument | null {
  let whole = true;
  for (const { path } of LINES) {
    if (figureIn(draft, path, month) !== null) continue;
    whole = false;
    faults.push(noNumber(cellOf(path, month), draft.cells[cellOf(path, month)] ?? ""));
  }
  return whole ? monthOf(label, (path) => figureIn(draft, path, month) ?? "0") : null;
}

function equityRead(draft: Draft, faults: Placed[]): EquityDocument | null {
  const before = faults.length;
  if (!/^(19|20)\d{2}-\d{2}-\d{2}$/.test(draft.baseDate)) {
    faults.push({ field: BASE_DATE, rule: "obrigatorio", detail: "informe a data-base do patrimônio líquido" });
  }
  const value = readFigure(draft.equity);
  if (draft.equity.trim() === "") {
    faults.push({ field: EQUITY, rule: "obrigatorio", detail: "informe o valor do patrimônio líquido" });
  } else if (value === null) faults.push(noNumber(EQUITY, draft.equity));
  const deducoes: { item: Deduction; valor: string }[] = [];
  for (const item of DEDUCTIONS) {
    const typed = draft.deductions[item] ?? "";
    const figure = readFigure(typed);
    if (figure === null) faults.push(noNumber(deductionField(item), typed));
    else if (typed.trim() !== "") deducoes.push({ item, valor: figure });
  }
  return faults.length === before && value !== null ? { dataBase: draft.baseDate, valor: value, deducoes } : null;
}

function adjustedOf(draft: Draft): string | null {
  const value = readFigure(draft.equity);
  const taken = DEDUCTIONS.map((item) => readFigure(draft.deductions[item] ?? ""));
  if (value === null || draft.equity.trim() === "" || taken.includes(null)) return null;
  return spelled(scaled(value) - sumOf(taken as string[]));
}

function readFigure(typed: string): string | null {
  if (typed.trim() === "") return "0";
  const figure = parsedDecimal(typed);
  return figure !== null && isFigure(figure) ? figure : null;
}

function noNumber(field: string, typed: string): Placed {
  const shown = typed.length > 40 ? `${typed.slice(0, 40)}…` : typed;
  const detail = `“${shown}” não é um número: escreva como 1.234,56, com até 20 algarismos e 12 casas`;
  return { field, rule: "numero", detail };
}

