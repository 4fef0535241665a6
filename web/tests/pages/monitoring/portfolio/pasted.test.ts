import assert from "node:assert/strict";
import { test } from "node:test";

import { cellOf } from "../../../../src/pages/monitoring/portfolio/draft.ts";
import { isBlock, pastedAt } from "../../../../src/pages/monitoring/portfolio/pasted.ts";

const TOP = { line: 0, month: 0 };
const BOUGHT = "precoFixo/recurso/mwm";
const PRICE = "precoFixo/recurso/preco";

test("a block goes in from the cell that has the focus, row by row", () => {
  const { cells, count, outside } = pastedAt("30\t25\n210,5\t215\n", { line: 0, month: 5 });
  assert.deepEqual(cells, {
    [cellOf(BOUGHT, 5)]: "30",
    [cellOf(BOUGHT, 6)]: "25",
    [cellOf(PRICE, 5)]: "210,5",
    [cellOf(PRICE, 6)]: "215",
  });
  assert.deepEqual([count, outside], [4, 0]);
});

test("what does not fit into the grid is counted and left out", () => {
  const { count, outside } = pastedAt("1\t2\t3", { line: 0, month: 6 });
  assert.deepEqual([count, outside], [1, 2]);
});

test("figures are read Brazil's way where one of them has a decimal comma", () => {
  const { cells, reading, ambiguous } = pastedAt("1.234\t0,5", TOP);
  assert.deepEqual([cells[cellOf(BOUGHT, 0)], cells[cellOf(BOUGHT, 1)]], ["1.234", "0,5"]);
  assert.deepEqual([reading, ambiguous], ["comma", false]);
});

test("a point is decimal in the whole block where one figure can be read no other way", () => {
  const { cells, reading } = pastedAt("1.234\t210.5\t1,234.75", TOP);
  assert.deepEqual(
    [cells[cellOf(BOUGHT, 0)], cells[cellOf(BOUGHT, 1)], cells[cellOf(BOUGHT, 2)]],
    ["1,234", "210,5", "1.234,75"],
  );
  assert.equal(reading, "point");
});

test("a block that shows nothing says so, and can be read the other way", () => {
  assert.equal(pastedAt("1.234\t20", TOP).ambiguous, true);
  assert.equal(pastedAt("1.234\t20", TOP, { reading: "point" }).cells[cellOf(BOUGHT, 0)], "1,234");
  assert.equal(pastedAt("30\t20", TOP).ambiguous, false);
});

test("money, parentheses and dashes of accounting formats are figures", () => {
  const { cells } = pastedAt("R$ 1.234,50\t(3,5)\t-\t−7,5", TOP);
  assert.deepEqual(
    [0, 1, 2, 3].map((month) => cells[cellOf(BOUGHT, month)]),
    ["1.234,5", "-3,5", "0", "-7,5"],
  );
});

test("what is no number stays as it came", () => {
  assert.equal(pastedAt("duzentos\t1", TOP).cells[cellOf(BOUGHT, 0)], "duzentos");
});

test("rows of the standard sheet are found by their block and line, those of another agent left", () => {
  const sheet = [
    "cnpj\tbloco\tlinha\tM+0\tM+1\tM+2\tM+3\tM+4\tM+5\tM+6",
    "90.000.117/0001-68\tgeral\tgeracao\t1\t2\t3\t4\t5\t6\t7",
    "90.000.217/0001-94\tgeral\tgeracao\t9\t9\t9\t9\t9\t9\t9",
    "90000117000168\tprecoFixo\trecurso.mwm\t10\t0\t0\t0\t0\t0\t0",
  ].join("\n");
  const { cells, named, count, outside } = pastedAt(sheet, { line: 20, month: 3 }, { company: "90000117000168" });
  assert.equal(named, true);
  assert.deepEqual([cells[cellOf("geracao", 6)], cells[cellOf(BOUGHT, 0)]], ["7", "10"]);
  assert.deepEqual([count, outside], [14, 7]);
});

test("a single figure is no block", () => {
  assert.equal(isBlock("210,5\r\n"), false);
  assert.equal(isBlock("210,5\t2"), true);
  assert.equal(isBlock("210,5\n2"), true);
});
