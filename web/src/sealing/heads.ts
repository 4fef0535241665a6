import { utf8 } from "../attestation/bytes.ts";
import { headToJson, readHead, type Head } from "./head.ts";
import { readObject } from "./json-members.ts";

/** How far this reader has seen the journal of each event: kept here, since nobody else can be asked. */
export interface SeenHeads {
  /** The newest head seen of the event, or null. */
  of(event: string): Head | null;
  /** Keeps `head` where it goes further than what was seen. */
  keep(event: string, head: Head): void;
}

const LARGEST = 1_000_000;

export class HeadsInMemory implements SeenHeads {
  readonly #heads = new Map<string, Head>();

  of(event: string): Head | null {
    return this.#heads.get(event) ?? null;
  }

  keep(event: string, head: Head): void {
    const known = this.of(event);
    if (known === null || known.counter < head.counter) this.#heads.set(event, head);
  }
}

/**
 * Kept in `localStorage`, for all logins of this browser. `scope` tells platforms of one address apart, as the
 * fingerprint of the root does: a local stack that begins anew is another one.
 *
 * Throws `SealRefused` for a record that is damaged: forgetting it in silence would be what an attacker wants.
 */
export class HeadsInStorage implements SeenHeads {
  readonly #storage: Storage;
  readonly #name: string;

  constructor(storage: Storage, scope: string) {
    this.#storage = storage;
    this.#name = `aval.vistos.${scope}`;
  }

  of(event: string): Head | null {
    return this.#all().get(event) ?? null;
  }

  keep(event: string, head: Head): void {
    // Read anew: another tab may have seen more.
    const heads = this.#all();
    const known = heads.get(event);
    if (known !== undefined && known.counter >= head.counter) return;
    heads.set(event, head);
    const told = Object.fromEntries([...heads].map(([name, one]) => [name, headToJson(one)]));
    this.#storage.setItem(this.#name, JSON.stringify(told));
  }

  #all(): Map<string, Head> {
    const text = this.#storage.getItem(this.#name);
    if (text === null) return new Map();
    const members = readObject(utf8(text), LARGEST);
    return new Map(Object.entries(members).map(([event, head]) => [event, readHead(head)]));
  }
}
