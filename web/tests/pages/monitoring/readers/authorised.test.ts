import assert from "node:assert/strict";
import { test } from "node:test";

import type { ReadersTold } from "../../../../src/api/messages.ts";
import { authorisedIn, changeOf, signedListIn } from "../../../../src/pages/monitoring/readers/authorised.ts";
import { encode } from "../../../../src/sealing/base64url.ts";
import { utf8 } from "../../../../src/attestation/bytes.ts";
import { createReader } from "../../../../src/sealing/reader-file.ts";
import { held, makeReader } from "../../../../src/sealing/reader-keys.ts";
import { signNextList } from "../../../../src/sealing/reader-lists.ts";
import { fingerprintOf, Readers, type Reader } from "../../../../src/sealing/readers.ts";

const COMPANY = "33047509000149";

const ana = await held(await makeReader("ana"));
const bia = (await held(await makeReader("bia"))).reader;
const caio = (await held(await makeReader("caio"))).reader;

function fileOf(...parts: BlobPart[]): File {
  return new File(parts, "lista.jws");
}

async function signed(company: string): Promise<string> {
  const readers = await Readers.of([ana.reader, bia]);
  return signNextList({ company, readers, former: readers.digest, issuedAt: new Date() }, ana);
}

test("a signed list is read with the company that it is of, whatever ends its line", async () => {
  const text = await signed(COMPANY);
  assert.deepEqual(await signedListIn(fileOf(text, "\r\n")), { text, company: COMPANY });
});

test("a file of keys stays here, and its person is told so", async () => {
  const { file } = await createReader("ana", "uma senha bem comprida");
  await assert.rejects(signedListIn(fileOf(file)), /não deve sair deste computador/);
});

test("what is no signed list stays here", async () => {
  const other = encode(utf8('{"typ":"JWT"}'));
  const list = (await signed(COMPANY)).split(".");
  const contents: readonly BlobPart[] = [
    "",
    "uma carta",
    "a.b.c",
    JSON.stringify(ana.reader),
    new Uint8Array([0x25, 0x50, 0x44, 0x46, 0xff, 0xfe]),
    `${other}.${list[1]}.${list[2]}`,
    `${list[0]}.${encode(utf8("[]"))}.${list[2]}`,
    "a".repeat(300_000),
  ];
  for (const content of contents) {
    await assert.rejects(signedListIn(fileOf(content)), /não é uma lista de leitores assinada/);
  }
});

test("a list that the platform tells is named by its own keys", async () => {
  const readers = await Readers.of([ana.reader, bia]);
  const authorised = await authorisedIn(await told(readers.listed, readers.digest));
  assert.deepEqual(authorised.readers?.listed, readers.listed);
  await assert.rejects(authorisedIn(await told([ana.reader, caio], readers.digest)), { code: "MALFORMADO" });
  assert.equal((await authorisedIn(await told([], null))).readers, null);
});

test("other keys under the same name come in, and the former go out", async () => {
  const second = (await held(await makeReader("bia"))).reader;
  const from = await Readers.of([ana.reader, bia, caio]);
  const to = await Readers.of([ana.reader, second]);
  assert.deepEqual(changeOf(from, to), { entering: [second], leaving: [bia, caio] });
  assert.deepEqual(changeOf(from, from), { entering: [], leaving: [] });
});

async function told(readers: readonly Reader[], resumo: string | null): Promise<ReadersTold> {
  const one = async (reader: Reader) => ({
    id: reader.id,
    enc: { ...reader.enc },
    sig: { ...reader.sig },
    impressao: await fingerprintOf(reader),
  });
  return { cnpj: COMPANY, resumo, leitores: await Promise.all(readers.map(one)), autorizacoes: [] };
}
