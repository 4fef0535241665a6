import { hex, textOf, type Bytes } from "./bytes.ts";
import {
  BIT_STRING,
  BOOLEAN,
  DerReader,
  GENERALIZED_TIME,
  INTEGER,
  integer,
  isTold,
  magnitude,
  NotDer,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  octetsOfBits,
  SEQUENCE,
  SET,
  UTC_TIME,
  type Element,
} from "./der.ts";
import { importPoint, P384_ALGORITHM } from "./p384.ts";

/** What the rules of a path ask of one certificate (RFC 5280, section 4.1). */
export interface Certificate {
  /** Names as they came, in hex: the same name is the same bytes. */
  readonly subject: string;
  readonly issuer: string;
  readonly begins: Date;
  readonly ends: Date;
  readonly constraints: Constraints | null;
  readonly usage: Usage | null;
  readonly hasUnknownCritical: boolean;
  /** Null where it is none on P-384. */
  readonly key: CryptoKey | null;
  readonly signed: Bytes;
  /** r and s as WebCrypto takes them; null where it is no signature by ECDSA with SHA-384. */
  readonly signature: Bytes | null;
  /** Whether it keeps the rules of form that no verdict of its own belongs to. */
  readonly isWellFormed: boolean;
}

export interface Constraints {
  readonly isAuthority: boolean;
  readonly pathLength: number | null;
  readonly isCritical: boolean;
}

export interface Usage {
  readonly digitalSignature: boolean;
  readonly keyCertSign: boolean;
  readonly isCritical: boolean;
}

interface Extension {
  readonly isCritical: boolean;
  readonly value: Bytes;
}

const BASIC_CONSTRAINTS = "551d13";
const KEY_USAGE = "551d0f";
// ecdsa-with-SHA384, without parameters: RFC 5758, section 3.2.
const ECDSA_SHA384 = "300a06082a8648ce3d040303";
const VERSION_3 = 2;
// 20 octets and the one that keeps the sign: RFC 5280, section 4.1.2.2.
const MAX_SERIAL_BYTES = 21;
const HALF = 48;
const VERSION_TAG = 0xa0;
const ISSUER_ID_TAG = 0x81;
const SUBJECT_ID_TAG = 0x82;
const EXTENSIONS_TAG = 0xa3;

/** Reads one certificate that is all of `der`; throws `NotDer`. */
export async function readCertificate(der: Uint8Array): Promise<Certificate> {
  const outer = new DerReader(der);
  const parts = outer.enter(SEQUENCE);
  outer.end();
  const signed = parts.take(SEQUENCE);
  const algorithm = hex(parts.take(SEQUENCE).whole);
  const signature = octetsOfBits(parts.take(BIT_STRING));
  parts.end();
  return {
    ...(await readSigned(signed, algorithm)),
    signed: signed.whole,
    signature: algorithm === ECDSA_SHA384 ? rawSignature(signature) : null,
  };
}

async function readSigned(
  signed: Element,
  algorithm: string,
): Promise<Omit<Certificate, "signed" | "signature">> {
  const fields = new DerReader(signed.content);
  const version = versionOf(fields.takeIf(VERSION_TAG));
  const serial = integer(fields.take(INTEGER));
  const innerAlgorithm = hex(fields.take(SEQUENCE).whole);
  const issuer = readName(fields);
  const validity = fields.enter(SEQUENCE);
  const [begins, ends] = [readTime(validity), readTime(validity)];
  validity.end();
  const subject = readName(fields);
  const key = await readKey(fields.enter(SEQUENCE));
  fields.takeIf(ISSUER_ID_TAG);
  fields.takeIf(SUBJECT_ID_TAG);
  const extensions = readExtensions(fields.takeIf(EXTENSIONS_TAG));
  fields.end();
  if (version !== VERSION_3 && extensions.size > 0) throw new NotDer("extensions of an older version");
  const serialIsLawful = serial.length <= MAX_SERIAL_BYTES && (serial[0] ?? 0) < 0x80;
  return {
    subject: hex(subject.whole),
    issuer: hex(issuer.whole),
    begins: begins.at,
    ends: ends.at,
    constraints: constraintsOf(extensions.get(BASIC_CONSTRAINTS)),
    usage: usageOf(extensions.get(KEY_USAGE)),
    hasUnknownCritical: [...extensions].some(
      ([kind, extension]) => extension.isCritical && kind !== BASIC_CONSTRAINTS && kind !== KEY_USAGE,
    ),
    key,
    isWellFormed:
      innerAlgorithm === algorithm &&
      serialIsLawful &&
      issuer.content.length > 0 &&
      begins.isLawful &&
      ends.isLawful,
  };
}

