import assert from "node:assert/strict";
import { test } from "node:test";

import type { AgentPublished } from "../../../src/api/messages.ts";
import { chosenOf, classesOf, EVERYTHING, situationOf } from "../../../src/pages/publication/choosing.ts";

function agent(told: Partial<AgentPublished>): AgentPublished {
  return {
    codigo: 1,
    nome: "Águas Claras S.A.",
    sigla: "AGUAS",
    cnpj: "33047509000149",
    classe: { codigo: 2, descricao: "Gerador" },
    situacao: "PUBLICADO",
    fa: "0.170000000000",
    observacao: null,
    faixa: 1,
    divulgacao: null,
    ...told,
  };
}

const ONE = agent({});
const OTHER = agent({
  nome: "Moinho",
  sigla: "MOINHO",
  cnpj: "12ABC34501DE35",
  classe: { codigo: 1, descricao: "Comercializador" },
  fa: null,
});
const THIRD = agent({ nome: "Vento", sigla: "VENTO", cnpj: "27519634000101", situacao: "NAO_ENVIADO", fa: null });
const ALL = [ONE, OTHER, THIRD];

for (const [text, expected] of [
  ["aguas", [ONE]],
  ["ÁGUAS CLARAS", [ONE]],
  ["33.047.509/0001", [ONE]],
  ["12.abc", [OTHER]],
  ["47509", []],
  ["", ALL],
  ["  moin ", [OTHER]],
  ["./-", []],
] as const) {
  test(`“${text}” finds ${expected.length}`, () => {
    assert.deepEqual(chosenOf(ALL, { ...EVERYTHING, text }), expected);
  });
}

test("filters by situation and class together", () => {
  assert.deepEqual(chosenOf(ALL, { ...EVERYTHING, situation: "SEM_FATOR" }), [OTHER]);
  assert.deepEqual(chosenOf(ALL, { ...EVERYTHING, situation: "NAO_ENVIADO", class: "2" }), [THIRD]);
  assert.deepEqual(chosenOf(ALL, { ...EVERYTHING, situation: "PUBLICADO", class: "1" }), []);
});

test("tells a factor, a reason and nothing sent apart", () => {
  assert.deepEqual(ALL.map(situationOf), ["PUBLICADO", "SEM_FATOR", "NAO_ENVIADO"]);
});

test("names each class once, by name", () => {
  assert.deepEqual(classesOf(ALL), [
    { code: "1", text: "Comercializador" },
    { code: "2", text: "Gerador" },
  ]);
});
