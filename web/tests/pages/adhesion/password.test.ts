import assert from "node:assert/strict";
import test from "node:test";

import { judgedPoints, passwordFaults } from "../../../src/pages/adhesion/password.ts";

const BOLT = "33047509000149";
const LETTERS = "12ABC34501DE35";

function points(typed: string, cnpj = BOLT): readonly string[] {
  return passwordFaults(typed, cnpj).map((fault) => fault.point);
}

test("takes eight digits, and eight to sixty-four characters with a letter and a digit", () => {
  for (const typed of ["73918264", "a1b9c8d7", "ção45 mundo", `${"ab1x9".repeat(12)}zzzz`]) {
    assert.deepEqual(points(typed), [], typed);
  }
});

test("refuses seven and sixty-five characters", () => {
  assert.deepEqual(points("7391826"), ["composition"]);
  assert.deepEqual(points(`${"ab1x9".repeat(12)}zzzzq`), ["composition"]);
});

test("counts what is composed: a letter and its accent are one character", () => {
  assert.deepEqual(points("a\u0301b1c2d3e"), points("áb1c2d3e"));
  assert.deepEqual(points("a\u0301b1c2d"), ["composition"]);
});

test("refuses nine digits, letters alone and a control character", () => {
  assert.match(passwordFaults("739182640", BOLT)[0]?.detail ?? "", /exatamente 8; para uma mais longa/);
  assert.match(passwordFaults("somente letras", BOLT)[0]?.detail ?? "", /ao menos uma letra e um algarismo/);
  assert.match(passwordFaults("a1b9c8\u0007d7", BOLT)[0]?.detail ?? "", /controle/);
});

test("refuses more than five equal or consecutive characters, and takes five", () => {
  assert.deepEqual(points("x1yaaaaaa"), ["runs"]);
  assert.deepEqual(points("x1yaaaaa"), []);
  assert.deepEqual(points("x9yABCdef"), ["runs"]);
  assert.deepEqual(points("x9y654321"), ["runs"]);
});

test("refuses a piece that is repeated", () => {
  assert.deepEqual(points("a1b2a1b2"), ["piece"]);
  assert.deepEqual(points("a1b2a1b3"), []);
});

test("refuses the company's own first eight characters, in either case", () => {
  assert.deepEqual(points("x33047509y"), ["cnpj"]);
  assert.deepEqual(points("--12abc345--", LETTERS), ["cnpj"]);
  assert.deepEqual(points("x33047508y"), []);
});

test("tells each point as it stands; an empty field meets none", () => {
  assert.deepEqual(
    judgedPoints("", BOLT).map((one) => one.met),
    [false, false, false, false],
  );
  assert.deepEqual(
    judgedPoints("33047509", BOLT).map((one) => one.met),
    [true, true, true, false],
  );
});
