/** Judges the vectors that Python recorded: a JSON line each in standard input, a judgement each in standard output. */
import { createInterface } from "node:readline";

import { fromHex, hex } from "../../src/attestation/bytes.ts";
import { decode, Tagged, type CborValue } from "../../src/attestation/cbor.ts";
import { verifyChain } from "../../src/attestation/chain.ts";
import { parseDocument, type AttestationDocument } from "../../src/attestation/document.ts";
import { verifyCode } from "../../src/attestation/expectation.ts";
import { readSigner } from "../../src/attestation/log-lines.ts";
import { MeasurementLog, type LogHead, type Measurement } from "../../src/attestation/measurements.ts";
import { rsaKeyOf } from "../../src/attestation/public-key.ts";
import { AttestationRefused, MeasurementLogRefused } from "../../src/attestation/refusals.ts";
import { verifyLive, verifyOrigin, verifyReplay } from "../../src/attestation/verification.ts";
import type { VerifiedDocument } from "../../src/attestation/verified-document.ts";

type Told = Readonly<Record<string, string>>;
type ToldEntry = { readonly act: "LIBERAR" | "RETIRAR"; readonly at: number; readonly version: string; readonly pcrs: Told };

/** What the recorded functions are given (tests/web/attestation_vectors.py). */
interface Given {
  readonly data: string;
  readonly root: string;
  readonly at: number | null;
  readonly nonce: string;
  readonly maxAge: number | null;
  readonly measurements: readonly Told[];
  readonly bundle: readonly string[];
  readonly leaf: string;
  readonly leeway: number;
  readonly pcrs: Told;
  readonly publicKey: string | null;
  readonly atLeastBits: number;
  readonly text: string;
  readonly line: string;
  readonly signer: string;
  readonly seen: LogHead | null;
  readonly entries: readonly ToldEntry[];
  readonly head: LogHead;
}

const JUDGES: Readonly<Record<string, (given: Given) => Promise<unknown>>> = {
  decode: async ({ data }) => plain(decode(fromHex(data))),
  parse_document: async ({ data }) => {
    const { content, signature, toBeSigned } = parseDocument(fromHex(data));
    return { ...facts(content), signature: hex(signature), toBeSigned: hex(toBeSigned) };
  },
  verify_chain: async ({ bundle, leaf, root, at, leeway }) => {
    const terms = { root, at: new Date(at ?? Number.NaN), leeway };
    const key = await verifyChain(bundle.map(fromHex), fromHex(leaf), terms);
    return hex(new Uint8Array(await crypto.subtle.exportKey("spki", key)));
  },
  verify_origin: async ({ data, root, at, maxAge }) => {
    const moment = at === null ? null : new Date(at);
    return facts(
      await verifyOrigin(fromHex(data), { root, at: moment, ...(maxAge === null ? {} : { maxAge }) }),
    );
  },
  verify_replay: async ({ data, root, measurements }) =>
    verifiedFacts(await verifyReplay(fromHex(data), { root, accepted: () => expected(measurements) }), root),
  verify_live: async ({ data, root, measurements, at, nonce, maxAge }) => {
    const accepted = (): readonly Measurement[] => expected(measurements);
    const question = { root, accepted, at: new Date(at ?? Number.NaN), nonce: fromHex(nonce) };
    const document = await verifyLive(fromHex(data), { ...question, ...(maxAge === null ? {} : { maxAge }) });
    return verifiedFacts(document, root);
  },
  verify_code: async ({ pcrs, measurements }) => {
    verifyCode(registers(pcrs), expected(measurements));
    return null;
  },
  rsa_key_of: async ({ publicKey, atLeastBits }) => {
    const key = await rsaKeyOf({ publicKey: fromHex(publicKey ?? "") }, atLeastBits);
    return hex(new Uint8Array(await crypto.subtle.exportKey("spki", key)));
  },
  parse_log: async ({ text, signer, seen }) => logFacts(await MeasurementLog.parse(text, signer, seen)),
  followed_by: async ({ entries, head, line, signer }) =>
    logFacts(await new MeasurementLog(entries.map(entryOf), head).followedBy(line, await readSigner(signer))),
};

function expected(measurements: readonly Told[]): readonly Measurement[] {
  return measurements.map((told) => ({ pcrs: registers(told) }));
}

function registers(told: Told): ReadonlyMap<number, Uint8Array> {
  return new Map(Object.entries(told).map(([index, value]) => [Number(index), fromHex(value)]));
}

function entryOf({ act, at, version, pcrs }: ToldEntry): MeasurementLog["entries"][number] {
  return { act, at: new Date(at), version, measurement: { pcrs: registers(pcrs) } };
}

function logFacts(log: MeasurementLog): unknown {
  const entries = log.entries.map(({ act, at, version, measurement }) => {
    return { act, at: at.getTime(), version, pcrs: told(measurement.pcrs) };
  });
  // What is in force whenever that changes, and just before.
  const moments = entries.flatMap(({ at }) => [at - 1000, at]);
  const inForce = moments.map((at) => log.accepted(new Date(at)).map(({ pcrs }) => told(pcrs)));
  return { head: log.head, entries, inForce };
}

function told(pcrs: ReadonlyMap<number, Uint8Array>): Told {
  return Object.fromEntries([...pcrs].map(([index, value]) => [String(index), hex(value)]));
}

function facts(document: AttestationDocument | VerifiedDocument): object {
  const { moduleId, instant, pcrs, publicKey, userData, nonce } = document;
  return {
    moduleId,
    instant: instant.getTime(),
    pcrs: told(pcrs),
    publicKey: publicKey === null || publicKey.length === 0 ? null : hex(publicKey),
    userData: userData && hex(userData),
    nonce: nonce && hex(nonce),
  };
}

function verifiedFacts(document: VerifiedDocument, root: string): object {
  if (document.root !== root) throw new Error("a verified document names another root");
  return facts(document);
}

/** Kinds that JSON does not tell apart, told apart. */
function plain(value: CborValue): unknown {
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (value instanceof Tagged) return { tag: String(value.tag), value: plain(value.value) };
  if (value instanceof Map) return { map: [...value].map(([key, inner]) => [plain(key), plain(inner)]) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "number" || typeof value === "bigint") return { number: String(value) };
  return value;
}

async function judged(line: string): Promise<unknown> {
  const { function: name, given } = JSON.parse(line) as { readonly function: string; readonly given: Given };
  const judge = JUDGES[name];
  if (judge === undefined) throw new Error(`nobody judges ${name}`);
  try {
    return { told: await judge(given) };
  } catch (failure) {
    if (!(failure instanceof AttestationRefused || failure instanceof MeasurementLogRefused)) throw failure;
    return { refused: failure.code, detail: failure.detail };
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  process.stdout.write(`${JSON.stringify(await judged(line))}\n`);
}
