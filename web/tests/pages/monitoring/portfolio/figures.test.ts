import assert from "node:assert/strict";
import { test } from "node:test";

import { isFigure, scaled, spelled, sumOf } from "../../../../src/pages/monitoring/portfolio/figures.ts";

test("a figure has up to 20 digits, and 12 after the point", () => {
  assert.equal(isFigure("9".repeat(20) + "." + "9".repeat(12)), true);
  assert.equal(isFigure("9".repeat(21)), false);
  assert.equal(isFigure("0." + "1".repeat(13)), false);
  assert.equal(isFigure("1e3"), false);
});

test("sums are exact where binary fractions are not", () => {
  assert.equal(spelled(sumOf(["0.1", "0.2"])), "0.3");
  assert.equal(spelled(sumOf(["99999999999999999999", "0.000000000001"])), "99999999999999999999.000000000001");
});

test("a value has one spelling, and no zero is negative", () => {
  assert.equal(spelled(scaled("-0.50")), "-0.5");
  assert.equal(spelled(scaled("+007.0")), "7");
  assert.equal(spelled(scaled("-0.000")), "0");
});
