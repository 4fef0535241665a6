import assert from "node:assert/strict";
import test from "node:test";

import type { Certificate, Company } from "../../../src/api/messages.ts";
import { Problem } from "../../../src/api/problem.ts";
import {
  changeOf,
  FILES_FIELD,
  intentions,
  isEmpty,
  NOTHING_STAGED,
  obstacles,
  pruned,
  remaining,
  standing,
  wrongsOf,
  type Staged,
  type StagedFile,
} from "../../../src/pages/adhesion/staging.ts";

const FIRST = "a".repeat(64);
const SECOND = "b".repeat(64);

function certificate(fingerprint: string): Certificate {
  return {
    nome: `${fingerprint.slice(0, 1)}.cer`,
    versao: "3.0",
    certificadora: "ICP-Teste",
    impressaoDigital: fingerprint,
    numeroSerie: "1",
    validade: "2027-03-01T23:59:59-03:00",
    ultimaModificacao: "2026-03-01T10:00:00-03:00",
    modificadoPor: "Ana",
    status: "VIGENTE",
    revogacao: "NAO_REVOGADO",
    avisos: [],
  };
}

function company(...fingerprints: readonly string[]): Company {
  return {
    razaoSocial: "MOINHO AZUL ALIMENTOS LTDA.",
    cnpj: "27519634000101",
    sigla: "MOINHO AZUL",
    status: fingerprints.length === 0 ? "SEM_CERTIFICADO" : "VIGENTE",
    situacao: "ADERIDO",
    certificados: fingerprints.map(certificate),
  };
}

const NEWCOMER: Company = { ...company(), situacao: "NAO_ADERIDO" };

function file(id: string, changes: Partial<StagedFile> = {}): StagedFile {
  const verification = { aceito: true, regras: [], avisos: [] };
  return { id, name: `${id}.cer`, size: 3, content: id, check: { state: "judged", verification }, withdrawn: false, ...changes };
}

function staged(changes: Partial<Staged>): Staged {
  return { ...NOTHING_STAGED, ...changes };
}

const REFUSED: StagedFile["check"] = { state: "judged", verification: { aceito: false, regras: [], avisos: [] } };

function problem(...errors: { rule: string; detail: string; pointer?: string }[]): Problem {
  return new Problem({ type: "urn:aval:problema:x", title: "", status: 422, detail: "", transacao: "t", errors });
}

test("a first adhesion asks for a password and a certificate", () => {
  assert.deepEqual(
    obstacles(NEWCOMER, NOTHING_STAGED).map((one) => one.field),
    ["senha", "arquivos"],
  );
  assert.deepEqual(obstacles(NEWCOMER, staged({ password: "73918264", files: [file("um")] })), []);
});

test("a later change may leave the password out, and must change something", () => {
  assert.deepEqual(obstacles(company(FIRST), staged({ deletions: [FIRST] })), []);
  assert.match(obstacles(company(FIRST), NOTHING_STAGED)[0]?.detail ?? "", /^Nada foi alterado/);
});

test("a refused file stops the change until it is taken back", () => {
  const bad = file("ruim", { check: REFUSED });
  const [wrong] = obstacles(company(), staged({ files: [bad] }));
  assert.deepEqual(wrong, { field: "ruim", detail: "O arquivo ruim.cer não atende a todas as regras: retire-o e envie outro" });
  assert.deepEqual(obstacles(company(), staged({ files: [{ ...bad, withdrawn: true }, file("bom")] })), []);
});

test("a file of which the platform told nothing yet is sent, one that could not be read is not", () => {
  const unasked = file("um", { check: { state: "failed", error: null } });
  assert.deepEqual(obstacles(company(), staged({ files: [unasked] })), []);
  assert.match(obstacles(company(), staged({ files: [{ ...unasked, content: "" }] }))[0]?.detail ?? "", /não foi possível ler/i);
});