function versionOf(told: Element | null): number {
  if (told === null) return 0;
  const inner = new DerReader(told.content);
  const [version = 0, ...more] = integer(inner.take(INTEGER));
  inner.end();
  if (more.length > 0 || version < 1 || version > VERSION_3) throw new NotDer("version");
  return version;
}

/** RDNSequence: RFC 5280, section 4.1.2.4. Of what kind the names are is nobody's concern here. */
function readName(fields: DerReader): Element {
  const name = fields.take(SEQUENCE);
  const parts = new DerReader(name.content);
  while (!parts.isAtEnd) {
    const attributes = parts.enter(SET);
    do {
      const attribute = attributes.enter(SEQUENCE);
      attribute.take(OBJECT_IDENTIFIER);
      attribute.skip();
      attribute.end();
    } while (!attributes.isAtEnd);
  }
  return name;
}

/** A moment, and whether it is told as its year asks: RFC 5280, section 4.1.2.5. */
function readTime(reader: DerReader): { at: Date; isLawful: boolean } {
  const isShort = reader.nextTag === UTC_TIME;
  const digits = textOf(reader.take(isShort ? UTC_TIME : GENERALIZED_TIME).content);
  if (!(isShort ? /^\d{12}Z$/ : /^\d{14}Z$/).test(digits)) throw new NotDer("time");
  const full = isShort ? `${digits < "5" ? "20" : "19"}${digits}` : digits;
  const [, year = "", ...rest] = /^(\d{4})(..)(..)(..)(..)(..)Z$/.exec(full) ?? [];
  const [month, day, hour, minute, second] = rest;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const at = new Date(iso);
  // Days that a month has not got would be taken for days of the next.
  if (Number.isNaN(at.getTime()) || at.toISOString() !== iso) throw new NotDer("time");
  return { at, isLawful: isShort || year < "1950" || year > "2049" };
}

async function readKey(parts: DerReader): Promise<CryptoKey | null> {
  const algorithm = hex(parts.take(SEQUENCE).whole);
  const point = octetsOfBits(parts.take(BIT_STRING));
  parts.end();
  if (algorithm !== P384_ALGORITHM) return null;
  try {
    return await importPoint(point);
  } catch {
    throw new NotDer("no point of the curve");
  }
}

function readExtensions(told: Element | null): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  if (told === null) return found;
  const outer = new DerReader(told.content);
  const list = outer.enter(SEQUENCE);
  outer.end();
  while (!list.isAtEnd) {
    const one = list.enter(SEQUENCE);
    const kind = hex(one.take(OBJECT_IDENTIFIER).content);
    const isCritical = isTold(one.takeIf(BOOLEAN));
    const value = one.take(OCTET_STRING).content;
    one.end();
    const inner = new DerReader(value);
    inner.skip();
    inner.end();
    if (found.has(kind)) throw new NotDer("an extension told twice");
    found.set(kind, { isCritical, value });
  }
  return found;
}

function constraintsOf(extension: Extension | undefined): Constraints | null {
  if (extension === undefined) return null;
  const outer = new DerReader(extension.value);
  const inner = outer.enter(SEQUENCE);
  outer.end();
  const isAuthority = isTold(inner.takeIf(BOOLEAN));
  const length = inner.takeIf(INTEGER);
  inner.end();
  if (length !== null && !isAuthority) throw new NotDer("a path length of what is no authority");
  const pathLength = length && Number(`0x${hex(magnitude(length))}`);
  return { isAuthority, pathLength, isCritical: extension.isCritical };
}

function usageOf(extension: Extension | undefined): Usage | null {
  if (extension === undefined) return null;
  const outer = new DerReader(extension.value);
  const [unused = 8, bits = 0] = outer.take(BIT_STRING).content;
  outer.end();
  if (unused > 7) throw new NotDer("bits");
  // Bits 0 and 5, from the left: RFC 5280, section 4.2.1.3.
  return {
    digitalSignature: (bits & 0x80) !== 0,
    keyCertSign: (bits & 0x04) !== 0,
    isCritical: extension.isCritical,
  };
}

/** r and s, each as long as the order, of the sequence that certificates have (RFC 3279, section 2.2.3). */
function rawSignature(der: Bytes): Bytes | null {
  try {
    const outer = new DerReader(der);
    const parts = outer.enter(SEQUENCE);
    outer.end();
    const raw = new Uint8Array(2 * HALF);
    for (const end of [HALF, 2 * HALF]) {
      const number = magnitude(parts.take(INTEGER));
      if (number.length > HALF) return null;
      raw.set(number, end - number.length);
    }
    parts.end();
    return raw;
  } catch (failure) {
    if (failure instanceof NotDer) return null;
    throw failure;
  }
}
