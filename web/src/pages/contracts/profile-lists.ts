import type { ContractProfilePage, ProfilePage } from "../../api/messages.ts";
import { pathWith } from "../../api/query.ts";

/** A profile through which somebody sees contracts; `acts` where they may also import and validate by it. */
export interface OwnProfile {
  readonly code: number;
  readonly sigla: string;
  readonly acts: boolean;
}

export type Asking = <T>(path: string) => Promise<T>;

const MOST_OF_A_PAGE = 1000;
/** How many codes the platform takes in one request. */
const MOST_CODES = 100;

/** The profiles of the companies that one answers for, and of those that these operate for, by sigla. */
export async function openProfiles(ask: Asking): Promise<readonly OwnProfile[]> {
  const found: OwnProfile[] = [];
  let cursor: string | null = null;
  do {
    const page: ContractProfilePage = await ask(pathWith("/contratos/perfis", { limite: MOST_OF_A_PAGE, cursor }));
    found.push(...page.perfis.map(({ codigo, sigla, podeAgir }) => ({ code: codigo, sigla, acts: podeAgir })));
    cursor = page.proxima;
  } while (cursor !== null);
  return found.sort((one, other) => one.sigla.localeCompare(other.sigla, "pt-BR"));
}

/** Of each of `codes` that somebody has. */
export async function siglasOf(codes: readonly number[], ask: Asking): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  for (let from = 0; from < codes.length; from += MOST_CODES) {
    const asked = { codigo: codes.slice(from, from + MOST_CODES), limite: MOST_CODES };
    const page = await ask<ProfilePage>(pathWith("/perfis", asked));
    for (const { codigo, sigla } of page.perfis) found.set(codigo, sigla);
  }
  return found;
}
