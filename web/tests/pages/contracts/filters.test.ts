import assert from "node:assert/strict";
import { test } from "node:test";

import type { Session } from "../../../src/api/messages.ts";
import {
  ALL_CONTRACTS,
  AWAITED,
  contractsPath,
  isAsOpened,
  keepFilters,
  leftFilters,
  periodFaults,
} from "../../../src/pages/contracts/filters.ts";

function someone(nome: string): Session {
  return { tipo: "PESSOA", nome, cnpj: null, impressaoDigital: null, empresas: [] } as unknown as Session;
}

test("the list opens on what waits for the buyer", () => {
  assert.equal(
    contractsPath(leftFilters(null), null, 100),
    "/contratos?papel=COMPRADOR&ambiente=LIVRE&naoValidados=true&limite=100",
  );
  assert.equal(isAsOpened(leftFilters(null)), true);
});

test("what was chosen by hand stays, even if it is what the list opens on", () => {
  assert.equal(isAsOpened({ ...AWAITED }), false);
});

test("regulated contracts are asked for without what they do not have", () => {
  const path = contractsPath({ ...AWAITED, market: "REGULADO", from: "2026-01-01" }, "9", 10);
  assert.equal(path, "/contratos?papel=COMPRADOR&ambiente=REGULADO&inicio=2026-01-01&limite=10&cursor=9");
});

test("filters are found again by who left them, and by nobody else", () => {
  const ana = someone("Ana");
  keepFilters(ana, ALL_CONTRACTS);
  assert.equal(leftFilters(ana), ALL_CONTRACTS);
  assert.equal(leftFilters(someone("Ana")), AWAITED);
});

test("a period is asked for by days that exist, in their order", () => {
  assert.deepEqual(periodFaults("2026-01-01", "2026-01-01"), { from: null, until: null });
  assert.deepEqual(periodFaults("", ""), { from: null, until: null });
  assert.match(periodFaults("2026-02-01", "2026-01-01").until ?? "", /antes do início/);
  assert.match(periodFaults("0002-02-01", "").from ?? "", /1900/);
  assert.match(periodFaults("2026-01-01", "0020-02-01").until ?? "", /1900/);
});
