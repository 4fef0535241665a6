import { signal } from "@preact/signals";

import type { Session } from "../../api/messages.ts";
import { api, session, whenLeft } from "../../application.ts";
import { openProfiles, siglasOf, type Asking, type OwnProfile } from "./profile-lists.ts";

const ask: Asking = (path) => api.json(path);

let found: { readonly of: Session; readonly profiles: Promise<readonly OwnProfile[]> } | null = null;

/** Through which `person` sees contracts; asked for once a login, and again after a failure. */
export function ownProfiles(person: Session): Promise<readonly OwnProfile[]> {
  if (found?.of !== person) {
    const profiles = openProfiles(ask);
    found = { of: person, profiles };
    profiles.catch(() => {
      if (found?.profiles === profiles) found = null;
    });
  }
  return found.profiles;
}

/** Siglas of profiles that lists name by their codes alone; null while it is not known, or where nobody has it. */
export const siglas = signal<ReadonlyMap<number, string | null>>(new Map());

let wanted = new Set<number>();

whenLeft(() => {
  found = null;
  siglas.value = new Map();
});

/** Have the sigla of `code` looked up soon, together with those that others want now. */
export function wantSigla(code: number): void {
  if (siglas.peek().has(code)) return;
  if (wanted.size === 0) queueMicrotask(() => void lookUp());
  wanted.add(code);
}

async function lookUp(): Promise<void> {
  const login = session.ofThisLogin();
  const codes = [...wanted];
  wanted = new Set();
  siglas.value = new Map([...siglas.value, ...codes.map((code) => [code, null] as const)]);
  try {
    const told = await siglasOf(codes, ask);
    if (login.stands()) siglas.value = new Map([...siglas.value, ...told]);
  } catch {
    if (!login.stands()) return;
    // A sigla is a help beside the code: without it the list still says who it is, and the next one asks again.
    siglas.value = new Map([...siglas.value].filter(([code, sigla]) => sigla !== null || !codes.includes(code)));
  }
}
