import assert from "node:assert/strict";
import { test } from "node:test";

import { sentence } from "../../src/format/sentences.ts";

test("makes a whole sentence of what the platform tells", () => {
  assert.equal(sentence("nenhuma empresa com este CNPJ é representada por você"), "Nenhuma empresa com este CNPJ é representada por você.");
  assert.equal(sentence("época fechada"), "Época fechada.");
});

for (const whole of ["Tente de novo.", "Continua?", "Espere…"]) {
  test(`leaves “${whole}” as it is`, () => assert.equal(sentence(whole), whole));
}
