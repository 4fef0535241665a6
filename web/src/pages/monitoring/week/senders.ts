import { signal } from "@preact/signals";

import type { CompanyRoles, Session } from "../../../api/messages.ts";
import { person, session, whenLeft } from "../../../application.ts";
import { mayLeave } from "../../../routing/location.ts";

/** A company by whose responsibility a person acts in the monitoring (docs/monitoring.md). */
export type Sender = CompanyRoles;

/** Kept with the tab: the next week, and the page after a reload, is of the same company. */
const PLACE = "aval.remetente";
const chosen = signal<string | null>(null);

whenLeft(() => {
  chosen.value = null;
  sessionStorage.removeItem(PLACE);
});

export function sendersOf(who: Session | null): readonly Sender[] {
  return (who?.empresas ?? []).filter((company) => company.pode.includes("PRUDENCIAL"));
}

export interface SenderChoice {
  readonly senders: readonly Sender[];
  /** Null for who answers for no company: there is nothing that they may do or see here. */
  readonly sender: Sender | null;
  /** Asks first where something typed for the other company would be lost. */
  readonly choose: (cnpj: string) => void;
}

export function useSender(): SenderChoice {
  const senders = sendersOf(person.value);
  const last = chosen.value ?? sessionStorage.getItem(PLACE);
  const sender = senders.find((one) => one.cnpj === last) ?? senders[0] ?? null;
  return { senders, sender, choose: (cnpj) => void choose(cnpj) };
}

async function choose(cnpj: string): Promise<void> {
  const login = session.ofThisLogin();
  if (!(await mayLeave()) || !login.stands()) return;
  sessionStorage.setItem(PLACE, cnpj);
  chosen.value = cnpj;
}
