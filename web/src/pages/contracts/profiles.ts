import { signal } from "@preact/signals";

import type { AgentProfile, ProfilePage, Session } from "../../api/messages.ts";
import { pathWith } from "../../api/query.ts";
import { api } from "../../application.ts";

/** A profile through which somebody sees contracts; `acts` where they may also import and validate by it. */
export interface OwnProfile {
  readonly code: number;
  readonly sigla: string;
  readonly cnpj: string;
  readonly acts: boolean;
}

const AT_ONCE = 6;
const MOST_PROFILES = 1000;

let found: { readonly of: Session; readonly profiles: Promise<readonly OwnProfile[]> } | null = null;

/** Of the companies of `person`, by sigla; asked for once a login, and again after a failure. */
export function ownProfiles(person: Session): Promise<readonly OwnProfile[]> {
  if (found?.of !== person) {
    const profiles = profilesOf(person);
    found = { of: person, profiles };
    profiles.catch(() => {
      found = null;
    });
  }
  return found.profiles;
}

async function profilesOf(person: Session): Promise<readonly OwnProfile[]> {
  const seen = person.empresas.filter(({ pode }) => pode.includes("CONTRATOS_VER"));
  const pages = await each(seen, async ({ cnpj, pode }) => {
    const page = await api.json<ProfilePage>(pathWith("/perfis", { cnpj, limite: MOST_PROFILES }));
    const acts = pode.includes("CONTRATOS_AGIR");
    return page.perfis.map(({ codigo, sigla }) => ({ code: codigo, sigla, cnpj, acts }));
  });
  return pages.flat().sort((one, other) => one.sigla.localeCompare(other.sigla, "pt-BR"));
}

/** Siglas of profiles that lists name by their codes alone; null while it is not known, or where nobody has it. */
export const siglas = signal<ReadonlyMap<number, string | null>>(new Map());

let wanted = new Set<number>();

/** Have the sigla of `code` looked up soon, together with those that others want now. */
export function wantSigla(code: number): void {
  if (siglas.peek().has(code)) return;
  if (wanted.size === 0) queueMicrotask(() => void lookUp());
  wanted.add(code);
}

async function lookUp(): Promise<void> {
  const codes = [...wanted];
  wanted = new Set();
  siglas.value = new Map([...siglas.value, ...codes.map((code) => [code, null] as const)]);
  await each(codes, async (code) => {
    // A sigla is a help beside the code: without it the list still says who it is.
    const profile = await profileOf(code).catch(() => null);
    if (profile !== null) siglas.value = new Map(siglas.value).set(code, profile.sigla);
  });
}

async function profileOf(code: number): Promise<AgentProfile | null> {
  const page = await api.json<ProfilePage>(pathWith("/perfis", { codigo: code }));
  return page.perfis[0] ?? null;
}

/** `work` for each of `items`, a few at once, in their order. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}
