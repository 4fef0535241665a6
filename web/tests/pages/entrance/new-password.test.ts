import assert from "node:assert/strict";
import { test } from "node:test";

import { judged, type NewPassword } from "../../../src/pages/entrance/new-password.ts";

const twice = (password: string): NewPassword => ({ first: password, again: password });

test("takes what the pool takes, on the limit", () => assert.equal(judged(twice("Abcdefghij1-")), null));

for (const [password, told] of [
  ["Abcdefghi1-", "ao menos 12 caracteres"],
  ["ABCDEFGHIJ1-", "letra minúscula"],
  ["abcdefghij1-", "letra maiúscula"],
  ["Abcdefghijk-", "número"],
  ["Abcdefghijk1", "símbolo"],
] as const) {
  test(`says what ${password} lacks`, () => {
    const wrong = judged(twice(password)) ?? assert.fail("it was taken");
    assert.ok(wrong.first?.startsWith(`Falta à senha: ${told}`), wrong.first);
    assert.equal(wrong.again, undefined);
  });
}

test("two passwords that differ are told beside the second", () => {
  const wrong = judged({ first: "Abcdefghij1-", again: "Abcdefghij1!" });
  assert.deepEqual(wrong, { again: "Não é igual à nova senha." });
});
