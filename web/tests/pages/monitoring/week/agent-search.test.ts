import assert from "node:assert/strict";
import { test } from "node:test";

import { agentsMatching } from "../../../../src/pages/monitoring/week/agent-search.ts";

const AGENTS = [
  { cnpj: "33047509000149", sigla: "BOLT OPERACOES", nomeEmpresarial: "BOLT ENERGY LTDA." },
  { cnpj: "90000117000168", sigla: "HIDRO DO IPE 01", nomeEmpresarial: "HIDRELÉTRICA DO IPÊ 01 S.A." },
  { cnpj: "90000217000194", sigla: "IPE DA SERRA 02", nomeEmpresarial: "PARQUE EÓLICO DA SERRA 02 S.A." },
];

test("those whose sigla begins with what was typed come first", () => {
  assert.deepEqual(agentsMatching(AGENTS, "ipe").map((one) => one.sigla), ["IPE DA SERRA 02", "HIDRO DO IPE 01"]);
});

test("accents and case do not matter, nor the mask of a CNPJ", () => {
  assert.deepEqual(agentsMatching(AGENTS, "eólico").map((one) => one.cnpj), ["90000217000194"]);
  assert.deepEqual(agentsMatching(AGENTS, "90.000.1").map((one) => one.cnpj), ["90000117000168"]);
});

test("of many only so many are told", () => {
  const many = Array.from({ length: 5000 }, (_, index) => ({ ...AGENTS[0], cnpj: String(index), sigla: `BOLT ${index}` }));
  assert.equal(agentsMatching(many as typeof AGENTS, "bolt").length, 50);
  assert.equal(agentsMatching(many as typeof AGENTS, "").length, 50);
  assert.equal(agentsMatching(many as typeof AGENTS, "", many.length).length, 5000);
});
