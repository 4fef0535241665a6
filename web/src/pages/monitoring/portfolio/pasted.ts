import { decimalText, parsedDecimal } from "../../../format/numbers.ts";
import { cellOf } from "./draft.ts";
import { indexOfLine, LINES, MONTHS } from "./lines.ts";

/** How the points of a pasted block are read: Brazil's way, or as a decimal point. */
export type Reading = "comma" | "point";

export interface Pasted {
  readonly cells: Readonly<Record<string, string>>;
  readonly count: number;
  /** Cells of the block that fell beside or below the grid. */
  readonly outside: number;
  readonly reading: Reading;
  /** Nothing in the block tells whether `1.234` is a thousand and more, or one and less than a quarter. */
  readonly ambiguous: boolean;
  /** Rows were found by block and line, as in the standard sheet, not by where the focus is. */
  readonly named: boolean;
}

const GROUPED_ONCE = /^-?\d{1,3}\.\d{3}$/;
const BRAZILIAN = /^-?(\d{1,3}(\.\d{3})+|\d+),\d+$|^-?\d{1,3}(\.\d{3}){2,}$/;
const PLAIN = /^-?\d+\.\d+$/;
const AMERICAN = /^-?\d{1,3}(,\d{3})+\.\d+$/;

/** Rows and cells of what a spreadsheet puts on the clipboard. */
export function rowsOf(text: string): readonly (readonly string[])[] {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  return lines.map((line) => line.split("\t").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1").trim()));
}

/** Whether it is a block; a single figure is pasted as the browser does. */
export function isBlock(text: string): boolean {
  return /[\t\n]/.test(text.replace(/[\r\n]+$/, ""));
}

/** What the cells of the grid become; `company` picks its own rows out of a sheet of many agents. */
export function pastedAt(
  text: string,
  at: { readonly line: number; readonly month: number },
  { reading: told, company }: { readonly reading?: Reading; readonly company?: string } = {},
): Pasted {
  const rows = rowsOf(text);
  const placed = byName(rows, company ?? null) ?? byPlace(rows, at);
  const values = placed.cells.map(([, value]) => bare(value));
  const found = told ?? readingOf(values);
  const cells = Object.fromEntries(placed.cells.map(([cell, value]) => [cell, figureShown(value, found ?? "comma")]));
  return {
    cells,
    count: placed.cells.length,
    outside: placed.outside,
    reading: found ?? "comma",
    ambiguous: found === null && values.some((value) => GROUPED_ONCE.test(value)),
    named: placed.named,
  };
}

interface PlacedCells {
  readonly cells: readonly (readonly [string, string])[];
  readonly outside: number;
  readonly named: boolean;
}

function byPlace(rows: readonly (readonly string[])[], at: { readonly line: number; readonly month: number }): PlacedCells {
  const cells: [string, string][] = [];
  let outside = 0;
  for (const [down, row] of rows.entries()) {
    for (const [right, value] of row.entries()) {
      const line = LINES[at.line + down];
      if (line && at.month + right < MONTHS.length) cells.push([cellOf(line.path, at.month + right), value]);
      else if (value !== "") outside++;
    }
  }
  return { cells, outside, named: false };
}

/** Rows that name their block and line, as those of the standard sheet do; null where one does not. */
function byName(rows: readonly (readonly string[])[], company: string | null): PlacedCells | null {
  const cells: [string, string][] = [];
  let outside = 0;
  let found = 0;
  for (const row of rows) {
    if (row.every((value) => value === "") || row.includes("bloco")) continue;
    const place = row.findIndex((value, index) => indexOfLine(value, row[index + 1] ?? "") >= 0);
    if (place < 0) return null;
    found++;
    const owner = (row[0] ?? "").replace(/[./-]/g, "").toUpperCase();
    const values = row.slice(place + 2);
    if (company !== null && place > 0 && owner !== company) {
      outside += values.length;
      continue;
    }
    const line = LINES[indexOfLine(row[place] ?? "", row[place + 1] ?? "")];
    for (const [month, value] of values.slice(0, MONTHS.length).entries()) {
      if (line) cells.push([cellOf(line.path, month), value]);
    }
  }
  return found > 0 ? { cells, outside, named: true } : null;
}

/** What the block itself shows; null where it shows nothing, or both. */
function readingOf(values: readonly string[]): Reading | null {
  const comma = values.some((value) => BRAZILIAN.test(value));
  const point = values.some((value) => AMERICAN.test(value) || (PLAIN.test(value) && !GROUPED_ONCE.test(value)));
  if (comma === point) return null;
  return comma ? "comma" : "point";
}

function figureShown(value: string, reading: Reading): string {
  const text = bare(value);
  if (text === "") return "";
  // Accounting formats show zero as a dash.
  if (/^[-–—]$/.test(text)) return "0";
  const plain = reading === "point" ? text.replace(/(?<=\d),(?=\d{3}(\D|$))/g, "") : text;
  const figure = reading === "point" && PLAIN.test(plain) ? plain : parsedDecimal(plain);
  // What is no number stays as it came, to be mended where it stands.
  return figure === null ? value : decimalText(figure);
}

/** Without blanks and signs of currency; figures in parentheses are below zero. */
function bare(value: string): string {
  const text = value.replace(/[\s\u00a0]/g, "").replace(/^R\$/, "").replace(/^[−–](?=\d)/, "-");
  const inside = /^\((.+)\)$/.exec(text)?.[1];
  return inside === undefined ? text : `-${inside.replace(/^R\$/, "")}`;
}
