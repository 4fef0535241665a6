import assert from "node:assert/strict";
import test from "node:test";

import { explanationIn, figuresIn, shortest, simulatedIn } from "../../../../src/pages/monitoring/factor/figures-told.ts";
import { SealRefused } from "../../../../src/sealing/refusals.ts";

const MONTH = { mes: "M+0", net: "10.000000", mtm: "1.0", con: "-2.0", pv: "0.0", var: "3.0", euler: "3.0", stress: "0.0" };
const FIGURES = {
  cnpj: "33047509000149",
  fa: "0.170817703691",
  fa_risco: "0.123970397024",
  var: "2231467.146437",
  res: "-843251.520000",
  rwa: "2231467.146437",
  pla: "18000000.000000",
  meses: [MONTH],
};
const EXPLANATION = {
  metodo: "MP-2023.2.0",
  parametros: "0".repeat(64),
  res: { mtm: "1.0", con: "-2.0", pv: "0.0", regulado: "0.0" },
  pla: { dataBase: "2026-09-30", valor: "20000000.0", deducoes: [{ item: "I", valor: "2000000.0" }], ajustado: "18000000.0" },
  alvo: { fa: "0.200000000000", pla: "15373593.332185" },
};

test("figures keep every digit that the enclave told", () => {
  const { factor, months } = figuresIn(FIGURES);
  assert.equal(factor, "0.170817703691");
  assert.equal(months[0]?.net, "10.000000");
});

test("a factor that cannot be computed has its reason, and all other figures", () => {
  const told = figuresIn({ ...FIGURES, fa: null, fa_risco: null, motivo: "PLA negativo", pla: "-1.0" });
  assert.deepEqual([told.factor, told.riskFactor, told.reason, told.equity], [null, null, "PLA negativo", "-1.0"]);
});

test("a figure that is a number of JSON, an exponent or nothing is refused", () => {
  for (const wrong of [0.17, "1e3", "", undefined, "NaN"]) {
    assert.throws(() => figuresIn({ ...FIGURES, var: wrong }), SealRefused, String(wrong));
  }
  assert.throws(() => figuresIn({ ...FIGURES, meses: [{ ...MONTH, euler: 3 }] }), SealRefused);
});

test("an explanation that lacks a part is refused", () => {
  assert.equal(explanationIn(EXPLANATION).equity.deductions[0]?.item, "I");
  for (const name of ["metodo", "res", "pla", "alvo"]) {
    assert.throws(() => explanationIn({ ...EXPLANATION, [name]: undefined }), SealRefused, name);
  }
});

test("nothing is taken for a simulation that does not say that it is one", () => {
  const told = { simulacao: true, declarado: FIGURES, simulado: FIGURES, variacao: "0.000000000000", explicacao: EXPLANATION };
  assert.equal(simulatedIn(told).change, "0.000000000000");
  assert.equal(simulatedIn({ ...told, variacao: null }).change, null);
  for (const simulacao of [undefined, false, "true"]) {
    assert.throws(() => simulatedIn({ ...told, simulacao }), SealRefused);
  }
});

test("zeros at the end of a target are left out, and no others", () => {
  assert.deepEqual(["0.200000000000", "1.000000", "100", "0.105"].map(shortest), ["0.2", "1", "100", "0.105"]);
});
