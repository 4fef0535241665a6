import assert from "node:assert/strict";
import test from "node:test";

import { fromHex, hex } from "../../src/attestation/bytes.ts";
import { BIT_STRING, BOOLEAN, DerReader, INTEGER, isTold, magnitude, NotDer, octetsOfBits, SEQUENCE } from "../../src/attestation/der.ts";

function reader(data: string): DerReader {
  return new DerReader(fromHex(data));
}

test("reads elements in turn, and what is inside one", () => {
  const outer = reader("3006020101020102");
  const inner = outer.enter(SEQUENCE);
  outer.end();
  assert.equal(hex(inner.take(INTEGER).whole), "020101");
  assert.equal(hex(inner.take(INTEGER).content), "02");
  inner.end();
});

test("takes an element that may be absent only where it is there", () => {
  const told = reader("020101");
  assert.equal(told.takeIf(BOOLEAN), null);
  assert.notEqual(told.takeIf(INTEGER), null);
  assert.equal(told.takeIf(INTEGER), null);
});

test("refuses another element, one that is cut short, and bytes after it", () => {
  for (const data of ["020101", "30", "3001", "308101", "30820101"]) {
    assert.throws(() => reader(data).take(SEQUENCE), NotDer, data);
  }
  assert.throws(() => reader("00").end(), NotDer);
});

test("refuses a length that is not told as short as can be, or not at all", () => {
  assert.equal(reader(`3081${"80"}${"00".repeat(128)}`).take(SEQUENCE).content.length, 128);
  for (const head of ["30810100", "3082008000", "308000000000", "3083000001ff"]) {
    assert.throws(() => reader(head + "00".repeat(300)).take(SEQUENCE), NotDer, head);
  }
});

test("gives the bytes of a number in its one spelling", () => {
  const number = (data: string): string => hex(magnitude(reader(data).take(INTEGER)));
  assert.equal(number("020100"), "00");
  assert.equal(number("02020080"), "80");
  for (const data of ["0200", "02020001", "0202ff80", "020180"]) assert.throws(() => number(data), NotDer, data);
});

test("takes no truth value but one that is told because it is true", () => {
  assert.equal(isTold(null), false);
  assert.equal(isTold(reader("0101ff").take(BOOLEAN)), true);
  for (const data of ["010100", "010101", "0102ffff"]) {
    assert.throws(() => isTold(reader(data).take(BOOLEAN)), NotDer, data);
  }
});

test("takes bits that are whole octets alone", () => {
  assert.equal(hex(octetsOfBits(reader("030200ab").take(BIT_STRING))), "ab");
  for (const data of ["0300", "030204b0"]) assert.throws(() => octetsOfBits(reader(data).take(BIT_STRING)), NotDer);
});

test("passes over anything that is made of elements, and over nothing else", () => {
  const whole = reader("30053003020101");
  whole.skip();
  whole.end();
  for (const data of ["", "3002020201", "3004020101ff", "1f8101", "0000", "30".repeat(3)]) {
    assert.throws(() => reader(data).skip(), NotDer, data);
  }
  const nested = (depth: number): string => {
    let told = "";
    for (let count = 0; count < depth; count++) told = `30${(told.length / 2).toString(16).padStart(2, "0")}${told}`;
    return told;
  };
  reader(nested(9)).skip();
  assert.throws(() => reader(nested(10)).skip(), NotDer);
});
