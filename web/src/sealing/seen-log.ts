import { utf8 } from "../attestation/bytes.ts";
import type { LogHead } from "../attestation/measurements.ts";
import { readHead } from "./head.ts";
import { readObject } from "./json-members.ts";

/** How far the log of measurements was seen: one that is shorter, or not its continuation, is refused. */
export interface SeenLog {
  get(): LogHead | null;
  keep(head: LogHead): void;
}

const LARGEST = 1024;

export class LogSeenInMemory implements SeenLog {
  #head: LogHead | null = null;

  get(): LogHead | null {
    return this.#head;
  }

  keep(head: LogHead): void {
    if (this.#head === null || this.#head.count < head.count) this.#head = head;
  }
}

/** Kept in `localStorage`; `scope` as of `HeadsInStorage`. Throws `SealRefused` for a record that is damaged. */
export class LogSeenInStorage implements SeenLog {
  readonly #storage: Storage;
  readonly #name: string;

  constructor(storage: Storage, scope: string) {
    this.#storage = storage;
    this.#name = `aval.medidas.${scope}`;
  }

  get(): LogHead | null {
    const text = this.#storage.getItem(this.#name);
    if (text === null) return null;
    const { counter, digest } = readHead(readObject(utf8(text), LARGEST));
    return { count: counter, digest };
  }

  keep(head: LogHead): void {
    const known = this.get();
    if (known !== null && known.count >= head.count) return;
    this.#storage.setItem(this.#name, JSON.stringify({ contador: head.count, resumo: head.digest }));
  }
}
