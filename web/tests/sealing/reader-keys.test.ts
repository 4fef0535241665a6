import assert from "node:assert/strict";
import test from "node:test";

import { compactVerify, generalDecrypt, GeneralEncrypt, importJWK } from "jose";

import { utf8 } from "../../src/attestation/bytes.ts";
import { KeysInMemory } from "../../src/sealing/key-store.ts";
import { createReader, openReaderFile, passphraseFault } from "../../src/sealing/reader-file.ts";
import { held, makeReader } from "../../src/sealing/reader-keys.ts";
import { signStatement } from "../../src/sealing/statements.ts";

const PASSPHRASE = "uma senha bem comprida";

test("keys are made, saved under a passphrase, and come back as the same keys", async () => {
  const { keys, file } = await createReader("ana", PASSPHRASE);
  const again = await openReaderFile(file, PASSPHRASE);
  assert.deepEqual(again.reader, keys.reader);
});

test("nothing gives out the private halves of keys that are held", async () => {
  const { encryption, signature } = await held(await makeReader("ana"));
  for (const key of [encryption, signature]) {
    for (const form of ["jwk", "pkcs8"] as const) await assert.rejects(crypto.subtle.exportKey(form, key));
  }
});

test("a key that cannot be exported opens by jose what was sealed to it", async () => {
  const { reader, encryption } = await held(await makeReader("ana"));
  const sealed = await new GeneralEncrypt(utf8("segredo"))
    .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM" })
    .addRecipient(await importJWK({ ...reader.enc }, "ECDH-ES+A256KW"))
    .done()
    .encrypt();
  const { plaintext } = await generalDecrypt(sealed, encryption);
  assert.deepEqual(plaintext, utf8("segredo"));
});

test("a key that cannot be exported signs acts", async () => {
  const keys = await held(await makeReader("ana"));
  const signed = await signStatement(
    {
      event: "202611003",
      company: "33047509000149",
      subject: "5".repeat(64),
      requestId: "pedido-de-teste-01",
      issuedAt: new Date(0),
      seen: null,
      what: { act: "LER" },
    },
    keys,
  );
  const { protectedHeader } = await compactVerify(signed, await importJWK({ ...keys.reader.sig }, "ES256"));
  assert.deepEqual(protectedHeader, { alg: "ES256", kid: "ana", typ: "aval-ato" });
});

test("halves of two keys are no key", async () => {
  const [one, other] = [await makeReader("ana"), await makeReader("bia")];
  const { d } = other.enc;
  await assert.rejects(held({ ...one, enc: { ...one.enc, d } }), { code: "MALFORMADO" });
  await assert.rejects(held({ ...one, sig: { ...one.sig, d: other.sig.d } }), { code: "MALFORMADO" });
});

test("one key for both uses, or a name that no list takes, is refused before anything is sealed to it", async () => {
  const made = await makeReader("ana");
  await assert.rejects(held({ ...made, sig: made.enc }), { code: "LEITORES_INVALIDOS" });
  await assert.rejects(createReader("ana maria", PASSPHRASE), { code: "LEITORES_INVALIDOS" });
});

test("a passphrase has twelve characters, however many bytes or code units they are", () => {
  assert.equal(passphraseFault("çãéíóúâêôàüñ"), null);
  assert.match(passphraseFault("😀".repeat(11)) ?? "", /12 caracteres/);
  assert.equal(passphraseFault("😀".repeat(12)), null);
});

test("keys are kept by login and name, and removed one by one", async () => {
  const store = new KeysInMemory();
  const [ana, bia] = [await held(await makeReader("ana")), await held(await makeReader("bia"))];
  await store.keep("login-1", bia);
  await store.keep("login-1", ana);
  await store.keep("login-2", bia);
  assert.deepEqual(await store.list("login-1"), [ana, bia]);
  await store.remove("login-1", "ana");
  assert.deepEqual(await store.list("login-1"), [bia]);
  assert.deepEqual(await store.list("login-2"), [bia]);
  assert.deepEqual(await store.list("login-3"), []);
});

test("a key that could be read out again is not kept", async () => {
  const keys = await held(await makeReader("ana"));
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  await assert.rejects(new KeysInMemory().keep("login", { ...keys, signature: pair.privateKey }), TypeError);
});
