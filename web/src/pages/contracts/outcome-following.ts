import type { ProcessingOutcome, RowStatus, RowTold } from "../../api/messages.ts";
import { pathWith } from "../../api/query.ts";
import { isOver } from "./words.ts";

/** An import as far as it was heard of: its state, and the rows that were asked for. */
export interface Following {
  readonly code: string;
  readonly status: RowStatus | "";
  readonly head: ProcessingOutcome | null;
  readonly rows: readonly RowTold[];
  /** Of the next page of rows; null before the first. */
  readonly cursor: string | null;
  /** No row is missing, and none will come. */
  readonly complete: boolean;
  /** How many rows are to be shown; the rest waits until it is asked for. */
  readonly wanted: number;
}

export const ROWS_AT_ONCE = 200;

export function followingFrom(code: string, status: RowStatus | ""): Following {
  return { code, status, head: null, rows: [], cursor: null, complete: false, wanted: ROWS_AT_ONCE };
}

export interface Step {
  readonly path: string;
  /** The answer's rows go on from those that are there; else only the state is looked at. */
  readonly brings: "rows" | "state";
}

/** What to ask next, or null where nothing will change any more. */
export function nextStep(following: Following): Step | null {
  const { code, status, rows, cursor, complete, wanted, head } = following;
  if (!complete && rows.length < wanted) {
    return { path: pathWith(pathOf(code), { status, cursor, limite: ROWS_AT_ONCE }), brings: "rows" };
  }
  if (head !== null && isOver(head.situacao)) return null;
  return { path: pathWith(pathOf(code), { limite: 1 }), brings: "state" };
}

export function withAnswer(following: Following, step: Step, answer: ProcessingOutcome): Following {
  if (step.brings === "state") return { ...following, head: answer };
  // While an import runs there is always a next page (docs/contracts-json.md): its rows are yet to be worked off.
  return {
    ...following,
    head: answer,
    rows: [...following.rows, ...answer.detalhes],
    cursor: answer.proxima ?? following.cursor,
    complete: answer.proxima === null,
  };
}

/** Whether to ask again at once: rows are there to be had. */
export function isBehind(following: Following): boolean {
  const over = following.head !== null && isOver(following.head.situacao);
  return nextStep(following)?.brings === "rows" && over;
}

export function withMore(following: Following): Following {
  return { ...following, wanted: following.rows.length + ROWS_AT_ONCE };
}

export function errorsPath(code: string, cursor: string | null): string {
  return pathWith(pathOf(code), { status: "ERRO", limite: 1000, cursor });
}

/** Rows as a person mends them in a spreadsheet, beside the file that was sent. */
export function errorCells(row: RowTold): readonly string[] {
  return [String(row.linha), row.sequencialControle, row.contrato === null ? "" : String(row.contrato.codigo), row.descricao];
}

export const ERROR_HEADER = ["linha", "sequencialControle", "contrato", "erro"] as const;

function pathOf(code: string): string {
  return `/contratos/importacoes/${code}`;
}
