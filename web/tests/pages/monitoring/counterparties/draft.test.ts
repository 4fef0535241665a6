import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyRow, fieldOf, inOrder, judged, type Row } from "../../../../src/pages/monitoring/counterparties/draft.ts";

const ABOUT = { event: "202611001", company: "90000117000168" };
const OTHER = "90000217000194";

function row(key: number, mtm: string, changes: Partial<Row> = {}): Row {
  return { ...emptyRow(key), cnpj: OTHER, sigla: "VENTOS", mtm, ...changes };
}

test("the file says what was typed, in plain figures and bare CNPJs", () => {
  const mitigators = [{ key: 1, kind: "CAUCAO", value: "1.000,50", description: " carta 1 " }];
  const { document, faults, exposures } = judged([row(0, "10.000,25", { cnpj: "90.000.217/0001-94", mitigators })], ABOUT);
  assert.deepEqual(faults, []);
  assert.deepEqual(document?.contrapartes, [
    {
      ordem: 1,
      cnpj: OTHER,
      sigla: "VENTOS",
      mtm: "10000.25",
      mitigadores: [{ tipo: "CAUCAO", valor: "1000.5", descricao: "carta 1" }],
    },
  ]);
  assert.deepEqual(exposures, ["8999.75"]);
});

test("what no mitigator covers is never negative", () => {
  assert.deepEqual(judged([row(0, "-5")], ABOUT).exposures, ["0"]);
});

test("the larger one after the smaller one is told, and can be put in order", () => {
  const rows = [row(0, "1"), row(1, "-7"), row(2, "3")];
  const { faults, ordered } = judged(rows, ABOUT);
  assert.equal(ordered, false);
  assert.deepEqual(
    faults.filter((fault) => fault.rule === "ordem").map((fault) => fault.field),
    [fieldOf(1, "mtm")],
  );
  assert.deepEqual(inOrder(rows).map((one) => one.mtm), ["-7", "3", "1"]);
});

test("an empty list is a file", () => {
  assert.deepEqual(judged([], ABOUT).document?.contrapartes, []);
});

test("an empty row lacks everything", () => {
  const { faults, document } = judged([emptyRow(0)], ABOUT);
  assert.equal(document, null);
  assert.deepEqual(
    faults.map((fault) => fault.field),
    ["cnpj", "sigla", "mtm"].map((member) => fieldOf(0, member)),
  );
});
