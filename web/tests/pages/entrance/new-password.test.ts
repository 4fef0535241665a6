import assert from "node:assert/strict";
import { test } from "node:test";

import { judged } from "../../../src/pages/entrance/new-password.ts";

test("takes what the pool takes, on the limit", () => assert.equal(judged("Abcdefghij1-", "Abcdefghij1-"), null));

for (const [password, told] of [
  ["Abcdefghi1-", "ao menos 12 caracteres"],
  ["ABCDEFGHIJ1-", "letra minúscula"],
  ["abcdefghij1-", "letra maiúscula"],
  ["Abcdefghijk-", "número"],
  ["Abcdefghijk1", "símbolo"],
] as const) {
  test(`says what ${password} lacks`, () => {
    const sentence = judged(password, password) ?? assert.fail("it was taken");
    assert.ok(sentence.startsWith(`Falta à senha: ${told}`), sentence);
  });
}

test("two passwords that differ are told", () => {
  assert.equal(judged("Abcdefghij1-", "Abcdefghij1!"), "As duas senhas não são iguais.");
});
