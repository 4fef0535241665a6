import assert from "node:assert/strict";
import test from "node:test";

import type { Session } from "../../../src/api/messages.ts";
import { mayChange, mayChangeAny } from "../../../src/pages/adhesion/rights.ts";

const BOLT = "33047509000149";

function person(...roles: readonly string[]): Session {
  const company = { cnpj: BOLT, sigla: "BOLT", razaoSocial: "BOLT", papeis: roles };
  // What the session tells beside does not matter here.
  return { tipo: "PESSOA", nome: "Ana", cnpj: null, impressaoDigital: null, empresas: [company] } as unknown as Session;
}

test("only the CCEE representative of a company changes it", () => {
  assert.ok(mayChange(person("REPRESENTANTE_LEGAL", "REPRESENTANTE_CCEE"), BOLT));
  assert.ok(!mayChange(person("REPRESENTANTE_LEGAL", "REPRESENTANTE_CONTABIL", "MONITORAMENTO_PRUDENCIAL"), BOLT));
  assert.ok(!mayChange(person("REPRESENTANTE_CCEE"), "12ABC34501DE35"));
});

test("nobody changes anything before the platform has told who is there", () => {
  assert.ok(!mayChange(null, BOLT));
  assert.ok(!mayChangeAny(null));
  assert.ok(mayChangeAny(person("REPRESENTANTE_CCEE")));
});
