import { importPrivate, publicHalf, type PrivateJwk } from "./ec-keys.ts";
import { Readers, requireReaderId, type Reader } from "./readers.ts";

/** A reader's keys as the browser holds them: the private halves can be used and cannot be read. */
export interface ReaderKeys {
  readonly reader: Reader;
  /** ECDH, `deriveBits`. */
  readonly encryption: CryptoKey;
  /** ECDSA, `sign`. */
  readonly signature: CryptoKey;
}

/** The private halves in clear: only between their making, or a file's opening, and `held`. */
export interface PrivateReader {
  readonly id: string;
  readonly enc: PrivateJwk;
  readonly sig: PrivateJwk;
}

/** Throws `SealRefused` for a name that no list of readers would take. */
export async function makeReader(id: string): Promise<PrivateReader> {
  requireReaderId(id);
  const [enc, sig] = await Promise.all([made("ECDH", ["deriveBits"]), made("ECDSA", ["sign", "verify"])]);
  return { id, enc, sig };
}

/** Imported so that nothing gives the private halves out again; throws `SealRefused` for halves of two keys. */
export async function held(told: PrivateReader): Promise<ReaderKeys> {
  const reader: Reader = { id: told.id, enc: publicHalf(told.enc), sig: publicHalf(told.sig) };
  // A reader that no list would take is refused here, before anything is sealed to it.
  await Readers.of([reader]);
  const [encryption, signature] = await Promise.all([
    importPrivate(told.enc, "ECDH"),
    importPrivate(told.sig, "ECDSA"),
  ]);
  return { reader, encryption, signature };
}

async function made(name: string, usages: KeyUsage[]): Promise<PrivateJwk> {
  const pair = (await crypto.subtle.generateKey({ name, namedCurve: "P-256" }, true, usages)) as CryptoKeyPair;
  const { x, y, d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  if (x === undefined || y === undefined || d === undefined) throw new TypeError("an EC key without its numbers");
  return { kty: "EC", crv: "P-256", x, y, d };
}
