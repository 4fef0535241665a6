import { effect, signal, type ReadonlySignal } from "@preact/signals";

import { session } from "../../../application.ts";
import { KeysInBrowser, KeysInMemory, type KeyStore } from "../../../sealing/key-store.ts";
import type { ReaderKeys } from "../../../sealing/reader-keys.ts";
import { MOST_READERS, readReader, Readers, type Reader } from "../../../sealing/readers.ts";

/** A login's own reader keys in this browser; the private halves can be used and cannot be read. */
export interface LoginKeys {
  readonly kept: readonly ReaderKeys[];
  /** Who signs and opens: one of `kept`. */
  readonly own: ReaderKeys | null;
  /** False where the browser keeps nothing, so that the keys end with the page. */
  readonly lasting: boolean;
}

const state = signal<LoginKeys | null>(null);
let login: string | null = null;
let store: KeyStore = new KeysInBrowser(indexedDB);
/** Raised by each change of a list, which lies in `localStorage`. */
const listsChanged = signal(0);

/** Null until `loadKeys` has ended. */
export const loginKeys: ReadonlySignal<LoginKeys | null> = state;

effect(() => {
  if (session.standing.value !== "out") return;
  state.value = null;
  login = null;
});

/** Read what this browser keeps for who is logged in; nothing where it was read already. */
export async function loadKeys(): Promise<void> {
  if (state.peek() !== null) return;
  login = subjectOf(await session.current());
  await refresh(null);
}

/** Take `keys` in and make them those that sign. */
export async function keepKeys(keys: ReaderKeys): Promise<void> {
  await store.keep(loginName(), keys);
  await refresh(keys.reader.id);
}

export async function forgetKeys(readerId: string): Promise<void> {
  await store.remove(loginName(), readerId);
  await refresh(null);
}

export function useKeys(readerId: string): void {
  localStorage.setItem(ownPlace(), readerId);
  const { value } = state;
  const own = value?.kept.find((one) => one.reader.id === readerId);
  if (value && own) state.value = { ...value, own };
}

/** Colleagues who may read what is sealed for `sender`: public keys, which are no secret. */
export async function colleaguesOf(sender: string): Promise<readonly Reader[]> {
  listsChanged.value;
  const told: unknown = JSON.parse(localStorage.getItem(listPlace(sender)) ?? "[]");
  return Array.isArray(told) ? Promise.all(told.map(readReader)) : [];
}

export function keepColleagues(sender: string, colleagues: readonly Reader[]): void {
  localStorage.setItem(listPlace(sender), JSON.stringify(colleagues));
  listsChanged.value++;
}

/** The list to seal with: who signs, and the colleagues; throws `SealRefused` where they make none. */
export async function readersFor(sender: string, own: ReaderKeys): Promise<Readers> {
  const others = (await colleaguesOf(sender)).filter((one) => one.id !== own.reader.id);
  return Readers.of([own.reader, ...others].slice(0, MOST_READERS));
}

/** Read by what must follow a change of the lists. */
export function listsVersion(): number {
  return listsChanged.value;
}

async function refresh(chosen: string | null): Promise<void> {
  let kept: readonly ReaderKeys[];
  try {
    kept = await store.list(loginName());
  } catch {
    // Some private windows refuse IndexedDB: what is made there lasts as long as the page.
    store = new KeysInMemory();
    kept = await store.list(loginName());
  }
  if (chosen !== null) localStorage.setItem(ownPlace(), chosen);
  const last = localStorage.getItem(ownPlace());
  const own = kept.find((one) => one.reader.id === last) ?? kept[0] ?? null;
  state.value = { kept, own, lasting: store instanceof KeysInBrowser };
}

function loginName(): string {
  if (login === null) throw new Error("reader keys were asked for before anybody logged in");
  return login;
}

function ownPlace(): string {
  return `aval.leitor.${loginName()}`;
}

function listPlace(sender: string): string {
  return `aval.lista.${loginName()}.${sender}`;
}

/** Who the token is of: it never changes, as names and addresses do. The platform judges the token, not the page. */
function subjectOf(token: string): string {
  const body = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  const { sub } = JSON.parse(atob(body)) as { readonly sub?: unknown };
  if (typeof sub !== "string" || sub === "") throw new Error("the token names nobody");
  return sub;
}
