import assert from "node:assert/strict";
import test from "node:test";

import { fromHex } from "../../src/attestation/bytes.ts";
import { decode, MAX_DEPTH, Tagged } from "../../src/attestation/cbor.ts";

function refuses(data: string, code: string): void {
  assert.throws(() => decode(fromHex(data)), { name: "AttestationRefused", code }, data);
}

test("reads each kind", () => {
  assert.equal(decode(fromHex("17")), 23);
  assert.equal(decode(fromHex("3822")), -35);
  assert.equal(decode(fromHex("63c3a961")), "éa");
  assert.deepEqual(decode(fromHex("42cafe")), fromHex("cafe"));
  assert.deepEqual(decode(fromHex("83f4f5f6")), [false, true, null]);
  assert.deepEqual(decode(fromHex("d201")), new Tagged(18, 1));
});

test("reads both encodings of a map as the same map", () => {
  const told = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  assert.deepEqual(decode(fromHex("a2616101616202")), told);
  assert.deepEqual(decode(fromHex("bf616101616202ff")), told);
});

test("keeps numbers exact, and each number one key", () => {
  assert.equal(decode(fromHex("1b001fffffffffffff")), Number.MAX_SAFE_INTEGER);
  assert.equal(decode(fromHex("1b0020000000000000")), 2n ** 53n);
  assert.equal(decode(fromHex("3bffffffffffffffff")), -(2n ** 64n));
  const keys = decode(fromHex("a21b0020000000000000011b002000000000000102"));
  assert.ok(keys instanceof Map && keys.size === 2);
  refuses("a21b0020000000000000011b002000000000000002", "CBOR_CHAVE_REPETIDA");
  refuses("a20101180102", "CBOR_CHAVE_REPETIDA");
});

test("keeps a byte order mark, which is a character like any other", () => {
  assert.equal(decode(fromHex("64efbbbf61")), "\ufeffa");
});

test("refuses bytes after the end", () => {
  for (const data of ["0100", "a000", "80ff"]) refuses(data, "CBOR_BYTES_A_MAIS");
});

test("refuses what no attestation has", () => {
  const floats = ["fb3ff0000000000000", "f90000"];
  const chunked = ["5f4100ff", "7f6161ff"];
  const keys = ["a1f401", "a14000", "a18000"];
  const short = ["", "18", "41", "bf61", "9f01", "bf6161ff"];
  const texts = ["61ff", "62c080"];
  for (const data of [...floats, ...chunked, ...keys, ...short, ...texts, "1c", "ff", "f7", "f820"]) {
    refuses(data, "CBOR_MALFORMADO");
  }
});

test("takes no memory for a length that is only told", () => {
  for (const head of ["9b", "bb", "5b", "7b"]) refuses(`${head}ffffffffffffffff`, "CBOR_MALFORMADO");
});

test("reads as deep as the limit and no deeper", () => {
  assert.ok(decode(fromHex(`${"81".repeat(MAX_DEPTH)}01`)));
  refuses(`${"81".repeat(MAX_DEPTH + 1)}01`, "CBOR_MALFORMADO");
});
