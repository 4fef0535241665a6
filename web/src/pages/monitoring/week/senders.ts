import { signal } from "@preact/signals";

import type { CompanyRoles, Session } from "../../../api/messages.ts";
import { person, whenLeft } from "../../../application.ts";

/** A company by whose responsibility a person acts in the monitoring (docs/monitoring.md). */
export type Sender = CompanyRoles;

/** Kept while the page is open: the next week is filled for the same company. */
const chosen = signal<string | null>(null);

whenLeft(() => {
  chosen.value = null;
});

export function sendersOf(who: Session | null): readonly Sender[] {
  return (who?.empresas ?? []).filter((company) => company.pode.includes("PRUDENCIAL"));
}

export interface SenderChoice {
  readonly senders: readonly Sender[];
  /** Null for who answers for no company: there is nothing that they may do or see here. */
  readonly sender: Sender | null;
  readonly choose: (cnpj: string) => void;
}

export function useSender(): SenderChoice {
  const senders = sendersOf(person.value);
  const sender = senders.find((one) => one.cnpj === chosen.value) ?? senders[0] ?? null;
  return {
    senders,
    sender,
    choose: (cnpj) => {
      chosen.value = cnpj;
    },
  };
}
