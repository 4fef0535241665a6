import assert from "node:assert/strict";
import test from "node:test";

import { hex, sha256, utf8 } from "../../src/attestation/bytes.ts";
import { MeasurementLog } from "../../src/attestation/measurements.ts";

const KEYS = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, true, ["sign", "verify"]);
const SIGNER = await pem(KEYS.publicKey);
const HEADER = '{"alg":"ES384","typ":"aval-medida"}';

async function pem(key: CryptoKey): Promise<string> {
  const spki = Buffer.from(await crypto.subtle.exportKey("spki", key)).toString("base64");
  return `-----BEGIN PUBLIC KEY-----\n${spki.match(/.{1,64}/g)?.join("\n")}\n-----END PUBLIC KEY-----\n`;
}

const encoded = (text: string | ArrayBuffer): string =>
  Buffer.from(typeof text === "string" ? utf8(text) : new Uint8Array(text)).toString("base64url");

/** A line whose payload is this very text. */
async function signed(payload: string, header = HEADER): Promise<string> {
  return signedAs(encoded(header), payload);
}

async function signedAs(header: string, payload: string): Promise<string> {
  const told = `${header}.${encoded(payload)}`;
  const algorithm = { name: "ECDSA", hash: "SHA-384" };
  return `${told}.${encoded(await crypto.subtle.sign(algorithm, KEYS.privateKey, utf8(told)))}`;
}

function content(changed: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const medida = Object.fromEntries(["0", "1", "2"].map((name) => [name, "ab".repeat(48)]));
  return {
    anterior: "0".repeat(64),
    ato: "LIBERAR",
    instante: "2026-07-02T12:00:00Z",
    medida,
    n: 1,
    versao: "2026.7.1",
    ...changed,
  };
}

async function refuses(text: string, code: string, signer = SIGNER): Promise<void> {
  await assert.rejects(MeasurementLog.parse(text, signer), { name: "MeasurementLogRefused", code }, text);
}

test("tells what is in force at a moment", async () => {
  const first = await signed(JSON.stringify(content()));
  const anterior = hex(await sha256(utf8(first)));
  const second = await signed(
    JSON.stringify(content({ n: 2, anterior, ato: "RETIRAR", instante: "2026-07-03T12:00:00Z" })),
  );
  const log = await MeasurementLog.parse(`${first}\n${second}\n`, SIGNER);
  assert.equal(log.head.count, 2);
  assert.equal(log.accepted(new Date("2026-07-02T11:59:59Z")).length, 0);
  assert.equal(log.accepted(new Date("2026-07-02T12:00:00Z")).length, 1);
  assert.equal(log.accepted(new Date("2026-07-03T12:00:00Z")).length, 0);
});

test("takes a line by whatever spelling of JSON, and nothing that reading would lose", async () => {
  const plain = JSON.stringify(content());
  assert.ok(await MeasurementLog.parse(await signed(JSON.stringify(content(), null, 2)), SIGNER));
  for (const payload of [
    plain.replace('"n":1', '"n":1.0'),
    plain.replace('"n":1', '"n":1e0'),
    plain.replace('"n":1', '"n":1,"n":1'),
    plain.replace('"0":', `"0":"${"ab".repeat(48)}","0":`),
    plain.replace('"n":1', '"n":true'),
    plain.replace('"n":1', '"n":1,"__proto__":{}'),
    `\ufeff${plain}`,
    "null",
    "[]",
  ]) {
    await refuses(await signed(payload), "REGISTRO_FORMA");
  }
});

test("takes a version with marks that look like JSON's own", async () => {
  const log = await MeasurementLog.parse(await signed(JSON.stringify(content({ versao: 'a":{1.0\\' }))), SIGNER);
  assert.equal(log.entries[0]?.version, 'a":{1.0\\');
});

test("refuses days that no month has, and signs that nobody sees", async () => {
  for (const changed of [
    { instante: "2026-02-30T12:00:00Z" },
    { instante: "2026-07-02T24:00:00Z" },
    { instante: "2026-07-02T12:00:00.000Z" },
    { versao: "a\u200bb" },
    { versao: "a\u00a0b" },
  ]) {
    await refuses(await signed(JSON.stringify(content(changed))), "REGISTRO_FORMA");
  }
});

test("refuses another spelling of the same line", async () => {
  const line = await signed(JSON.stringify(content()));
  for (const other of [`${line}=`, ` ${line}`, `${line}\r`, line.replace(".", "..")]) {
    await refuses(other, "REGISTRO_FORMA");
  }
  await refuses(await signed(JSON.stringify(content()), `${HEADER} `), "REGISTRO_FORMA");
  // The last sign of 35 bytes has two bits that belong to none of them.
  const respelt = encoded(HEADER).replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1));
  assert.deepEqual(Buffer.from(respelt, "base64url"), Buffer.from(HEADER));
  await refuses(await signedAs(respelt, JSON.stringify(content())), "REGISTRO_FORMA");
  await refuses(await signed(JSON.stringify(content()) + " ".repeat(6 * 1024)), "REGISTRO_FORMA");
});

test("refuses a key that is not P-384 in PEM, and believes no other", async () => {
  const line = await signed(JSON.stringify(content()));
  const short = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  for (const signer of ["", "-----BEGIN PUBLIC KEY-----", await pem(short.publicKey), SIGNER.slice(1)]) {
    await refuses(line, "REGISTRO_CHAVE", signer);
  }
  const other = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, true, ["sign", "verify"]);
  await refuses(line, "REGISTRO_ASSINATURA", await pem(other.publicKey));
});
