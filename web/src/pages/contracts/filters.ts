import type { Market, Session, Side } from "../../api/messages.ts";
import { pathWith } from "../../api/query.ts";
import { whenLeft } from "../../application.ts";

export interface ContractFilters {
  readonly side: Side | "";
  readonly market: Market;
  /** Days, `AAAA-MM-DD`, or empty. */
  readonly from: string;
  readonly until: string;
  readonly pendingOnly: boolean;
  /** A profile's code, or empty for all of one's own. */
  readonly profile: string;
}

export const ALL_CONTRACTS: ContractFilters = {
  side: "",
  market: "LIVRE",
  from: "",
  until: "",
  pendingOnly: false,
  profile: "",
};

/** What a buyer comes for: where the list opens. */
export const AWAITED: ContractFilters = { ...ALL_CONTRACTS, side: "COMPRADOR", pendingOnly: true };

/** Nobody has touched the filters yet: an empty list of what is awaited opens all contracts instead. */
export function isAsOpened(filters: ContractFilters): boolean {
  return filters === AWAITED;
}

export interface PeriodFaults {
  readonly from: string | null;
  readonly until: string | null;
}

/** Why days that were typed cannot be asked for, beside the field; browsers hand on years that are half typed. */
export function periodFaults(from: string, until: string): PeriodFaults {
  const fromFault = from && !isAskable(from) ? "Informe um dia entre 1900 e 2199." : null;
  if (until && !isAskable(until)) return { from: fromFault, until: "Informe um dia entre 1900 e 2199." };
  const reversed = from && until && fromFault === null && until < from;
  return { from: fromFault, until: reversed ? "O fim do período vem antes do início. Corrija um dos dois." : null };
}

export function contractsPath(filters: ContractFilters, cursor: string | null, limit: number): string {
  return pathWith("/contratos", {
    papel: filters.side,
    ambiente: filters.market,
    inicio: filters.from,
    fim: filters.until,
    naoValidados: filters.market === "LIVRE" && filters.pendingOnly,
    perfil: filters.profile,
    limite: limit,
    cursor,
  });
}

/** The filters that somebody left, for when they come back from a contract; another person begins anew. */
let left: { readonly of: Session | null; readonly filters: ContractFilters } | null = null;

whenLeft(() => {
  left = null;
});

export function leftFilters(person: Session | null): ContractFilters {
  return left !== null && left.of === person ? left.filters : AWAITED;
}

export function keepFilters(person: Session | null, filters: ContractFilters): void {
  left = { of: person, filters };
}

function isAskable(day: string): boolean {
  return /^(19|20|21)\d{2}-\d{2}-\d{2}$/.test(day);
}
