import assert from "node:assert/strict";
import { test } from "node:test";

import { inOrderOfWork, nextOf, windowAt } from "../../../../src/pages/monitoring/week/standing.ts";

const WEEK = { abertura: "2026-11-01T00:00:00-03:00", prazo: "2026-12-10T18:00:00-03:00" };

test("the window holds its opening and not its deadline", () => {
  assert.equal(windowAt(WEEK, new Date("2026-10-31T23:59:59-03:00")), "before");
  assert.equal(windowAt(WEEK, new Date(WEEK.abertura)), "open");
  assert.equal(windowAt(WEEK, new Date("2026-12-10T17:59:59-03:00")), "open");
  assert.equal(windowAt(WEEK, new Date(WEEK.prazo)), "closed");
});

test("open weeks come first, the next deadline on top; of the others the last one", () => {
  const week = (evento: string, aberto: boolean, prazo: string) => ({ evento, aberto, prazo });
  const weeks = [
    week("202609001", false, "2026-09-10T00:00:00Z"),
    week("202612001", true, "2026-12-10T00:00:00Z"),
    week("202610001", false, "2026-10-10T00:00:00Z"),
    week("202611001", true, "2026-11-30T00:00:00Z"),
  ];
  assert.deepEqual(
    inOrderOfWork(weeks).map((one) => one.evento),
    ["202611001", "202612001", "202610001", "202609001"],
  );
});

test("who has delivered both is told to calculate anew, or to deliver one for the same readers", () => {
  const delivered = (leitores: string) => ({ versao: 1, identidade: "", lote: null, leitores });
  const agent = { estado: "EM_PREENCHIMENTO", portfolio: delivered("A"), contrapartes: delivered("A") } as const;
  assert.equal(nextOf(agent), "Calcule de novo, confira e valide.");
  assert.match(nextOf({ ...agent, contrapartes: delivered("B") }), /mesma lista de leitores/);
  assert.equal(nextOf({ ...agent, contrapartes: null }), "Entregue o que falta.");
  assert.equal(nextOf({ ...agent, estado: "VALIDADO" }), "Envie o fator à CCEE.");
});
