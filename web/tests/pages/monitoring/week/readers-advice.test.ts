import assert from "node:assert/strict";
import { test } from "node:test";

import type { DeliveredTold } from "../../../../src/api/messages.ts";
import { readersAdvice, type ReadersAdvice } from "../../../../src/pages/monitoring/week/readers-advice.ts";

const TODAY = "today";

function advice(portfolio: string | null, contrapartes: string | null): ReadersAdvice | null {
  const delivered = (leitores: string | null): DeliveredTold | null =>
    leitores === null ? null : { versao: 1, identidade: "ab", leitores, lote: null };
  return readersAdvice({ portfolio: delivered(portfolio), contrapartes: delivered(contrapartes) }, TODAY);
}

test("nothing is said where nothing was delivered, or all with today's list", () => {
  for (const [portfolio, contrapartes] of [[null, null], [TODAY, null], [null, TODAY], [TODAY, TODAY]] as const) {
    assert.equal(advice(portfolio, contrapartes), null);
  }
});

test("what came with one other list goes over as it is, or goes on with that list", () => {
  const both = advice("former", "former");
  assert.deepEqual([both?.canMove, both?.lost, both?.former], [true, null, "former"]);
  assert.match(both?.headline ?? "", /^O portfólio e as contrapartes vieram/);
  const alone = advice("former", null);
  assert.deepEqual([alone?.canMove, alone?.lost, alone?.former], [true, null, "former"]);
  const first = advice("former", TODAY);
  assert.deepEqual([first?.canMove, first?.lost, first?.former], [true, null, null]);
});

test("counterparties without a portfolio of their list are typed anew", () => {
  for (const portfolio of [null, TODAY, "third"]) {
    const told = advice(portfolio, "former");
    assert.match(told?.lost ?? "", /[Dd]igite-as ou importe-as/);
    assert.equal(told?.canMove, portfolio === "third");
  }
});
