import assert from "node:assert/strict";
import test from "node:test";

import { askedOf, changesText, declaredAt, EQUITY } from "../../../../src/pages/monitoring/factor/what-if.ts";

const RECURSO = "precoFixo/recurso/mwm";

function month(mes: string) {
  return {
    mes,
    precoFixo: {
      submercados: { SE: "10", S: "0", NE: "0", N: "0" },
      fontes: { CONV: "10", I0: "0" },
      recurso: { mwm: "30", preco: "210" },
      requisito: { mwm: "20", preco: "225" },
    },
    consumo: "0",
  };
}

// The months of a file may come in any order.
const PORTFOLIO = { patrimonioLiquido: { valor: "20000000.00" }, meses: [month("M+1"), month("M+0")] };

test("a changed price is one change, at its place in the file that was delivered", () => {
  const { changes, follows, wrongs } = askedOf(PORTFOLIO, [{ line: "precoFixo/recurso/preco", month: 0, typed: "1.210,5" }]);
  assert.deepEqual(changes, [{ caminho: "/meses/1/precoFixo/recurso/preco", valor: "1210.5" }]);
  assert.deepEqual(follows, []);
  assert.equal(wrongs.size, 0);
});

test("a larger purchase takes its submarket and source along, a larger sale takes from them", () => {
  const bought = askedOf(PORTFOLIO, [{ line: RECURSO, month: 0, typed: "32,5" }]);
  assert.deepEqual(bought.changes.slice(1), [
    { caminho: "/meses/1/precoFixo/submercados/SE", valor: "12.5" },
    { caminho: "/meses/1/precoFixo/fontes/CONV", valor: "12.5" },
  ]);
  assert.deepEqual(bought.follows, ["SE de M+0", "CONV de M+0"]);
  const sold = askedOf(PORTFOLIO, [{ line: "precoFixo/requisito/mwm", month: 0, typed: "35" }]);
  assert.equal(sold.changes[1]?.valor, "-5");
});

test("two amounts of one month move the same shares by both", () => {
  const edits = [
    { line: RECURSO, month: 1, typed: "31" },
    { line: "consumo", month: 1, typed: "3" },
  ];
  const { changes } = askedOf(PORTFOLIO, edits);
  assert.equal(changes.find(({ caminho }) => caminho === "/meses/0/precoFixo/submercados/SE")?.valor, "8");
});

test("a share that is changed by hand stays as it was typed, whichever edit comes first", () => {
  const share = { line: "precoFixo/submercados/SE", month: 0, typed: "4" };
  const amount = { line: RECURSO, month: 0, typed: "31" };
  for (const edits of [
    [share, amount],
    [amount, share],
  ]) {
    const { changes, follows } = askedOf(PORTFOLIO, edits);
    assert.equal(changes.find(({ caminho }) => caminho.endsWith("/submercados/SE"))?.valor, "4");
    assert.deepEqual(follows, ["CONV de M+0"]);
  }
});

test("what is no number, no line of the portfolio or there twice is told at its edit", () => {
  const edits = [
    { line: EQUITY, month: 0, typed: "muito" },
    { line: "geracao", month: 0, typed: "1" },
    { line: RECURSO, month: 0, typed: "31" },
    { line: RECURSO, month: 0, typed: "32" },
    { line: RECURSO, month: 5, typed: "32" },
  ];
  assert.deepEqual([...askedOf(PORTFOLIO, edits).wrongs.keys()], [0, 1, 3, 4]);
});

test("the equity is asked for without a month", () => {
  const asked = askedOf(PORTFOLIO, [{ line: EQUITY, month: 0, typed: "R$ 30.000.000" }]);
  assert.deepEqual(JSON.parse(changesText(asked, "0.2")), {
    mudancas: [{ caminho: "/patrimonioLiquido/valor", valor: "30000000" }],
    alvo: "0.2",
  });
  assert.equal(declaredAt(PORTFOLIO, EQUITY, 3), "20000000.00");
});
