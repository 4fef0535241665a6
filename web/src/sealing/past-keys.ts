import { utf8 } from "../attestation/bytes.ts";
import { AttestationRefused } from "../attestation/refusals.ts";
import type { PublicJwk } from "./ec-keys.ts";
import { readObject } from "./json-members.ts";
import { readOffer, verifyPastOffer } from "./offered-key.ts";
import { malformed, SealRefused } from "./refusals.ts";
import type { ReleasedCode } from "./released-code.ts";

/**
 * Keys that were on offer when this browser sealed: what an enclave answered before its keys were changed is signed by
 * them. An offer is public, and judged anew each time it counts.
 */
export interface PastKeys {
  /** Offers as they came, the newest first. */
  offers(): readonly string[];
  keep(keyId: string, offer: string): void;
}

const MOST_KEPT = 8;
const LARGEST = 1_000_000;

/** Kept in `localStorage`; `scope` as of `HeadsInStorage`. */
export class PastKeysInStorage implements PastKeys {
  readonly #storage: Storage;
  readonly #name: string;

  constructor(storage: Storage, scope: string) {
    this.#storage = storage;
    this.#name = `aval.chaves.${scope}`;
  }

  offers(): readonly string[] {
    return this.#all().map(([, offer]) => offer).reverse();
  }

  keep(keyId: string, offer: string): void {
    const others = this.#all().filter(([kept]) => kept !== keyId);
    const newest = [...others, [keyId, offer] as const].slice(-MOST_KEPT);
    this.#storage.setItem(this.#name, JSON.stringify(Object.fromEntries(newest)));
  }

  #all(): readonly (readonly [string, string])[] {
    const text = this.#storage.getItem(this.#name);
    const told = text === null ? [] : Object.entries(readObject(utf8(text), LARGEST));
    return told.map(([keyId, offer]) => {
      if (typeof offer !== "string") throw malformed("o registro das chaves já oferecidas não tem a forma devida");
      return [keyId, offer];
    });
  }
}

/** Who signed then, by each offer that still holds; one whose code is no longer believed is passed over. */
export async function* pastSigners(past: PastKeys, code: ReleasedCode): AsyncGenerator<PublicJwk> {
  for (const offer of past.offers()) {
    const signer = await signerThen(offer, code);
    if (signer !== null) yield signer;
  }
}

async function signerThen(offer: string, code: ReleasedCode): Promise<PublicJwk | null> {
  try {
    return (await verifyPastOffer(await readOffer(offer), code)).signing;
  } catch (refusal) {
    if (refusal instanceof AttestationRefused || refusal instanceof SealRefused) return null;
    throw refusal;
  }
}
