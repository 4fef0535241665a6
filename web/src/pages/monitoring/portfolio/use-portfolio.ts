import { useMemo, useRef, useState } from "preact/hooks";

import { utf8 } from "../../../attestation/bytes.ts";
import { Problem } from "../../../api/problem.ts";
import type { Wrong } from "../../../components/notice.tsx";
import { isObject } from "../../../sealing/json-members.ts";
import { portfolioRequest, readBack } from "../../../sealing/week-acts.ts";
import { useDelivery, type Deliverer } from "../desk/delivery.ts";
import type { WithAgent } from "../week/agent-page.tsx";
import type { PortfolioDocument } from "./document.ts";
import { draftOf, EMPTY, fieldAt, judged, type Draft, type Judged, type Placed } from "./draft.ts";
import { MONTHS } from "./lines.ts";
import { pastedAt, type Pasted, type Reading } from "./pasted.ts";

export interface LastPaste {
  readonly pasted: Pasted;
  /** Pastes the same block anew, its points read the other way. */
  readonly readAs: (reading: Reading) => void;
}

/** One agent's portfolio as it is filled, judged, delivered and read back. */
export interface PortfolioWork {
  readonly draft: Draft;
  readonly judged: Judged;
  readonly unsaved: boolean;
  readonly faultAt: (field: string) => Placed | null;
  /** All that is wrong, once somebody tried to deliver. */
  readonly wrongs: readonly Wrong[];
  readonly attempt: number;
  readonly lastPaste: LastPaste | null;
  readonly deliverer: Deliverer;
  readonly change: (draft: Draft) => void;
  readonly setCell: (cell: string, typed: string) => void;
  readonly paste: (text: string, at: { readonly line: number; readonly month: number }) => void;
  readonly undoPaste: () => boolean;
  readonly deliver: () => Promise<void>;
  readonly deliverFile: (file: File) => Promise<void>;
  readonly read: () => Promise<void>;
}

const TODAY = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Sao_Paulo" });

export function usePortfolio(within: WithAgent): PortfolioWork {
  const { week, agent, desk, reload } = within;
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [saved, setSaved] = useState<Draft>(EMPTY);
  const [attempt, setAttempt] = useState(0);
  const [lastPaste, setLastPaste] = useState<LastPaste | null>(null);
  const before = useRef<Draft | null>(null);
  const deliverer = useDelivery(desk);
  const about = { event: week.evento, company: agent.cnpj, today: TODAY.format(new Date()) };
  const found = useMemo(() => judged(draft, about), [draft, about.event, about.company, about.today]);
  const shown = shownFaults(found, draft, attempt > 0);

  function change(next: Draft): void {
    setDraft(next);
    deliverer.forget();
  }

  function apply(text: string, at: { readonly line: number; readonly month: number }, base: Draft, reading?: Reading): void {
    const pasted = pastedAt(text, at, { company: agent.cnpj, ...(reading ? { reading } : {}) });
    before.current = base;
    change({ ...base, cells: { ...base.cells, ...pasted.cells } });
    setLastPaste({ pasted, readAs: (other) => apply(text, at, base, other) });
  }

  function undoPaste(): boolean {
    if (before.current === null) return false;
    change(before.current);
    before.current = null;
    setLastPaste(null);
    return true;
  }

  async function send(text: string, document: PortfolioDocument | null): Promise<void> {
    const done = await deliverer.deliver(text, (week) => portfolioRequest(week, agent.cnpj, utf8(text)));
    if (done === null) return;
    const kept = done.payload["portfolio"];
    if (document === null && isPortfolio(kept)) setDraft(draftOf(kept));
    setSaved(document === null && isPortfolio(kept) ? draftOf(kept) : draft);
    setAttempt(0);
    await reload();
  }

  async function deliver(): Promise<void> {
    setAttempt(attempt + 1);
    if (found.faults.length > 0 || found.document === null) return;
    await send(JSON.stringify(found.document), found.document);
  }

  async function deliverFile(file: File): Promise<void> {
    const text = await file.text();
    const document = documentIn(text);
    // What came from a file is looked at where it will be mended, too.
    if (document) setDraft(draftOf(document));
    await send(text, null);
  }

  async function read(): Promise<void> {
    const done = await desk.sealing((own) => readBack(own, agent));
    const { portfolio } = done.payload;
    if (!isPortfolio(portfolio)) throw new Error("the answer carries no portfolio");
    setDraft(draftOf(portfolio));
    setSaved(draftOf(portfolio));
    setAttempt(0);
    setLastPaste(null);
    before.current = null;
    deliverer.forget();
  }

  const sealed = sealedFaults(deliverer, found.document);
  return {
    draft,
    judged: found,
    unsaved: draft !== saved && JSON.stringify(draft) !== JSON.stringify(saved),
    faultAt: (field) => shown.get(field) ?? sealed.find((one) => one.field === field) ?? null,
    wrongs: attempt > 0 && found.faults.length > 0 ? found.faults.map(wrongOf) : sealed.map(wrongOf),
    attempt: attempt + (deliverer.delivery.state === "failed" ? deliverer.delivery.attempt : 0),
    lastPaste,
    deliverer,
    change,
    setCell: (cell, typed) => {
      // A figure that is typed over a pasted one is taken back by the browser's own undo.
      before.current = null;
      change({ ...draft, cells: { ...draft.cells, [cell]: typed } });
    },
    paste: (text, at) => apply(text, at, draft),
    undoPaste,
    deliver,
    deliverFile,
    read,
  };
}

