import type { ReaderKeys } from "./reader-keys.ts";
import { readReader } from "./readers.ts";

/** Where a login's reader keys stay between visits, as keys that nothing gives out again. */
export interface KeyStore {
  /** By name. */
  list(login: string): Promise<readonly ReaderKeys[]>;
  /** Takes the place of keys of that name. */
  keep(login: string, keys: ReaderKeys): Promise<void>;
  remove(login: string, readerId: string): Promise<void>;
}

/** For tests, and for a browser that keeps nothing: the keys end with the page. */
export class KeysInMemory implements KeyStore {
  readonly #kept = new Map<string, Map<string, ReaderKeys>>();

  async list(login: string): Promise<readonly ReaderKeys[]> {
    return [...(this.#kept.get(login)?.values() ?? [])].sort(byName);
  }

  async keep(login: string, keys: ReaderKeys): Promise<void> {
    requireKept(keys);
    const ofLogin = this.#kept.get(login) ?? new Map<string, ReaderKeys>();
    this.#kept.set(login, ofLogin.set(keys.reader.id, keys));
  }

  async remove(login: string, readerId: string): Promise<void> {
    this.#kept.get(login)?.delete(readerId);
  }
}

interface Row extends ReaderKeys {
  readonly login: string;
  readonly id: string;
}

const STORE_NAME = "leitores";

/** Keys in IndexedDB, which takes a `CryptoKey` as it is: what cannot be read out here cannot be read there. */
export class KeysInBrowser implements KeyStore {
  readonly #factory: IDBFactory;
  readonly #name: string;

  constructor(factory: IDBFactory, name = "aval.leitores") {
    this.#factory = factory;
    this.#name = name;
  }

  async list(login: string): Promise<readonly ReaderKeys[]> {
    const rows = await this.#within("readonly", (store) => store.getAll() as IDBRequest<Row[]>);
    const kept = await Promise.all(rows.filter((row) => row.login === login).map(keysOf));
    return kept.sort(byName);
  }

  async keep(login: string, keys: ReaderKeys): Promise<void> {
    requireKept(keys);
    const { reader, encryption, signature } = keys;
    const row: Row = { login, id: reader.id, reader, encryption, signature };
    await this.#within("readwrite", (store) => store.put(row));
  }

  async remove(login: string, readerId: string): Promise<void> {
    await this.#within("readwrite", (store) => store.delete([login, readerId]));
  }

  async #within<Told>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<Told>): Promise<Told> {
    const base = await this.#opened();
    try {
      const transaction = base.transaction(STORE_NAME, mode);
      const request = ask(transaction.objectStore(STORE_NAME));
      return await new Promise((resolve, reject) => {
        // What was written is there when the transaction ended, not when the request did.
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = () => reject(transaction.error);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      base.close();
    }
  }

  #opened(): Promise<IDBDatabase> {
    const request = this.#factory.open(this.#name, 1);
    return new Promise((resolve, reject) => {
      request.onupgradeneeded = () => request.result.createObjectStore(STORE_NAME, { keyPath: ["login", "id"] });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}

async function keysOf({ reader, encryption, signature }: Row): Promise<ReaderKeys> {
  return { reader: await readReader(reader), encryption, signature };
}

/** A key that could be read out again must never be kept. */
function requireKept({ encryption, signature }: ReaderKeys): void {
  if (encryption.extractable || signature.extractable) throw new TypeError("only keys that stay inside are kept");
}

function byName(one: ReaderKeys, other: ReaderKeys): number {
  return one.reader.id < other.reader.id ? -1 : 1;
}
