import assert from "node:assert/strict";
import test from "node:test";

import type { AgentListed, AgentState } from "../../../../src/api/messages.ts";
import { Problem, Unreachable } from "../../../../src/api/problem.ts";
import { actable, actAll, openAll, replaced, type BatchRow } from "../../../../src/pages/monitoring/factor/batch.ts";
import { countsOf, shownOf } from "../../../../src/pages/monitoring/factor/choosing.ts";
import { fits, readingKey, whyAnew } from "../../../../src/pages/monitoring/factor/fitting.ts";
import type { FactorRead } from "../../../../src/sealing/factor-read.ts";

const DELIVERED = { versao: 1, identidade: "a".repeat(64), leitores: "b".repeat(64), lote: null };

function agent(cnpj: string, estado: AgentState = "CALCULADO", changes: Partial<AgentListed> = {}): AgentListed {
  const fixed = { codigo: 1, nomeEmpresarial: cnpj, classe: { codigo: 1, descricao: "" }, alteradoEm: null, ciclo: 0 };
  const held = { portfolio: DELIVERED, contrapartes: DELIVERED, calculo: `c-${cnpj}`, parametros: null, envio: null };
  return { cnpj, sigla: cnpj, estado, ...fixed, ...held, ...changes } as AgentListed;
}

const readOf = (one: AgentListed): FactorRead => ({ company: one.cnpj, calculation: one.calculo }) as FactorRead;
const problem = new Problem({ type: "urn:aval:problema:x", title: "", status: 409, detail: "", transacao: "" });

/** Rows as a page would hold them. */
function held(agents: readonly AgentListed[]) {
  let rows: readonly BatchRow[] = agents.map((one) => ({ agent: one, state: "waiting" }));
  return { onRow: (row: BatchRow) => (rows = replaced(rows, row)), states: () => rows.map((row) => row.state), rows: () => rows };
}

test("each factor is opened in turn, and one that does not open keeps no other back", async () => {
  const agents = [agent("A"), agent("B"), agent("C")];
  const kept = held(agents);
  const order: string[] = [];
  const open = async (one: AgentListed): Promise<FactorRead> => {
    order.push(one.cnpj);
    if (one.cnpj === "B") throw new Error("closed");
    return readOf(one);
  };
  await openAll(agents, open, kept.onRow, new AbortController().signal);
  assert.deepEqual(order, ["A", "B", "C"]);
  assert.deepEqual(kept.states(), ["opened", "failed", "opened"]);
});

test("nothing is signed of a factor whose calculation is another one than the list's", async () => {
  const one = agent("A");
  const kept = held([one]);
  const other = async (): Promise<FactorRead> => ({ ...readOf(one), calculation: "another" });
  await openAll([one], other, kept.onRow, new AbortController().signal);
  const acted: string[] = [];
  await actAll(actable(kept.rows()), "VALIDAR", async ({ cnpj }) => void acted.push(cnpj), kept.onRow, new AbortController().signal);
  assert.deepEqual(acted, []);
  assert.deepEqual(kept.states(), ["failed"]);
});

test("a refused agent is not asked for again, one whose connection broke is", async () => {
  const agents = [agent("A"), agent("B"), agent("C", "VALIDADO")];
  const kept = held(agents);
  await openAll(agents, async (one) => readOf(one), kept.onRow, new AbortController().signal);
  const fails: Record<string, unknown> = { A: problem, B: new Unreachable("") };
  const run = async ({ cnpj }: AgentListed): Promise<void> => {
    if (fails[cnpj]) throw fails[cnpj];
  };
  await actAll(actable(kept.rows()), "VALIDAR", run, kept.onRow, new AbortController().signal);
  assert.deepEqual(kept.states(), ["failed", "failed", "opened"]);
  assert.deepEqual(actable(kept.rows()).map((row) => row.agent.cnpj), ["B", "C"]);
});

test("who leaves stops what has not begun", async () => {
  const controller = new AbortController();
  const agents = [agent("A"), agent("B")];
  const kept = held(agents);
  const open = async (one: AgentListed): Promise<FactorRead> => {
    controller.abort();
    return readOf(one);
  };
  await openAll(agents, open, kept.onRow, controller.signal);
  assert.deepEqual(kept.states(), ["opened", "waiting"]);
});

test("acts fit the states that the platform takes them in", () => {
  const fitting = (estado: AgentState) =>
    (["VALIDAR", "ENVIAR", "CANCELAR", "RECALCULAR"] as const).filter((act) => fits(act, agent("A", estado)));
  assert.deepEqual(fitting("CALCULADO"), ["VALIDAR", "CANCELAR"]);
  assert.deepEqual(fitting("VALIDADO"), ["ENVIAR", "CANCELAR"]);
  assert.deepEqual(fitting("COMPLETO"), ["RECALCULAR"]);
  for (const state of ["ABERTO", "EM_CALCULO", "ENVIADO", "PUBLICADO", "NAO_ENVIADO"] as const) {
    assert.deepEqual(fitting(state), [], state);
  }
});

test("nothing is computed anew while a file lacks or the lists of readers differ", () => {
  const other = { ...DELIVERED, leitores: "c".repeat(64) };
  assert.ok(fits("RECALCULAR", agent("A", "EM_PREENCHIMENTO")));
  assert.ok(!fits("RECALCULAR", agent("A", "EM_PREENCHIMENTO", { contrapartes: null })));
  assert.ok(!fits("RECALCULAR", agent("A", "EM_PREENCHIMENTO", { contrapartes: other })));
});

test("it is said why a calculation is to be asked for, and nothing where none is", () => {
  assert.match(whyAnew(agent("A", "COMPLETO")) ?? "", /parâmetros em vigor/);
  assert.match(whyAnew(agent("A", "EM_PREENCHIMENTO")) ?? "", /cancelado/);
  assert.equal(whyAnew(agent("A", "EM_PREENCHIMENTO", { contrapartes: null })), null);
  assert.equal(whyAnew(agent("A")), null);
});

test("a factor is read anew after a cancellation, and not after a validation", () => {
  const key = readingKey(agent("A"));
  assert.equal(readingKey(agent("A", "VALIDADO")), key);
  assert.equal(readingKey(agent("A", "ENVIADO")), key);
  assert.notEqual(readingKey(agent("A", "EM_PREENCHIMENTO", { calculo: null })), key);
  assert.notEqual(readingKey(agent("A", "COMPLETO")), key);
});

test("whoever was sent counts as validated, and lists are of a state and what was typed", () => {
  const agents = [agent("A"), agent("B", "VALIDADO"), agent("C", "ENVIADO"), agent("D", "PUBLICADO")];
  assert.deepEqual(countsOf(agents), { validated: 3, sent: 2, all: 4 });
  assert.deepEqual(shownOf(agents, { typed: "", state: "ENVIADO" }).map(({ cnpj }) => cnpj), ["C"]);
  assert.deepEqual(shownOf(agents, { typed: "b", state: "" }).map(({ cnpj }) => cnpj), ["B"]);
});