/** While one types, a sum is told only once its shares were begun: before that it cannot be right. */
function shownFaults(found: Judged, draft: Draft, all: boolean): ReadonlyMap<string, Placed> {
  const begun = (fault: Placed): boolean => {
    if (fault.rule === "obrigatorio") return false;
    if (!fault.rule.startsWith("soma-")) return true;
    const group = fault.field.replace(/-[^-]+-\d$/, "");
    const month = fault.field.slice(-1);
    return Object.entries(draft.cells).some(
      ([cell, typed]) => cell.startsWith(`${group}-`) && cell.endsWith(`-${month}`) && typed.trim() !== "",
    );
  };
  const listed = all ? found.faults : found.faults.filter(begun);
  return new Map(listed.map((fault) => [fault.field, fault]));
}

/** What the enclave told in its sealed answer, at the fields that it is about. */
function sealedFaults({ delivery }: Deliverer, document: PortfolioDocument | null): readonly Placed[] {
  if (delivery.state !== "failed" || !(delivery.error instanceof Problem)) return [];
  return delivery.error.faults.map(({ rule, detail, pointer }) => ({
    field: fieldAt(pointer ?? "", document) ?? "",
    rule,
    detail: pointer && fieldAt(pointer, document) === null ? `${pointer}: ${detail}` : detail,
  }));
}

function wrongOf({ field, detail }: Placed): Wrong {
  const month = /-([0-6])$/.exec(field)?.[1];
  const where = month === undefined || field.startsWith("patrimonioLiquido") ? "" : `${MONTHS[Number(month)]}: `;
  const told = `${where}${detail}`;
  return { ...(field ? { field } : {}), detail: `${told.charAt(0).toUpperCase()}${told.slice(1)}.` };
}

function documentIn(text: string): PortfolioDocument | null {
  try {
    const told: unknown = JSON.parse(text);
    return isPortfolio(told) ? told : null;
  } catch {
    return null;
  }
}

/** As far as the fields need it: what is in it is judged by the rules, and by the enclave. */
function isPortfolio(told: unknown): told is PortfolioDocument {
  if (!isObject(told)) return false;
  const { patrimonioLiquido: equity, meses: months } = told;
  if (!isObject(equity) || typeof equity["dataBase"] !== "string" || typeof equity["valor"] !== "string") return false;
  const deductions = equity["deducoes"];
  if (!Array.isArray(deductions) || !Array.isArray(months)) return false;
  const labels: readonly unknown[] = MONTHS;
  return (
    deductions.every((one) => isObject(one) && typeof one["valor"] === "string") &&
    months.every((month) => isObject(month) && labels.includes(month["mes"]))
  );
}
