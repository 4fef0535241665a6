import assert from "node:assert/strict";
import test from "node:test";

import { sha256, utf8 } from "../../src/attestation/bytes.ts";
import type { VerifiedDocument } from "../../src/attestation/verified-document.ts";
import { Unreachable } from "../../src/api/problem.ts";
import { canonical, canonicalDigest } from "../../src/sealing/canonical.ts";
import { spkiOf } from "../../src/sealing/ec-keys.ts";
import { hex } from "../../src/attestation/bytes.ts";
import { HeadsInMemory } from "../../src/sealing/heads.ts";
import { PastKeysInStorage } from "../../src/sealing/past-keys.ts";
import type { Platform } from "../../src/sealing/platform.ts";
import { held, makeReader } from "../../src/sealing/reader-keys.ts";
import { Readers } from "../../src/sealing/readers.ts";
import { SealedInMemory } from "../../src/sealing/sealed-here.ts";
import { StorageInMemory } from "./storage.ts";
import { WeekDesk, type DeskGiven } from "../../src/sealing/week-desk.ts";

const EVENT = "202611003";
const RSA = { name: "RSA-OAEP", modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
const sealing = await crypto.subtle.generateKey(RSA, true, ["encrypt", "decrypt"]);
const enclave = (await makeReader("enclave")).sig;
const { d: _, ...signing } = enclave;
const OF_NOW = { signing, kid: "chave-de-teste-1" };
const keys = await held(await makeReader("ana"));

/** A desk whose platform counts what it is asked, and whose verifier believes every document. */
async function given(changes: Partial<DeskGiven> = {}, weeks: readonly string[] = ["*"], { signing, kid } = OF_NOW) {
  const asked: string[] = [];
  const assinatura = hex(await sha256(await spkiOf(signing)));
  const declaracao = { kid, assinatura, semanas: weeks, metodo: "MP-2023.2.0" };
  const document: VerifiedDocument = {
    moduleId: "i-1-enc1",
    instant: new Date(0),
    pcrs: new Map(),
    publicKey: new Uint8Array(await crypto.subtle.exportKey("spki", sealing.publicKey)),
    userData: await sha256(canonical(declaracao)),
    nonce: null,
    root: "0".repeat(64),
  };
  const platform: Platform = {
    async answer(path) {
      asked.push(path.replace(/[0-9a-f]{64}/, "NONCE"));
      return Response.json({ atestado: btoa("x"), declaracao, assinatura: signing });
    },
  };
  const verify = async () => document;
  const desk: DeskGiven = {
    platform,
    event: EVENT,
    sender: "33047509000149",
    keys,
    readers: await Readers.of([keys.reader]),
    code: { root: document.root, isHardware: false, verifyNow: verify, verifyThen: verify },
    heads: new HeadsInMemory(),
    sealedHere: new SealedInMemory(),
    ...changes,
  };
  return { asked, desk };
}

const seal = (desk: WeekDesk) => desk.sealed(utf8("{}"), "PORTFOLIO", { seen: null });

test("one attestation serves five minutes of sealing, and then another is asked for", async () => {
  let now = 1_000_000_000_000;
  const { asked, desk } = await given({ now: () => new Date(now) });
  const open = new WeekDesk(desk);
  await Promise.all([seal(open), seal(open), open.signer()]);
  now += 5 * 60_000 - 1;
  await seal(open);
  assert.deepEqual(asked, ["/prudencial/chave?nonce=NONCE"]);
  now += 1;
  await seal(open);
  assert.equal(asked.length, 2);
  now += 3_600_000;
  await open.signer();
  assert.equal(asked.length, 2);
});

test("a clock that was put back makes no attestation last longer", async () => {
  let now = 1_000_000_000_000;
  const { asked, desk } = await given({ now: () => new Date(now) });
  const open = new WeekDesk(desk);
  await seal(open);
  now -= 3_600_000;
  await seal(open);
  assert.equal(asked.length, 2);
});

test("each key that was attested is told, once", async () => {
  const told: string[] = [];
  const { desk } = await given({ onKey: (key) => told.push(key.keyId) });
  const open = new WeekDesk(desk);
  await Promise.all([seal(open), seal(open)]);
  assert.deepEqual(told, ["chave-de-teste-1"]);
});

test("where the attestation fails nothing is sealed, and the next try asks again", async () => {
  let isOut = true;
  const made = await given();
  const platform: Platform = {
    async answer(path) {
      if (isOut) throw new Unreachable("fora do ar");
      return made.desk.platform.answer(path);
    },
  };
  const open = new WeekDesk({ ...made.desk, platform });
  await assert.rejects(seal(open), Unreachable);
  isOut = false;
  assert.ok((await seal(open)).identity);
});

test("nothing is sealed to a key that does not serve the week", async () => {
  const { desk } = await given({}, ["202611002"]);
  await assert.rejects(seal(new WeekDesk(desk)), { code: "EVENTO_FORA_DA_CHAVE" });
});

test("what was sealed is known to have been sealed here", async () => {
  const { desk } = await given();
  const { identity } = await seal(new WeekDesk(desk));
  assert.ok(desk.sealedHere.has(EVENT, identity));
});

test("no desk is opened with a list that has other keys under the reader's name", async () => {
  const other = await held(await makeReader("ana"));
  const { desk } = await given({ readers: await Readers.of([other.reader]) });
  assert.throws(() => new WeekDesk(desk), { code: "MALFORMADO" });
});

test("after a change of the enclave's keys, who signed before is still known, and nothing is sealed to it", async () => {
  const pastKeys = new PastKeysInStorage(new StorageInMemory(), "raiz");
  const { d: _d, ...after } = (await makeReader("enclave")).sig;
  const accepted = async (): Promise<VerifiedDocument> => later.desk.code.verifyNow(new Uint8Array(), { at: new Date(), nonce: new Uint8Array() });
  const before = await given({ pastKeys });
  await seal(new WeekDesk(before.desk));
  const later = await given({ pastKeys }, ["*"], { signing: after, kid: "chave-de-teste-2" });
  const then = before.desk.code.verifyThen;
  const known = new WeekDesk({ ...later.desk, code: { ...later.desk.code, verifyThen: then } });
  assert.equal((await known.sealingKey()).keyId, "chave-de-teste-2");
  const signers = [];
  for await (const one of known.signers()) signers.push(one.x);
  // The offer of now is among those kept; its document is not the one that this verifier of the past believes.
  assert.deepEqual(signers, [after.x, signing.x]);
  const distrusted = new WeekDesk({ ...later.desk, code: { ...later.desk.code, verifyThen: accepted } });
  const believed = [];
  for await (const one of distrusted.signers()) believed.push(one.x);
  assert.deepEqual(believed, [after.x, after.x]);
});

test("parameters in force are named by the digest of the whole set, and the method by its switch", async () => {
  for (const [netting, method] of [
    ["SEM_SINAL", "MP-2023.2.0"],
    ["COM_SINAL", "MP-2023.2.0+COM_SINAL"],
  ]) {
    const parametros = { evento: EVENT, metodo: "MP-2023.2.0", opcoes: { compensacaoEntreMeses: netting } };
    const platform: Platform = { answer: async () => Response.json({ parametros }) };
    const { desk } = await given({ platform });
    const told = await new WeekDesk(desk).inForce();
    assert.deepEqual(told, { parameters: await canonicalDigest(parametros), method });
  }
});

test("parameters of another week are none of this one", async () => {
  const platform: Platform = { answer: async () => Response.json({ parametros: { evento: "202611002" } }) };
  const { desk } = await given({ platform });
  await assert.rejects(new WeekDesk(desk).inForce(), { code: "MALFORMADO" });
});
