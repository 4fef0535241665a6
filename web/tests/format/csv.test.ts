import assert from "node:assert/strict";
import { test } from "node:test";

import { csvFile, csvText } from "../../src/format/csv.ts";

const BYTE_ORDER_MARK = "\ufeff";

test("a file begins with the mark of UTF-8 and has semicolons and CRLF", () => {
  assert.equal(csvText(["linha", "descrição"], [["1", "não"]]), `${BYTE_ORDER_MARK}linha;descrição\r\n1;não\r\n`);
});

test("a file is UTF-8 with the mark's three bytes first", async () => {
  const bytes = new Uint8Array(await csvFile(["a"], []).arrayBuffer());
  assert.deepEqual([...bytes], [0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a]);
});

for (const [value, written] of [
  ["a;b", '"a;b"'],
  ['diz "não"', '"diz ""não"""'],
  ["duas\nlinhas", '"duas\nlinhas"'],
  ["", ""],
] as const) {
  test(`a cell of ${JSON.stringify(value)} is written so that it reads back`, () => {
    assert.equal(csvText(["a"], [[value]]), `${BYTE_ORDER_MARK}a\r\n${written}\r\n`);
  });
}

for (const value of ["=1+1", "+55", "-2+3", "@SUM(A1)", " =1", "\t=1", "|cmd", "%x", "\rx"]) {
  test(`${JSON.stringify(value)} is shown by a spreadsheet, and not run`, () => {
    assert.match(csvText(["a"], [[value]]), /\r\n"?'/);
  });
}

test("a negative figure stays a figure", () => {
  assert.ok(csvText(["a"], [["-12,5"]]).endsWith("\r\n-12,5\r\n"));
});
