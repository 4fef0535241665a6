import assert from "node:assert/strict";
import test from "node:test";

import { compactDecrypt } from "jose";

import { utf8 } from "../../src/attestation/bytes.ts";
import { newRequestId, seal, type Header } from "../../src/sealing/envelope.ts";
import { identityOf } from "../../src/sealing/identities.ts";
import { held, makeReader } from "../../src/sealing/reader-keys.ts";
import { Readers } from "../../src/sealing/readers.ts";

const RSA = { name: "RSA-OAEP", modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
const pair = await crypto.subtle.generateKey(RSA, false, ["encrypt", "decrypt"]);

async function header(changes: Partial<Header> = {}): Promise<Header> {
  return {
    keyId: "chave-de-teste-1",
    event: "202611003",
    sender: "33047509000149",
    kind: "PORTFOLIO",
    issuedAt: new Date(1_795_176_000_999),
    requestId: "pedido-de-teste-01",
    readers: await Readers.of([(await held(await makeReader("ana"))).reader]),
    seen: null,
    ...changes,
  };
}

test("an object has exactly the members that the enclave takes, and is named by all of its bytes", async () => {
  const told = await header();
  const { jwe, identity } = await seal(utf8("{}"), told, pair.publicKey);
  const { protectedHeader, plaintext } = await compactDecrypt(jwe, pair.privateKey);
  assert.deepEqual(plaintext, utf8("{}"));
  assert.deepEqual(protectedHeader, {
    alg: "RSA-OAEP-256",
    enc: "A256GCM",
    kid: "chave-de-teste-1",
    evento: "202611003",
    remetente: "33047509000149",
    tipo: "PORTFOLIO",
    iat: 1_795_176_000,
    jti: "pedido-de-teste-01",
    leitores: told.readers.toJson(),
  });
  assert.equal(identity, await identityOf(utf8(jwe)));
});

test("two seals of one content are two objects", async () => {
  const told = await header();
  const [one, other] = [await seal(utf8("{}"), told, pair.publicKey), await seal(utf8("{}"), told, pair.publicKey)];
  assert.notEqual(one.identity, other.identity);
});

test("fifty million bytes are sealed, one more is not", async () => {
  const told = await header();
  const { bytes, identity } = await seal(new Uint8Array(50_000_000), told, pair.publicKey);
  assert.ok(bytes.length < 70_000_000);
  assert.equal(bytes.indexOf(0), -1);
  assert.equal(identity, await identityOf(bytes));
  await assert.rejects(seal(new Uint8Array(50_000_001), told, pair.publicKey), { code: "GRANDE_DEMAIS" });
});

test("nothing is sealed to a key of another kind", async () => {
  const other = await crypto.subtle.generateKey({ ...RSA, hash: "SHA-1" }, false, ["encrypt", "decrypt"]);
  await assert.rejects(seal(utf8("{}"), await header(), other.publicKey), { code: "MALFORMADO" });
});

test("a request's code has 128 random bits in the characters that are taken", () => {
  const codes = new Set(Array.from({ length: 1000 }, newRequestId));
  assert.equal(codes.size, 1000);
  for (const code of codes) assert.match(code, /^[A-Za-z0-9_-]{22}$/);
});
