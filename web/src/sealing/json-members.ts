import { textOf } from "../attestation/bytes.ts";
import { malformed, SealRefused } from "./refusals.ts";

/** The members of a JSON object of which nothing is believed yet. */
export type Members = Readonly<Record<string, unknown>>;

const EXACT = Number.MAX_SAFE_INTEGER;
const DEEPEST = 16;
const ASCII = /^[\x00-\x7f]*$/;
const HALF_OF_A_CHARACTER = /\p{Surrogate}/u;
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d[\d.eE+-]*/gs;
const WHOLE = /^-?\d+$/;

/** Throws `SealRefused` for repeated names, fractions, depth, or more text than `largest` bytes. */
export function readObject(data: Uint8Array, largest: number): Members {
  if (data.length > largest) throw new SealRefused("GRANDE_DEMAIS", `o JSON tem mais de ${largest} bytes`);
  let text: string;
  let value: unknown;
  try {
    text = textOf(data);
    value = JSON.parse(text);
  } catch (failure) {
    throw notAnObject(failure);
  }
  requireOneMeaning(text);
  requirePlain(value);
  if (!isObject(value)) throw malformed("não é um objeto JSON");
  return value;
}

export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether `value` is an object of exactly those members. */
export function hasExactly(value: unknown, names: readonly string[]): value is Members {
  if (!isObject(value)) return false;
  const told = Object.keys(value);
  return told.length === names.length && names.every((name) => Object.hasOwn(value, name));
}

/** Throws `SealRefused` for anything but texts, whole numbers, lists and objects, each of which has one spelling. */
export function requirePlain(value: unknown, depth = 0): void {
  if (depth > DEEPEST) throw malformed("o JSON tem objetos dentro de objetos demais");
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "string") return requireWholeCharacters(value);
  if (typeof value === "number") return requireExact(value);
  if (Array.isArray(value)) {
    for (const one of value) requirePlain(one, depth + 1);
    return;
  }
  if (!isObject(value)) throw malformed("o JSON só leva textos, números inteiros, listas e objetos");
  for (const [name, one] of Object.entries(value)) {
    if (!ASCII.test(name)) throw malformed("um nome de membro não está em ASCII");
    requirePlain(one, depth + 1);
  }
}

/** JSON can spell half of a surrogate pair, which no UTF-8 carries (RFC 8259, section 8.2). */
function requireWholeCharacters(text: string): void {
  if (HALF_OF_A_CHARACTER.test(text)) throw malformed("um texto tem metade de um caractere");
}

function requireExact(number: number): void {
  if (!Number.isInteger(number)) throw malformed("o JSON só leva textos, números inteiros, listas e objetos");
  if (Math.abs(number) > EXACT) throw malformed("um número não cabe em 53 bits");
}

/**
 * Of a text that `JSON.parse` took: it keeps the last of two members of one name and reads 1.0 as 1, where
 * other readers do not (RFC 8259, sections 4 and 6).
 */
function requireOneMeaning(text: string): void {
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (const [token] of text.matchAll(TOKENS)) {
    const names = open.at(-1);
    if (token === "{") {
      open.push(new Set());
      isName = true;
    } else if (token === "[") {
      open.push(null);
      isName = false;
    } else if (token === "}" || token === "]") {
      open.pop();
      isName = false;
    } else if (token === ",") {
      isName = names instanceof Set;
    } else if (token.startsWith('"')) {
      if (isName && names) requireNew(names, JSON.parse(token) as string);
      isName = false;
    } else if (token !== ":" && !WHOLE.test(token)) {
      throw notAnObject();
    }
  }
}

function requireNew(names: Set<string>, name: string): void {
  if (names.has(name)) throw malformed("um nome aparece duas vezes no mesmo objeto JSON");
  names.add(name);
}

function notAnObject(cause?: unknown): SealRefused {
  return new SealRefused("MALFORMADO", "não é um objeto JSON em UTF-8", { cause });
}
