import assert from "node:assert/strict";
import { test } from "node:test";

import {
  BASE_DATE,
  cellOf,
  deductionField,
  draftOf,
  EMPTY,
  EQUITY,
  fieldAt,
  judged,
  type Draft,
} from "../../../../src/pages/monitoring/portfolio/draft.ts";

const ABOUT = { event: "202611001", company: "90000117000168", today: "2026-11-21" };
const FILLED: Draft = {
  cells: {
    [cellOf("precoFixo/recurso/mwm", 0)]: "30",
    [cellOf("precoFixo/requisito/mwm", 0)]: "20",
    [cellOf("precoFixo/submercados/SE", 0)]: "10",
    [cellOf("precoFixo/fontes/CONV", 0)]: "10",
  },
  baseDate: "2026-06-30",
  equity: "20.000.000,37",
  deductions: { I: "2000000" },
};

test("what is blank is zero, and the file has all seven months", () => {
  const { document, faults, adjusted } = judged(FILLED, ABOUT);
  assert.deepEqual(faults, []);
  assert.equal(adjusted, "18000000.37");
  assert.deepEqual(document?.meses.map((month) => month.mes), ["M+0", "M+1", "M+2", "M+3", "M+4", "M+5", "M+6"]);
  assert.deepEqual(document?.meses[6]?.["precoVariavel"], {
    recurso: { mwm: "0", spread: "0" },
    requisito: { mwm: "0", spread: "0" },
  });
  assert.deepEqual(document?.patrimonioLiquido, {
    dataBase: "2026-06-30",
    valor: "20000000.37",
    deducoes: [{ item: "I", valor: "2000000" }],
  });
});

test("a file read back gives the same file", () => {
  const { document } = judged(FILLED, ABOUT);
  assert.ok(document);
  assert.deepEqual(judged(draftOf(document), ABOUT).document, document);
});

test("a figure that cannot be read is told at its cell, and its month is not added up", () => {
  const cell = cellOf("precoFixo/recurso/mwm", 0);
  const { document, faults } = judged({ ...FILLED, cells: { ...FILLED.cells, [cell]: "trinta" } }, ABOUT);
  assert.equal(document, null);
  assert.deepEqual(faults.map(({ field, rule }) => [field, rule]), [[cell, "numero"]]);
});

test("an empty form lacks its base date and its equity", () => {
  const { faults } = judged(EMPTY, ABOUT);
  assert.deepEqual(faults.map(({ field, rule }) => [field, rule]), [
    [BASE_DATE, "obrigatorio"],
    [EQUITY, "obrigatorio"],
  ]);
});

test("a deduction below zero is told at its item", () => {
  const { faults } = judged({ ...FILLED, deductions: { III: "-1" } }, ABOUT);
  assert.deepEqual(faults.map(({ field, rule }) => [field, rule]), [[deductionField("III"), "nao-negativo"]]);
});

test("an old base date is a warning and refuses nothing", () => {
  const { document, faults, warnings } = judged({ ...FILLED, baseDate: "2025-11-20" }, ABOUT);
  assert.ok(document);
  assert.deepEqual(faults, []);
  assert.equal(
    warnings[0]?.detail,
    "a data-base do patrimônio líquido, 20/11/2025, tem 366 dias, mais que 365; confira se é a do último balanço",
  );
});

test("pointers of the enclave lead to their fields", () => {
  const { document } = judged(FILLED, ABOUT);
  assert.equal(fieldAt("/meses/3/precoFixo/recurso/mwm", document), cellOf("precoFixo/recurso/mwm", 3));
  assert.equal(fieldAt("/meses/3/precoFixo/submercados", document), cellOf("precoFixo/submercados/SE", 3));
  assert.equal(fieldAt("/patrimonioLiquido/deducoes/0/valor", document), deductionField("I"));
  assert.equal(fieldAt("/patrimonioLiquido/dataBase", document), BASE_DATE);
  assert.equal(fieldAt("/evento", document), null);
});
