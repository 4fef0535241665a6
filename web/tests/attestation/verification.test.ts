import assert from "node:assert/strict";
import test from "node:test";

import { utf8 } from "../../src/attestation/bytes.ts";
import { ExpectedCode } from "../../src/attestation/expected-code.ts";
import { rsaKeyOf } from "../../src/attestation/public-key.ts";
import { AWS_ROOT, isHardware } from "../../src/attestation/roots.ts";

const nothing = new ExpectedCode(AWS_ROOT, () => []);

test("believes no bytes whatever, now or then, and says why in Portuguese", async () => {
  const asked = { at: new Date("2026-07-01T12:00:00Z"), nonce: utf8("nonce") };
  for (const data of [new Uint8Array(), new Uint8Array(100), utf8("atestado"), new Uint8Array(16 * 1024)]) {
    await assert.rejects(nothing.verifyNow(data, asked), { name: "AttestationRefused", detail: /\S/ });
    await assert.rejects(nothing.verifyThen(data), { name: "AttestationRefused", detail: /\S/ });
  }
  const large = new Uint8Array(16 * 1024 + 1);
  await assert.rejects(nothing.verifyThen(large), { code: "DOCUMENTO_GRANDE", detail: "o atestado passa de 16 KiB" });
});

test("calls nothing hardware but what stands under AWS's root", () => {
  assert.equal(nothing.isHardware, true);
  assert.equal(new ExpectedCode("ab".repeat(32), () => []).isHardware, false);
  assert.equal(isHardware(AWS_ROOT.toUpperCase()), false);
});

test("gives the RSA key that a document names, if it is long enough", async () => {
  const algorithm = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" };
  const { publicKey } = await crypto.subtle.generateKey(algorithm, true, ["encrypt", "decrypt"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
  const key = await rsaKeyOf({ publicKey: spki });
  assert.deepEqual(new Uint8Array(await crypto.subtle.exportKey("spki", key)), spki);
  await assert.rejects(rsaKeyOf({ publicKey: spki }, 2049), { code: "CHAVE_PUBLICA", detail: /2049/ });
  for (const other of [new Uint8Array(), spki.subarray(1), new Uint8Array([...spki, 0])]) {
    await assert.rejects(rsaKeyOf({ publicKey: other }), { code: "CHAVE_PUBLICA" });
  }
});
