import { signal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

import { api, apiOfThisLogin, pinned, session, whenLeft } from "../../../application.ts";
import type { LogEntry } from "../../../attestation/measurements.ts";
import { AttestationRefused, MeasurementLogRefused } from "../../../attestation/refusals.ts";
import { HeadsInStorage } from "../../../sealing/heads.ts";
import type { AttestedKey } from "../../../sealing/offered-key.ts";
import { PastKeysInStorage } from "../../../sealing/past-keys.ts";
import type { ReaderKeys } from "../../../sealing/reader-keys.ts";
import type { Readers } from "../../../sealing/readers.ts";
import { SealRefused } from "../../../sealing/refusals.ts";
import { SealedInStorage } from "../../../sealing/sealed-here.ts";
import { LogSeenInStorage } from "../../../sealing/seen-log.ts";
import { obtainKey, WeekDesk } from "../../../sealing/week-desk.ts";
import { listsVersion, loadKeys, loginKeys, readersFor } from "./login-keys.ts";
import { PublishedCode, requireDeployed } from "./published-code.ts";

/** What is known of the enclave's key. Nothing is sealed in any state but `verified`. */
export type Lock =
  | { readonly state: "unchecked" }
  | { readonly state: "checking" }
  | { readonly state: "verified"; readonly key: AttestedKey; readonly at: Date; readonly release: LogEntry | null }
  | { readonly state: "refused"; readonly code: string; readonly detail: string; readonly at: Date }
  /** No answer, or none of an enclave: nothing was found wrong, and nothing right. */
  | { readonly state: "unreachable"; readonly error: unknown };

/** One sender's work in one week: its reader's keys, the lock, and the acts. */
export class Desk {
  readonly event: string;
  readonly sender: string;
  /** Null for who has no keys in this browser: the lock can be seen, and nothing sealed or opened. */
  readonly keys: ReaderKeys | null;
  /** The list that data are sealed with. */
  readonly readers: Readers | null;
  /** For the acts of `sealing/week-acts.ts`; made by `sealing` and `opening`, which hold the lock. */
  readonly #week: WeekDesk | null;
  readonly #code: PublishedCode;
  readonly #lock = signal<Lock>({ state: "unchecked" });
  #checking: Promise<AttestedKey> | null = null;

  constructor(event: string, sender: string, code: PublishedCode, keys: ReaderKeys | null, readers: Readers | null) {
    this.event = event;
    this.sender = sender;
    this.keys = keys;
    this.readers = readers;
    this.#code = code;
    this.#week = keys && readers ? weekDesk(event, sender, code, keys, readers) : null;
  }

  get lock(): ReadonlySignal<Lock> {
    return this.#lock;
  }

  /** Whether the pinned root is AWS's; under any other all is labelled so. */
  get isHardware(): boolean {
    return this.#code.isHardware;
  }

  /** Whether there are keys to seal for and to open with. */
  get canWork(): boolean {
    return this.#week !== null;
  }

  /** Has the enclave's key attested unless it was in the last five minutes; throws what refuses it. */
  verify(): Promise<AttestedKey> {
    this.#checking ??= this.#verified().finally(() => {
      this.#checking = null;
    });
    return this.#checking;
  }

  /** `work` that seals, signs or opens: never before the lock holds. Throws as `verify` and `work` do. */
  async sealing<Done>(work: (week: WeekDesk) => Promise<Done>): Promise<Done> {
    if (this.#week === null) throw new SealRefused("LEITORES_INVALIDOS", "Crie ou abra antes as suas chaves de leitor.");
    await this.verify();
    return work(this.#week);
  }

  async #verified(): Promise<AttestedKey> {
    if (this.#lock.peek().state !== "verified") this.#lock.value = { state: "checking" };
    try {
      const key = await (this.#week?.sealingKey() ?? obtainKey(api, this.#code, () => new Date()));
      const at = key === keyOf(this.#lock.peek()) ? null : new Date();
      // The same key again was not looked at again: the time of its verification stands.
      if (at) this.#lock.value = { state: "verified", key, at, release: this.#code.releaseOf(key.document) };
      return key;
    } catch (failure) {
      this.#lock.value = lockAfter(failure);
      throw failure;
    }
  }
}

export type DeskFound =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly error: unknown; readonly retry: () => void }
  | { readonly state: "ready"; readonly desk: Desk };

/** The desk of one sender in one week, with the keys of who is logged in; its lock is verified as it comes. */
export function useDesk(event: string, sender: string): DeskFound {
  const [found, setFound] = useState<{ readonly desk: Desk } | { readonly error: unknown } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const own = loginKeys.value?.own ?? null;
  const lists = listsVersion();
  useEffect(() => {
    let current = true;
    deskOf(event, sender)
      .then((desk) => {
        if (!current) return;
        setFound({ desk });
        // What it comes to is told by the lock.
        desk.verify().catch(() => undefined);
      })
      .catch((error: unknown) => current && setFound({ error }));
    return () => {
      current = false;
    };
  }, [event, sender, own, lists, attempt]);
  if (found === null) return { state: "loading" };
  if ("error" in found) return { state: "failed", error: found.error, retry: () => setAttempt(attempt + 1) };
  return { state: "ready", desk: found.desk };
}

let codeFound: Promise<PublishedCode> | null = null;
let last: Desk | null = null;

whenLeft(() => {
  last = null;
});

/** Code that the platform publishes, under the root and the keeper's key that this page was deployed with. */
export function publishedCode(): Promise<PublishedCode> {
  codeFound ??= pinned()
    .then((told) => {
      const trust = requireDeployed(told);
      const log = (): Promise<string> => api.text("/prudencial/medidas", { authenticated: false });
      return new PublishedCode(trust, log, new LogSeenInStorage(localStorage, trust.raiz));
    })
    .catch((failure: unknown) => {
      codeFound = null;
      throw failure;
    });
  return codeFound;
}

/** The last one is kept, so that its attested key serves from page to page of one week. */
async function deskOf(event: string, sender: string): Promise<Desk> {
  const login = session.ofThisLogin();
  await loadKeys();
  const code = await publishedCode();
  const keys = loginKeys.peek()?.own ?? null;
  const readers = keys ? await readersFor(sender, keys) : null;
  const same = last?.event === event && last.sender === sender && last.keys === keys;
  if (last && same && last.readers?.digest === readers?.digest) return last;
  const desk = new Desk(event, sender, code, keys, readers);
  if (login.stands()) last = desk;
  return desk;
}

function weekDesk(event: string, sender: string, code: PublishedCode, keys: ReaderKeys, readers: Readers): WeekDesk {
  const heads = new HeadsInStorage(localStorage, code.root);
  const sealedHere = new SealedInStorage(localStorage, code.root);
  // Of this login alone: acts that go on after it was left are not asked for as whoever comes next.
  const platform = apiOfThisLogin();
  const pastKeys = new PastKeysInStorage(localStorage, code.root);
  return new WeekDesk({ platform, pastKeys, event, sender, keys, readers, code, heads, sealedHere });
}

function keyOf(lock: Lock): AttestedKey | null {
  return lock.state === "verified" ? lock.key : null;
}

function lockAfter(failure: unknown): Lock {
  const refused =
    failure instanceof AttestationRefused || failure instanceof MeasurementLogRefused || failure instanceof SealRefused;
  if (!refused) return { state: "unreachable", error: failure };
  return { state: "refused", code: failure.code, detail: failure.detail, at: new Date() };
}
