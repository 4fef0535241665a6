import assert from "node:assert/strict";
import { test } from "node:test";

import { ImportFileRefused, LARGEST_FILE_BYTES, readImportFile, sizeText } from "../../../src/pages/contracts/import-file.ts";

function file(...parts: BlobPart[]): File {
  return new File(parts, "contratos.xml");
}

const REGISTRATION = '<ContratosCCEAL tipoGeracao="4"><Contrato a="1"/><Contrato>x</Contrato></ContratosCCEAL>';

test("a file tells its kind and how many rows it has", async () => {
  const { kind, rows, recoded, name } = await readImportFile(file(REGISTRATION));
  assert.deepEqual({ kind, rows, recoded, name }, { kind: "CCEAL", rows: 2, recoded: false, name: "contratos.xml" });
});

for (const before of ["\ufeff", '<?xml version="1.0"?>\n', "<!-- a > b -->\n", "  \r\n"]) {
  test(`what stands before the root is passed over: ${JSON.stringify(before)}`, async () => {
    assert.equal((await readImportFile(file(`${before}<ContratosCBR/>`))).kind, "CBR");
  });
}

test("a prefix, accents and case make no other root", async () => {
  assert.equal((await readImportFile(file("<bm:CONTRATOSCCEAL/>"))).kind, "CCEAL");
  assert.equal((await readImportFile(file("<ContratósCBR/>"))).kind, "CBR");
});

test("a file in ISO-8859-1 is read as such and sent on in UTF-8", async () => {
  const latin = Uint8Array.from([...'<ContratosCBR a="S\u00e3o"/>'].map((sign) => sign.charCodeAt(0)));
  const read = await readImportFile(file(latin));
  assert.equal(read.recoded, true);
  assert.equal(await read.content.text(), '<ContratosCBR a="São"/>');
});

for (const [words, parts] of [
  ["vazio", []],
  ["não é XML", ["contrato;perfil\r\n1;2\r\n"]],
  ["começa por nota", ["<nota/>"]],
  ["UTF-16", [Uint8Array.of(0xff, 0xfe, 0x3c, 0)]],
  ["o limite é 50 MB", [new Uint8Array(LARGEST_FILE_BYTES + 1)]],
] as const) {
  test(`a file that cannot be an import is refused at once: ${words}`, async () => {
    await assert.rejects(readImportFile(file(...parts)), (refusal) => {
      return refusal instanceof ImportFileRefused && refusal.detail.includes(words) && refusal.detail.includes("contratos.xml");
    });
  });
}

test("sizes are told as people here write them", () => {
  assert.equal(sizeText(12), "12 bytes");
  assert.equal(sizeText(2048), "2 KB");
  assert.equal(sizeText(1_572_864), "1,5 MB");
});
