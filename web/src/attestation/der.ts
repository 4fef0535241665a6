import { hex, owned, type Bytes } from "./bytes.ts";

/** One element of DER (X.690, chapter 8): its identifier octet, what is in it, and all of it as it came. */
export interface Element {
  readonly tag: number;
  readonly content: Bytes;
  readonly whole: Bytes;
}

export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OBJECT_IDENTIFIER = 0x06;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;
export const SEQUENCE = 0x30;
export const SET = 0x31;

const CONSTRUCTED = 0x20;
const LONG_TAG = 0x1f;
const MAX_DEPTH = 8;

/** Bytes that are not in the one spelling that DER has for a value. */
export class NotDer extends Error {
  override readonly name = "NotDer";
}

/** Reads elements one after another; every method throws `NotDer`. */
export class DerReader {
  readonly #data: Bytes;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = owned(data);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#data.length;
  }

  /** The next element, which must have this tag. */
  take(tag: number): Element {
    const start = this.#at;
    if (this.#byte() !== tag) throw new NotDer("another element");
    const end = this.#length() + this.#at;
    if (end > this.#data.length) throw new NotDer("cut short");
    const content = this.#data.subarray(this.#at, end);
    this.#at = end;
    return { tag, content, whole: this.#data.subarray(start, end) };
  }

  /** The next element if it has this tag. */
  takeIf(tag: number): Element | null {
    return this.nextTag === tag ? this.take(tag) : null;
  }

  get nextTag(): number | undefined {
    return this.#data[this.#at];
  }

  /** A reader of what is inside the next element. */
  enter(tag: number): DerReader {
    return new DerReader(this.take(tag).content);
  }

  /** Passes over one element, whatever it is: it and all that is in it must be elements. */
  skip(depth = 0): void {
    if (depth > MAX_DEPTH) throw new NotDer("elements too deep");
    const { tag, content } = this.take(this.nextTag ?? 0);
    // A number of more than five bits is told in octets of its own: nothing read here has one.
    if (tag === 0 || (tag & LONG_TAG) === LONG_TAG) throw new NotDer("tag");
    if ((tag & CONSTRUCTED) === 0) return;
    const inner = new DerReader(content);
    while (!inner.isAtEnd) inner.skip(depth + 1);
  }

  end(): void {
    if (!this.isAtEnd) throw new NotDer("bytes after the end");
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const octets = first & 0x7f;
    // None of what is read here is longer than two octets can tell; 0 is the indefinite form of BER.
    if (octets < 1 || octets > 2) throw new NotDer("length");
    let length = 0;
    for (let count = 0; count < octets; count++) length = length * 256 + this.#byte();
    if (length < (octets === 1 ? 0x80 : 0x100)) throw new NotDer("length not as short as can be");
    return length;
  }

  #byte(): number {
    const byte = this.#data[this.#at++];
    if (byte === undefined) throw new NotDer("cut short");
    return byte;
  }
}

/** The bytes of a whole number, as short as can be (X.690, section 8.3.2). */
export function integer(element: Element): Bytes {
  const [first = 0, second = 0] = element.content;
  const { length } = element.content;
  const isPadded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
  if (length === 0 || (length > 1 && isPadded)) throw new NotDer("number not as short as can be");
  return element.content;
}

/** The bytes of a number that is not negative, without the zero that only keeps its sign. */
export function magnitude(element: Element): Bytes {
  const bytes = integer(element);
  if ((bytes[0] ?? 0) >= 0x80) throw new NotDer("negative");
  return bytes[0] === 0 && bytes.length > 1 ? bytes.subarray(1) : bytes;
}

/** A truth value that is told because it is true: DER leaves a default out (X.690, section 11.5). */
export function isTold(element: Element | null): boolean {
  if (element !== null && hex(element.content) !== "ff") throw new NotDer("truth value");
  return element !== null;
}

/** The bytes of a string of whole octets. */
export function octetsOfBits(element: Element): Bytes {
  if (element.content[0] !== 0) throw new NotDer("bits that are no octets");
  return element.content.subarray(1);
}
