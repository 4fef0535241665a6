import { parsedDecimal } from "../../../format/numbers.ts";
import { figureAt } from "../portfolio/document.ts";
import { isFigure, scaled, spelled } from "../portfolio/figures.ts";
import { LINES, MONTHS } from "../portfolio/lines.ts";

/** One figure that a simulation changes, as it is typed. */
export interface Edit {
  /** A path of `LINES`, or `EQUITY`. */
  readonly line: string;
  readonly month: number;
  readonly typed: string;
}

export interface Change {
  readonly caminho: string;
  readonly valor: string;
}

export interface Asked {
  readonly changes: readonly Change[];
  /** Shares that were moved along, so that sums still hold, in words. */
  readonly follows: readonly string[];
  /** By the edit's place in the list. */
  readonly wrongs: ReadonlyMap<number, string>;
}

export const EQUITY = "patrimonioLiquido/valor";
/** Which shares go along with an amount, and whether they grow with it. */
const ADDS = ["precoFixo/recurso/mwm", "geracao", "derivativos/recurso/mwm"];
const TAKES = ["precoFixo/requisito/mwm", "consumo", "derivativos/requisito/mwm"];
const FIXED_SHARES = ["precoFixo/submercados/SE", "precoFixo/fontes/CONV"];
const DERIVED_SHARES = ["derivativos/submercados/SE"];

/** What is declared there, as the file tells it; null where the portfolio has none. */
export function declaredAt(portfolio: unknown, line: string, month: number): string | null {
  if (line === EQUITY) return figureAt(portfolio, EQUITY);
  const index = monthIndex(portfolio, month);
  return index < 0 ? null : figureAt(monthsOf(portfolio)[index], line);
}

/** What is wrong with one edit, or the figure that it means. */
function read(portfolio: unknown, edit: Edit): { readonly figure: string } | { readonly wrong: string } {
  const figure = parsedDecimal(edit.typed);
  if (figure === null || !isFigure(figure)) return { wrong: "Escreva um número, como 1.234,56." };
  if (declaredAt(portfolio, edit.line, edit.month) === null) return { wrong: "O portfólio entregue não tem esta linha." };
  return { figure };
}

/** The edits as the enclave takes them: JSON pointers into the portfolio that was delivered. */
export function askedOf(portfolio: unknown, edits: readonly Edit[]): Asked {
  const wrongs = new Map<number, string>();
  const figures = new Map<string, string>();
  for (const [index, edit] of edits.entries()) {
    const told = read(portfolio, edit);
    const pointer = pointerOf(portfolio, edit.line, edit.month);
    if ("wrong" in told) wrongs.set(index, told.wrong);
    else if (figures.has(pointer)) wrongs.set(index, "Esta linha e este mês já estão em outra mudança.");
    else figures.set(pointer, told.figure);
  }
  const follows = new Set<string>();
  const own = new Set(figures.keys());
  for (const { line, month } of edits) {
    const shift = shiftOf(portfolio, line, month, figures);
    if (shift === 0n) continue;
    for (const share of line.startsWith("derivativos/") ? DERIVED_SHARES : FIXED_SHARES) {
      const pointer = pointerOf(portfolio, share, month);
      // Who changes a share by hand says how it goes.
      if (own.has(pointer)) continue;
      const now = figures.get(pointer) ?? declaredAt(portfolio, share, month) ?? "0";
      figures.set(pointer, spelled(scaled(now) + shift));
      follows.add(`${share.split("/").at(-1)} de ${MONTHS[month]}`);
    }
  }
  return { changes: [...figures].map(([caminho, valor]) => ({ caminho, valor })), follows: [...follows], wrongs };
}

export function changesText(asked: Asked, target: string): string {
  return JSON.stringify({ mudancas: asked.changes, alvo: target });
}

export function lineText(line: string): string {
  if (line === EQUITY) return "Patrimônio líquido, valor";
  const found = LINES.find((one) => one.path === line);
  return found === undefined ? line : `${found.text} (${found.unit})`;
}

/** How much the shares below an amount have to move with it. */
function shiftOf(portfolio: unknown, line: string, month: number, figures: ReadonlyMap<string, string>): bigint {
  const sign = ADDS.includes(line) ? 1n : TAKES.includes(line) ? -1n : 0n;
  const changed = figures.get(pointerOf(portfolio, line, month));
  const declared = declaredAt(portfolio, line, month);
  if (sign === 0n || changed === undefined || declared === null) return 0n;
  return sign * (scaled(changed) - scaled(declared));
}

function pointerOf(portfolio: unknown, line: string, month: number): string {
  return line === EQUITY ? `/${EQUITY}` : `/meses/${monthIndex(portfolio, month)}/${line}`;
}

function monthIndex(portfolio: unknown, month: number): number {
  return monthsOf(portfolio).findIndex(
    (one) => typeof one === "object" && one !== null && "mes" in one && one.mes === MONTHS[month],
  );
}

function monthsOf(portfolio: unknown): readonly unknown[] {
  if (typeof portfolio !== "object" || portfolio === null || !("meses" in portfolio)) return [];
  return Array.isArray(portfolio.meses) ? (portfolio.meses as readonly unknown[]) : [];
}
