import assert from "node:assert/strict";
import { test } from "node:test";

import { cnpjText, eventText, fingerprintText, parsedCnpj } from "../../src/format/identifiers.ts";

test("a CNPJ comes back from its mask", () => {
  assert.equal(cnpjText("33047509000149"), "33.047.509/0001-49");
  assert.equal(parsedCnpj("33.047.509/0001-49"), "33047509000149");
  assert.equal(parsedCnpj(" 33047509000149 "), "33047509000149");
});

test("takes the CNPJ with letters of Receita Federal's own example", () => {
  assert.equal(parsedCnpj("12.ABC.345/01DE-35"), "12ABC34501DE35");
});

for (const typed of ["33047509000148", "33047509000159", "3304750900014", "330475090001490", "33.047.509/0001-4A", ""]) {
  test(`refuses “${typed}”`, () => assert.equal(parsedCnpj(typed), null));
}

test("shows events and digests in groups", () => {
  assert.equal(eventText("202611003"), "2026-11/003");
  assert.equal(eventText("x"), "x");
  assert.equal(fingerprintText("0123456789abcdef", 2), "0123 4567");
});
