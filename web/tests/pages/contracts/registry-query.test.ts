import assert from "node:assert/strict";
import { test } from "node:test";

import { faultsOf, registryPath, typedAtFirst, type FilterField } from "../../../src/pages/contracts/registry-query.ts";

const FIELDS: readonly FilterField[] = [
  { name: "tipo", label: "Tipo", kind: "choice", options: [{ value: "USINA", text: "Usina" }] },
  { name: "codigo", label: "Código", kind: "code" },
  { name: "cnpj", label: "CNPJ", kind: "cnpj" },
  { name: "data", label: "Dia", kind: "day" },
  { name: "nome", label: "Nome", kind: "text" },
];

test("a list begins with the first choice of each field and nothing else", () => {
  assert.deepEqual(typedAtFirst(FIELDS), { tipo: "USINA", codigo: "", cnpj: "", data: "", nome: "" });
});

test("what is not typed is not asked for", () => {
  assert.equal(registryPath("/ativos", typedAtFirst(FIELDS), null, 200), "/ativos?tipo=USINA&limite=200");
});

test("what is typed is asked for without spaces around it, and goes on from the cursor", () => {
  const path = registryPath("/participantes", { nome: " LUZ & CIA " }, "10", 5);
  assert.equal(path, "/participantes?nome=LUZ+%26+CIA&limite=5&cursor=10");
});

test("fields that are empty have no fault", () => {
  assert.deepEqual(faultsOf(FIELDS, typedAtFirst(FIELDS)), {});
});

test("each field that cannot be asked for says why", () => {
  const faults = faultsOf(FIELDS, { codigo: "10a", cnpj: "33.047.509/0001-48", data: "0026-01-01", nome: "x" });
  assert.deepEqual(Object.keys(faults), ["codigo", "cnpj", "data"]);
});

test("a CNPJ is taken with its mask and with letters", () => {
  assert.deepEqual(faultsOf(FIELDS, { cnpj: "12.ABC.345/01DE-35" }), {});
});
