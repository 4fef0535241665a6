import { hex, isSame, textOf, utf8, type Bytes } from "./bytes.ts";
import { BIT_STRING, DerReader, octetsOfBits, SEQUENCE } from "./der.ts";
import { importPoint, isSignedBy, P384_ALGORITHM, SIGNATURE_BYTES } from "./p384.ts";
import { MeasurementLogRefused } from "./refusals.ts";

/** What a line says, each member there and of no particular kind yet; but `n` is a whole number. */
export interface LineContent {
  readonly n: number;
  readonly anterior: unknown;
  readonly ato: unknown;
  readonly instante: unknown;
  readonly versao: unknown;
  readonly medida: unknown;
}

const HEADER = '{"alg":"ES384","typ":"aval-medida"}';
const MEMBERS = ["anterior", "ato", "instante", "medida", "n", "versao"].join();
const MAX_LINE = 8 * 1024;
const PEM = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/;

/** The operator's public key, P-384 in PEM; throws `MeasurementLogRefused`. */
export async function readSigner(pem: string): Promise<CryptoKey> {
  try {
    const told = PEM.exec(pem)?.[1] ?? "";
    const outer = new DerReader(bytesOf(atob(told.replace(/\s/g, ""))));
    const parts = outer.enter(SEQUENCE);
    outer.end();
    const algorithm = hex(parts.take(SEQUENCE).whole);
    const point = octetsOfBits(parts.take(BIT_STRING));
    parts.end();
    if (algorithm === P384_ALGORITHM) return await importPoint(point);
  } catch {
    // Whatever was wrong with it, it is not the key that was to be told.
  }
  throw new MeasurementLogRefused("REGISTRO_CHAVE", "a chave do registro de medidas deve ser P-384, em PEM");
}

/** What the holder of `key` signed: a compact JWS (RFC 7515, section 7.1); throws `MeasurementLogRefused`. */
export async function readLine(line: string, key: CryptoKey): Promise<LineContent> {
  const parts = line.split(".");
  const [header, payload, signature] = parts;
  if (line.length > MAX_LINE || parts.length !== 3) throw malformed();
  const [head, content, signed] = [decoded(header), decoded(payload), decoded(signature)];
  // There is one header: nothing in it can be chosen (RFC 8725, section 3.1).
  if (!isSame(head, utf8(HEADER)) || signed.length !== SIGNATURE_BYTES) throw malformed();
  if (!(await isSignedBy(key, signed, utf8(`${header}.${payload}`)))) {
    throw new MeasurementLogRefused(
      "REGISTRO_ASSINATURA",
      "uma linha do registro não foi assinada por quem o mantém",
    );
  }
  return members(content);
}

export function malformed(): MeasurementLogRefused {
  return new MeasurementLogRefused(
    "REGISTRO_FORMA",
    "uma linha do registro de medidas não tem a forma devida",
  );
}

function members(payload: Bytes): LineContent {
  let text: string;
  let content: unknown;
  try {
    text = textOf(payload);
    content = JSON.parse(text);
  } catch {
    throw malformed();
  }
  if (!isPlain(text, content) || !isContent(content)) throw malformed();
  return content;
}

function isContent(content: unknown): content is LineContent {
  return (
    isObject(content) && Object.keys(content).sort().join() === MEMBERS && typeof content["n"] === "number"
  );
}

/**
 * Whether nothing in `text` was lost by reading it: `JSON.parse` keeps the last of two equal names and takes
 * 1.0 for 1. No line has anything but objects, strings and whole numbers.
 */
function isPlain(text: string, content: unknown): boolean {
  const skeleton = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return /^[\s{}:,"\d-]*$/.test(skeleton) && skeleton.split(":").length - 1 === memberCount(content);
}

function memberCount(value: unknown): number {
  if (!isObject(value)) return 0;
  return Object.values(value).reduce<number>((count, inner) => count + 1 + memberCount(inner), 0);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One spelling for each content, so that a line has one digest (RFC 4648, section 3.5). */
function decoded(text = ""): Bytes {
  if (!/^[\w-]*$/.test(text)) throw malformed();
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  try {
    const binary = atob(plain);
    // Bits that belong to no byte must be zero: written again, it must be the same.
    if (btoa(binary).replaceAll("=", "") !== plain) throw malformed();
    return bytesOf(binary);
  } catch {
    throw malformed();
  }
}

function bytesOf(binary: string): Bytes {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
