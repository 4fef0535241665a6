import { utf8 } from "../attestation/bytes.ts";
import { requireIdentity } from "./identities.ts";
import { readObject } from "./json-members.ts";
import { malformed } from "./refusals.ts";

/**
 * Identities of what was sealed in this browser, by event: whoever sees a reader's public keys can deliver a forgery
 * under them, and only who sealed knows which one it was. An identity tells nothing of what was sealed.
 */
export interface SealedHere {
  has(event: string, identity: string): boolean;
  add(event: string, identity: string): void;
}

const LARGEST = 4_000_000;
const MOST_OF_EVENT = 2000;

export class SealedInMemory implements SealedHere {
  readonly #known = new Set<string>();

  has(event: string, identity: string): boolean {
    return this.#known.has(`${event}/${identity}`);
  }

  add(event: string, identity: string): void {
    this.#known.add(`${event}/${requireIdentity(identity)}`);
  }
}

/** Kept in `localStorage`, the newest two thousand of an event. */
export class SealedInStorage implements SealedHere {
  readonly #storage: Storage;
  readonly #name: string;

  constructor(storage: Storage, scope: string) {
    this.#storage = storage;
    this.#name = `aval.selados.${scope}`;
  }

  has(event: string, identity: string): boolean {
    return this.#all()[event]?.includes(identity) ?? false;
  }

  add(event: string, identity: string): void {
    const known = this.#all();
    const others = (known[event] ?? []).filter((one) => one !== identity);
    known[event] = [...others, requireIdentity(identity)].slice(-MOST_OF_EVENT);
    this.#storage.setItem(this.#name, JSON.stringify(known));
  }

  #all(): Record<string, readonly string[]> {
    const text = this.#storage.getItem(this.#name);
    if (text === null) return {};
    const told = Object.entries(readObject(utf8(text), LARGEST));
    return Object.fromEntries(told.map(([event, listed]) => [event, identities(listed)]));
  }
}

function identities(listed: unknown): readonly string[] {
  if (!Array.isArray(listed)) throw malformed("o registro do que se selou aqui não é uma lista");
  return (listed as unknown[]).map(requireIdentity);
}
