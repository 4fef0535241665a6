import assert from "node:assert/strict";
import { test } from "node:test";

import type { ProcessingOutcome, RowTold } from "../../../src/api/messages.ts";
import {
  followingFrom,
  isBehind,
  nextStep,
  ROWS_AT_ONCE,
  withAnswer,
  withMore,
  type Following,
} from "../../../src/pages/contracts/outcome-following.ts";

function rows(from: number, count: number): readonly RowTold[] {
  return Array.from({ length: count }, (_, index) => ({
    linha: from + index,
    sequencialControle: String(from + index),
    status: "SUCESSO",
    descricao: "feito",
    contrato: null,
  }));
}

function outcome(changes: Partial<ProcessingOutcome> = {}): ProcessingOutcome {
  return {
    codigoProcessamento: 7,
    situacao: "EM_PROCESSAMENTO",
    recebidoEm: null,
    totalLinhas: 1000,
    linhasFeitas: 0,
    linhasComErro: 0,
    detalhes: [],
    proxima: "a",
    ...changes,
  };
}

function answered(following: Following, answer: ProcessingOutcome): Following {
  const step = nextStep(following);
  assert.ok(step);
  return withAnswer(following, step, answer);
}

test("rows are asked for from the beginning, with the filter", () => {
  assert.deepEqual(nextStep(followingFrom("7", "ERRO")), {
    path: `/contratos/importacoes/7?status=ERRO&limite=${ROWS_AT_ONCE}`,
    brings: "rows",
  });
});

test("rows that are worked off later follow those that are there", () => {
  const first = answered(followingFrom("7", ""), outcome({ detalhes: rows(1, 2), proxima: "2" }));
  assert.match(nextStep(first)?.path ?? "", /cursor=2/);
  const second = answered(first, outcome({ detalhes: rows(3, 1), proxima: "3" }));
  assert.deepEqual(second.rows.map((row) => row.linha), [1, 2, 3]);
  assert.equal(isBehind(second), false);
});

test("with enough rows on the page only the state is asked for, and it stays in place", () => {
  const full = answered(followingFrom("7", ""), outcome({ detalhes: rows(1, ROWS_AT_ONCE), proxima: "x" }));
  assert.deepEqual(nextStep(full), { path: "/contratos/importacoes/7?limite=1", brings: "state" });
  const later = answered(full, outcome({ linhasFeitas: 900, detalhes: rows(1, 1) }));
  assert.equal(later.rows.length, ROWS_AT_ONCE);
  assert.equal(later.head?.linhasFeitas, 900);
  assert.equal(later.cursor, "x");
});

test("of an import that is over nothing is asked once its rows are there", () => {
  const over = outcome({ situacao: "CONCLUIDO", detalhes: rows(1, 3), proxima: null });
  assert.equal(nextStep(answered(followingFrom("7", ""), over)), null);
});

test("the rest of an import that is over waits until it is asked for", () => {
  const over = outcome({ situacao: "CONCLUIDO", detalhes: rows(1, ROWS_AT_ONCE), proxima: "x" });
  const full = answered(followingFrom("7", ""), over);
  assert.equal(nextStep(full), null);
  assert.match(nextStep(withMore(full))?.path ?? "", /cursor=x/);
});

test("an empty page with a next one is followed at once", () => {
  const over = outcome({ situacao: "CONCLUIDO", detalhes: [], proxima: "5000" });
  const empty = answered(followingFrom("7", "ERRO"), over);
  assert.equal(isBehind(empty), true);
  assert.match(nextStep(empty)?.path ?? "", /cursor=5000/);
});
