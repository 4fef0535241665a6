import { textOf } from "./bytes.ts";
import { AttestationRefused } from "./refusals.ts";

/**
 * A strict reader of the CBOR that the NSM and COSE use (RFC 8949), for bytes that nobody vouches for.
 *
 * A repeated key is refused (section 5.6) and so is whatever follows the item: two readers would read two
 * documents. Maps and arrays of indefinite length are taken; floats and chunked strings are not.
 */
export type CborValue =
  | Whole
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborValue[]
  | CborMap
  | Tagged;
export type CborMap = ReadonlyMap<Whole | string, CborValue>;
/** `bigint` for what a number cannot hold exactly, and for that alone: one number has one key. */
export type Whole = number | bigint;

export const MAX_DEPTH = 8;

export class Tagged {
  readonly tag: Whole;
  readonly value: CborValue;

  constructor(tag: Whole, value: CborValue) {
    this.tag = tag;
    this.value = value;
  }
}

/** Reads one item that is all of `data`; throws `AttestationRefused` for anything else. */
export function decode(data: Uint8Array): CborValue {
  const reader = new Reader(data);
  const value = reader.item(0);
  if (!reader.isAtEnd) {
    throw new AttestationRefused("CBOR_BYTES_A_MAIS", "há bytes depois do fim do documento");
  }
  return value;
}

// Major types: RFC 8949, section 3.1.
const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const SIMPLE = 7;
const SIMPLE_VALUES: ReadonlyMap<number, boolean | null> = new Map([
  [20, false],
  [21, true],
  [22, null],
]);
const INDEFINITE = 31;
const BREAK = 0xff;

class Reader {
  readonly #data: Uint8Array;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#data.length;
  }

  item(depth: number): CborValue {
    if (depth > MAX_DEPTH) throw malformed("estruturas demais, uma dentro da outra");
    const head = this.#byte();
    const major = head >> 5;
    const information = head & 31;
    if (major === SIMPLE) return simple(information);
    const isIndefinite = information === INDEFINITE && (major === ARRAY || major === MAP);
    const argument = isIndefinite ? null : this.#argument(information);
    if (major === ARRAY) return this.#array(argument, depth);
    if (major === MAP) return this.#map(argument, depth);
    return this.#definite(major, argument ?? 0, depth);
  }

  #definite(major: number, argument: Whole, depth: number): CborValue {
    switch (major) {
      case UNSIGNED:
        return argument;
      case NEGATIVE:
        return whole(-1n - BigInt(argument));
      case BYTES:
        return this.#take(argument);
      case TEXT:
        return text(this.#take(argument));
    }
    return new Tagged(argument, this.item(depth + 1));
  }

  #array(length: Whole | null, depth: number): CborValue[] {
    const items: CborValue[] = [];
    while (this.#goesOn(length, items.length)) items.push(this.item(depth + 1));
    return items;
  }

  #map(length: Whole | null, depth: number): CborMap {
    const members = new Map<Whole | string, CborValue>();
    while (this.#goesOn(length, members.size)) {
      const key = this.item(depth + 1);
      if (typeof key !== "string" && typeof key !== "number" && typeof key !== "bigint") {
        throw malformed("a chave de um mapa não é número nem texto");
      }
      if (members.has(key)) {
        throw new AttestationRefused("CBOR_CHAVE_REPETIDA", "uma chave aparece duas vezes no mesmo mapa");
      }
      members.set(key, this.item(depth + 1));
    }
    return members;
  }

  /** Whether one more follows. No memory is taken for a length that is told: items must be there. */
  #goesOn(length: Whole | null, count: number): boolean {
    if (length !== null) return count < length;
    if (this.#data[this.#at] !== BREAK) return true;
    this.#at += 1;
    return false;
  }

  #argument(information: number): Whole {
    if (information < 24) return information;
    if (information > 27) throw malformed("tamanho reservado, ou indefinido onde só listas e mapas o têm");
    let value = 0n;
    for (const byte of this.#take(1 << (information - 24))) value = value * 256n + BigInt(byte);
    return whole(value);
  }

  #byte(): number {
    const [byte] = this.#take(1);
    return byte ?? 0;
  }

  #take(count: Whole): Uint8Array {
    if (count > this.#data.length - this.#at) throw malformed("acaba antes do fim");
    const end = this.#at + Number(count);
    const taken = this.#data.slice(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function simple(information: number): boolean | null {
  const value = SIMPLE_VALUES.get(information);
  if (value === undefined) {
    throw malformed("valor que um atestado não tem (número fracionário ou reservado)");
  }
  return value;
}

function text(bytes: Uint8Array): string {
  try {
    return textOf(bytes);
  } catch {
    throw malformed("um texto não é UTF-8");
  }
}

function whole(value: bigint): Whole {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function malformed(what: string): AttestationRefused {
  return new AttestationRefused("CBOR_MALFORMADO", `CBOR malformado: ${what}`);
}
