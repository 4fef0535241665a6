import assert from "node:assert/strict";
import { test } from "node:test";

import { pathWith } from "../../src/api/query.ts";

test("a query tells what there is to tell, and a list by its name many times", () => {
  assert.equal(pathWith("/perfis", { codigo: [10010, 10020], limite: 100 }), "/perfis?codigo=10010&codigo=10020&limite=100");
  assert.equal(pathWith("/perfis", { sigla: "a b&c", naoValidados: true }), "/perfis?sigla=a+b%26c&naoValidados=true");
});

test("what is not told is not asked for", () => {
  const nothing = { cursor: null, sigla: "", naoValidados: false, data: undefined, codigo: [] };
  assert.equal(pathWith("/perfis", nothing), "/perfis");
});
