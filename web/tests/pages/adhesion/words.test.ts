import assert from "node:assert/strict";
import test from "node:test";

import type { Certificate, CertificateStatus, Company } from "../../../src/api/messages.ts";
import {
  certificateTold,
  companyTold,
  revocationText,
  sizeText,
  stateText,
  targetParts,
} from "../../../src/pages/adhesion/words.ts";

const NOW = new Date("2026-11-20T12:00:00-03:00");

function certificate(status: CertificateStatus, validade: string): Certificate {
  return {
    nome: "a.cer",
    versao: "3.0",
    certificadora: "ICP-Teste",
    impressaoDigital: "a".repeat(64),
    numeroSerie: "1",
    validade,
    ultimaModificacao: validade,
    modificadoPor: "Ana",
    status,
    revogacao: "NAO_REVOGADO",
    avisos: [],
  };
}

function text(status: CertificateStatus, ends: string): string {
  return certificateTold(certificate(status, ends), NOW).text;
}

test("counts the whole days that a certificate still has", () => {
  assert.equal(text("A_VENCER", "2026-11-20T20:00:00-03:00"), "A vencer em menos de 1 dia");
  assert.equal(text("A_VENCER", "2026-11-21T12:00:00-03:00"), "A vencer em 1 dia");
  assert.equal(text("A_VENCER", "2026-12-01T11:59:59-03:00"), "A vencer em 10 dias");
});

test("says the other states in a word, the platform's over the clock of this computer", () => {
  assert.equal(text("VIGENTE", "2020-01-01T00:00:00-03:00"), "Vigente");
  assert.equal(text("A_VENCER", "2020-01-01T00:00:00-03:00"), "A vencer");
  assert.equal(text("VENCIDO", "2026-01-01T00:00:00-03:00"), "Vencido");
  assert.equal(text("REVOGADO", "2027-01-01T00:00:00-03:00"), "Revogado");
});

function company(status: Company["status"], ...certificados: Certificate[]): Company {
  return { razaoSocial: "", cnpj: "27519634000101", sigla: "", status, situacao: "ADERIDO", certificados };
}

test("a company ends with the last of its certificates", () => {
  const ending = company(
    "A_VENCER",
    certificate("A_VENCER", "2026-11-22T12:00:00-03:00"),
    certificate("A_VENCER", "2026-11-25T12:00:00-03:00"),
    certificate("REVOGADO", "2027-11-25T12:00:00-03:00"),
  );
  assert.equal(companyTold(ending, NOW).text, "A vencer em 5 dias");
});

test("a company without a certificate in force is told by what took the force away", () => {
  const revoked = certificate("REVOGADO", "2027-11-25T12:00:00-03:00");
  const ended = certificate("VENCIDO", "2026-11-19T12:00:00-03:00");
  assert.equal(companyTold(company("VENCIDO", revoked), NOW).text, "Revogado");
  assert.equal(companyTold(company("VENCIDO", revoked, ended), NOW).text, "Vencido");
});

test("takes a certificate of the history apart, whatever its name holds", () => {
  const fingerprint = "0f".repeat(32);
  assert.deepEqual(targetParts(`meu (novo).cer (${fingerprint})`), { name: "meu (novo).cer", fingerprint });
  assert.deepEqual(targetParts(""), { name: "", fingerprint: null });
});

test("a state that it does not know stays as it came", () => {
  assert.equal(stateText("NAO_ADERIDO"), "Não aderido");
  assert.equal(stateText("OUTRO"), "OUTRO");
});

test("only a revocation that could not be looked up is told", () => {
  assert.equal(revocationText("NAO_REVOGADO"), null);
  assert.equal(revocationText("REVOGACAO_DESCONHECIDA"), "Revogação não conferida");
});

test("sizes have a unit that people read", () => {
  assert.deepEqual([sizeText(973), sizeText(1024), sizeText(1189), sizeText(52_428_800)], ["973 bytes", "1,0 KiB", "1,2 KiB", "50,0 MiB"]);
});
