import assert from "node:assert/strict";
import { test } from "node:test";

import { openProfiles, siglasOf, type Asking } from "../../../src/pages/contracts/profile-lists.ts";

function answering(answers: Readonly<Record<string, unknown>>): { readonly ask: Asking; readonly asked: string[] } {
  const asked: string[] = [];
  const ask: Asking = <T>(path: string): Promise<T> => {
    asked.push(path);
    return path in answers ? Promise.resolve(answers[path] as T) : Promise.reject(new Error(`not answered: ${path}`));
  };
  return { ask, asked };
}

function open(codigo: number, sigla: string, podeAgir: boolean): unknown {
  return { codigo, sigla, podeAgir, participanteMercado: { codigo: 1, cnpj: "0", sigla, nomeEmpresarial: sigla } };
}

test("profiles that are only operated are there, with what one may do by them, in the order of siglas", async () => {
  const { ask } = answering({
    "/contratos/perfis?limite=1000": {
      perfis: [open(10010, "VENTO", true), open(10020, "Água", false), open(10050, "CAMPO CLARO", true)],
      proxima: null,
    },
  });
  assert.deepEqual(await openProfiles(ask), [
    { code: 10020, sigla: "Água", acts: false },
    { code: 10050, sigla: "CAMPO CLARO", acts: true },
    { code: 10010, sigla: "VENTO", acts: true },
  ]);
});

test("every page of profiles is read", async () => {
  const { ask, asked } = answering({
    "/contratos/perfis?limite=1000": { perfis: [open(1, "A", true)], proxima: "1" },
    "/contratos/perfis?limite=1000&cursor=1": { perfis: [open(2, "B", true)], proxima: null },
  });
  assert.deepEqual((await openProfiles(ask)).map(({ code }) => code), [1, 2]);
  assert.equal(asked.length, 2);
});

test("a page that failed is a failure, never a shorter list", async () => {
  const { ask } = answering({ "/contratos/perfis?limite=1000": { perfis: [open(1, "A", true)], proxima: "1" } });
  await assert.rejects(openProfiles(ask), /not answered/);
});

test("the siglas of a page of contracts are one request, and whoever does not exist has none", async () => {
  const { ask, asked } = answering({
    "/perfis?codigo=10010&codigo=9&limite=100": { perfis: [{ codigo: 10010, sigla: "BOLT" }], proxima: null },
  });
  assert.deepEqual(await siglasOf([10010, 9], ask), new Map([[10010, "BOLT"]]));
  assert.equal(asked.length, 1);
});

test("no request names more than a hundred profiles", async () => {
  const asked: string[][] = [];
  const ask: Asking = <T>(path: string): Promise<T> => {
    const codes = new URL(path, "https://aval.example").searchParams.getAll("codigo");
    asked.push(codes);
    return Promise.resolve({ perfis: codes.map((code) => ({ codigo: Number(code), sigla: `P${code}` })), proxima: null } as T);
  };
  const codes = Array.from({ length: 201 }, (_, place) => place + 1);
  assert.deepEqual([...(await siglasOf(codes, ask)).keys()], codes);
  assert.deepEqual(asked.map(({ length }) => length), [100, 100, 1]);
});
