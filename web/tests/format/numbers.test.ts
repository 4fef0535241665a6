import assert from "node:assert/strict";
import { test } from "node:test";

import { countText, decimalText, figureText, moneyText, parsedDecimal } from "../../src/format/numbers.ts";

test("groups thousands and keeps every place that is there", () => {
  assert.equal(decimalText("1234567.125"), "1.234.567,125");
  assert.equal(decimalText("0.170817703691"), "0,170817703691");
  assert.equal(decimalText("-999"), "-999");
});

test("rounds half to even, to both sides of the half", () => {
  assert.equal(decimalText("0.125", 2), "0,12");
  assert.equal(decimalText("0.135", 2), "0,14");
  assert.equal(decimalText("0.1250001", 2), "0,13");
  assert.equal(decimalText("9.995", 2), "10,00");
  assert.equal(decimalText("0.5", 0), "0");
  assert.equal(decimalText("1.5", 0), "2");
});

test("fills places that are not there and shows no negative nothing", () => {
  assert.equal(decimalText("3", 2), "3,00");
  assert.equal(decimalText("-0.001", 2), "0,00");
});

test("keeps figures that no binary fraction holds", () => {
  assert.equal(decimalText("90071992547409931234.01", 2), "90.071.992.547.409.931.234,01");
});

test("leaves what is no number as it is", () => {
  assert.equal(decimalText("NaN"), "NaN");
});

test("shows a real minus, which reads back as typed", () => {
  assert.equal(figureText("-12", 2), "−12,00");
  assert.equal(figureText("12.5"), "12,5");
  assert.equal(parsedDecimal(figureText("-1234.5")), "-1234.5");
});

test("writes money with its sign before the currency", () => {
  assert.equal(moneyText("1234.5"), "R$ 1.234,50");
  assert.equal(moneyText("-1234.5"), "−R$ 1.234,50");
  assert.equal(countText(10000), "10.000");
});

for (const [typed, expected] of [
  ["1.234,50", "1234.5"],
  ["R$ 1.234,50", "1234.5"],
  ["1234,5", "1234.5"],
  ["1234.5", "1234.5"],
  ["1.234", "1234"],
  ["12.34", "12.34"],
  ["−7", "-7"],
  ["-0,00", "0"],
  ["007", "7"],
  [" 1 000 ", "1000"],
] as const) {
  test(`reads ${typed} as ${expected}`, () => assert.equal(parsedDecimal(typed), expected));
}

for (const typed of ["", "abc", "1,2,3", "1.23.456", "1e5", "--1", "1,", "#REF!"]) {
  test(`takes “${typed}” for no number`, () => assert.equal(parsedDecimal(typed), null));
}