test("two certificates stay within the limit, three do not, and a deletion makes room", () => {
  const two = staged({ files: [file("um"), file("dois")] });
  assert.deepEqual(obstacles(company(), two), []);
  assert.match(obstacles(company(FIRST), two)[0]?.detail ?? "", /ficaria com 3 certificados/);
  assert.deepEqual(obstacles(company(FIRST), { ...two, deletions: [FIRST] }), []);
});

test("deleting is never stopped by the limit alone", () => {
  assert.deepEqual(obstacles(company(FIRST, SECOND, "c".repeat(64), "d".repeat(64)), staged({ deletions: [FIRST] })), []);
});

test("the same file twice is told", () => {
  const twice = staged({ files: [file("um"), file("outro", { content: "um" })] });
  assert.deepEqual(obstacles(company(), twice), [
    { field: "outro", detail: "O arquivo outro.cer é o mesmo certificado que um.cer: retire um dos dois" },
  ]);
});

test("the request has what is offered and no password that was left blank", () => {
  const whole = staged({ deletions: [FIRST], files: [file("um"), file("dois", { withdrawn: true })] });
  assert.deepEqual(changeOf(whole), { adicionar: [{ nome: "um.cer", conteudo: "um" }], excluir: [FIRST] });
  assert.equal(changeOf(staged({ password: "73918264" })).senha, "73918264");
});

test("what was taken back leaves nothing staged", () => {
  assert.ok(isEmpty(staged({ files: [file("um", { withdrawn: true })] })));
  assert.ok(!isEmpty(staged({ password: "x" })));
});

test("faults of the platform lead to the field or file that they are about, counted without what was taken back", () => {
  const sent = staged({ files: [file("fora", { withdrawn: true }), file("um"), file("dois")] });
  const told = problem(
    { rule: "senha", detail: "a senha é curta", pointer: "#/senha" },
    { rule: "requerente", detail: "o requerente já existe", pointer: "#/adicionar/1" },
    { rule: "quantidade", detail: "no máximo 2", pointer: "#/adicionar" },
    { rule: "excluir", detail: "não há", pointer: "#/excluir" },
    { rule: "outra", detail: "sem lugar" },
  );
  assert.deepEqual(wrongsOf(told, sent), [
    { field: "senha", detail: "A senha é curta" },
    { field: "dois", detail: "No arquivo dois.cer, o requerente já existe" },
    { field: "arquivos", detail: "No máximo 2" },
    { field: "certificados", detail: "Não há" },
    { field: "arquivos", detail: "Sem lugar" },
  ]);
});

test("a fault stands until what it is about has changed", () => {
  const before = staged({ password: "curta", files: [file("um"), file("dois")] });
  const wrongs = ["senha", "um", FILES_FIELD].map((field) => ({ field, detail: field }));
  const left = (now: Staged): readonly string[] => standing(wrongs, before, now).map((one) => one.field);
  assert.deepEqual(left(before), ["senha", "um", FILES_FIELD]);
  assert.deepEqual(left({ ...before, password: "outra" }), ["um"]);
  assert.deepEqual(left({ ...before, files: [file("um", { withdrawn: true }), file("dois")] }), ["senha"]);
  assert.deepEqual(left({ ...before, deletions: [FIRST] }), ["senha"]);
});

test("a deletion of what somebody else deleted is let go", () => {
  assert.deepEqual(pruned(staged({ deletions: [FIRST, SECOND] }), company(SECOND)).deletions, [SECOND]);
});

test("tells what concluding will do, and how many certificates stay", () => {
  const whole = staged({ password: "73918264", deletions: [FIRST], files: [file("um"), file("ruim", { check: REFUSED })] });
  assert.deepEqual(intentions(company(FIRST), whole), [
    "trocar a senha",
    "adicionar um.cer",
    "adicionar ruim.cer, que foi recusado: retire-o antes",
    "excluir a.cer",
  ]);
  assert.equal(remaining(company(FIRST, SECOND), staged({ deletions: [FIRST] })), 1);
});
