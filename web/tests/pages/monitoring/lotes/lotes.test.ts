import assert from "node:assert/strict";
import { test } from "node:test";

import type { LoteTold } from "../../../../src/api/messages.ts";
import {
  countsText,
  faultsIn,
  faultsMatching,
  hasEnded,
  sentOf,
  shownOf,
  takenIn,
} from "../../../../src/pages/monitoring/lotes/lotes.ts";
import type { LotePiece, SentLote } from "../../../../src/sealing/lotes.ts";

const FAULT = { rule: "nao-negativo", place: "Contratos!D7", detail: "o volume não pode ser negativo" };
const PIECE = {
  agents: [
    { company: "90000001000106", faults: [], told: {} },
    { company: "90000002000142", faults: [FAULT], told: {} },
  ],
  refusal: null,
  faults: [{ rule: "aba", place: "Resumo", detail: "falta a aba Resumo" }],
} as unknown as LotePiece;

test("every state has its words, and only four of them are an end", () => {
  const states = ["AGUARDANDO_ARQUIVO", "RECEBIDO", "EM_PROCESSAMENTO", "PROCESSADO", "PROCESSADO_COM_ERROS", "REJEITADO", "EXPIRADO"] as const;
  assert.deepEqual(
    states.map((estado) => [shownOf({ estado, progresso: 40 }).text, hasEnded({ estado })]),
    [
      ["Esperando o arquivo", false],
      ["Recebido", false],
      ["Em processamento, 40 %", false],
      ["Aceito", true],
      ["Aceito em parte", true],
      ["Recusado", true],
      ["Arquivo não chegou", true],
    ],
  );
});

test("tells counts once they are known", () => {
  assert.equal(countsText({ aceitos: null, recusados: null }), null);
  assert.equal(countsText({ aceitos: 34, recusados: 3 }), "34 aceitos, 3 recusados");
  assert.equal(countsText({ aceitos: 1, recusados: 0 }), "1 aceito, 0 recusados");
});

test("lists faults of the file before those of its agents, and who was taken", () => {
  assert.deepEqual(faultsIn([PIECE]).map(({ company, place }) => [company, place]), [
    ["", "Resumo"],
    ["90000002000142", "Contratos!D7"],
  ]);
  assert.deepEqual(takenIn([PIECE]).map((agent) => agent.company), ["90000001000106"]);
});

for (const [typed, count] of [
  ["", 2],
  ["D7", 1],
  ["90.000.002/0001", 1],
  ["ABA", 1],
  ["nada disso", 0],
  ["./", 0],
] as const) {
  test(`“${typed}” leaves ${count} faults`, () => assert.equal(faultsMatching(faultsIn([PIECE]), typed).length, count));
}

const TOLD = { evento: "202611001", remetente: "33047509000149", sha256: "ab" } as LoteTold;
const KEPT: SentLote = { event: "202611001", sender: "33047509000149", identity: "ab", requestId: "r", readers: "d", seen: null };

test("answers are held against what was sealed here, where it is of the same object", () => {
  assert.equal(sentOf(TOLD, KEPT), KEPT);
});

test("an object that was not sealed here is held to its identity alone", () => {
  const expected = { ...KEPT, requestId: null, readers: null };
  assert.deepEqual(sentOf(TOLD, null), expected);
});

test("a platform that tells another object under the code of one sealed here is not believed", () => {
  for (const other of [{ identity: "another" }, { sender: "00000000000191" }, { event: "202611002" }]) {
    assert.throws(() => sentOf(TOLD, { ...KEPT, ...other }), { code: "OBJETO_DIVERGE" });
  }
});
