import { signal, type ReadonlySignal } from "@preact/signals";

import { session, whenLeft } from "../../../application.ts";
import { LoginRefused } from "../../../session/cognito.ts";
import { subjectOf } from "../../../session/session.ts";
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

/** Of a sender's lists before today's: more than a week brings. */
const MOST_FORMER = 8;
const state = signal<LoginKeys | null>(null);
let login: string | null = null;
let store: KeyStore = new KeysInBrowser(indexedDB);
/** Raised by each change of a list, which lies in `localStorage`. */
const listsChanged = signal(0);

/** Null until `loadKeys` has ended. */
export const loginKeys: ReadonlySignal<LoginKeys | null> = state;

whenLeft(() => {
  state.value = null;
  login = null;
  // Keys that were to end with the page end with the login of who opened them.
  store = new KeysInBrowser(indexedDB);
});

/** Read what this browser keeps for who is logged in; nothing where it was read already. */
export async function loadKeys(): Promise<void> {
  if (state.peek() !== null) return;
  const tokens = session.ofThisLogin();
  const owner = subjectOf(await tokens.current());
  if (owner === null) throw new Error("the token names nobody");
  if (!tokens.stands()) throw new LoginRefused("SessionLeft");
  login = owner;
  await refresh(owner, null);
}

/** Take `coming` in for who is logged in now, and make them those that sign; a file takes a while to open. */
export async function keepKeys(coming: ReaderKeys | Promise<ReaderKeys>): Promise<void> {
  const owner = loginName();
  const keys = await coming;
  requireStill(owner);
  await store.keep(owner, keys);
  await refresh(owner, keys.reader.id);
}

export async function forgetKeys(readerId: string): Promise<void> {
  const owner = loginName();
  await store.remove(owner, readerId);
  await refresh(owner, null);
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
  return readersIn(listIn(listPlace(sender)));
}

/** The list before is kept, too: what was delivered with it is sent with it. */
export function keepColleagues(sender: string, colleagues: readonly Reader[]): void {
  const former = [...listIn(formerPlace(sender)), listIn(listPlace(sender))];
  localStorage.setItem(formerPlace(sender), JSON.stringify(former.slice(-MOST_FORMER)));
  localStorage.setItem(listPlace(sender), JSON.stringify(colleagues));
  listsChanged.value++;
}

/** Colleagues of an earlier list of `sender`'s, by the digest of that list; null where it was not of this browser. */
export async function formerColleagues(sender: string, own: ReaderKeys, digest: string): Promise<readonly Reader[] | null> {
  for (const told of listIn(formerPlace(sender)).reverse()) {
    const colleagues = await readersIn(told);
    if ((await listOf(own, colleagues)).digest === digest) return colleagues;
  }
  return null;
}

/** The list to seal with: who signs, and the colleagues; throws `SealRefused` where they make none. */
export async function readersFor(sender: string, own: ReaderKeys): Promise<Readers> {
  return listOf(own, await colleaguesOf(sender));
}

function listOf(own: ReaderKeys, colleagues: readonly Reader[]): Promise<Readers> {
  const others = colleagues.filter((one) => one.id !== own.reader.id);
  return Readers.of([own.reader, ...others].slice(0, MOST_READERS));
}

function listIn(place: string): unknown[] {
  const told: unknown = JSON.parse(localStorage.getItem(place) ?? "[]");
  return Array.isArray(told) ? told : [];
}

async function readersIn(told: unknown): Promise<readonly Reader[]> {
  return Array.isArray(told) ? Promise.all(told.map(readReader)) : [];
}

/** Read by what must follow a change of the lists. */
export function listsVersion(): number {
  return listsChanged.value;
}

async function refresh(owner: string, chosen: string | null): Promise<void> {
  let kept: readonly ReaderKeys[];
  try {
    kept = await store.list(owner);
  } catch {
    // Some private windows refuse IndexedDB: what is made there lasts as long as the page.
    requireStill(owner);
    store = new KeysInMemory();
    kept = await store.list(owner);
  }
  // Who left meanwhile leaves no keys to whoever came in.
  requireStill(owner);
  if (chosen !== null) localStorage.setItem(ownPlace(), chosen);
  const last = localStorage.getItem(ownPlace());
  const own = kept.find((one) => one.reader.id === last) ?? kept[0] ?? null;
  state.value = { kept, own, lasting: store instanceof KeysInBrowser };
}

function loginName(): string {
  if (login === null) throw new Error("reader keys were asked for before anybody logged in");
  return login;
}

/** Throws `LoginRefused` where `owner` is no longer who is logged in. */
function requireStill(owner: string): void {
  if (login !== owner) throw new LoginRefused("SessionLeft");
}

function ownPlace(): string {
  return `aval.leitor.${loginName()}`;
}

function listPlace(sender: string): string {
  return `aval.lista.${loginName()}.${sender}`;
}

function formerPlace(sender: string): string {
  return `${listPlace(sender)}.antes`;
}
