import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf } from "../../../src/pages/publication/own-address.ts";

test("an address of the web leads there", () => {
  assert.equal(addressOf("https://agente.example/fator?semana=3"), "https://agente.example/fator?semana=3");
});

for (const told of [
  "javascript:alert(document.domain)",
  " JaVaScript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "blob:https://agente.example/1",
  "http://agente.example/",
  "https://ccee.org.br@agente.example/",
  "//agente.example/",
  "nada disso",
  null,
]) {
  test(`“${told}” leads nowhere`, () => assert.equal(addressOf(told), null));
}
