import { useMemo, useRef, useState } from "preact/hooks";

import { utf8 } from "../../../attestation/bytes.ts";
import { Problem } from "../../../api/problem.ts";
import type { Wrong } from "../../../components/notice.tsx";
import { isObject } from "../../../sealing/json-members.ts";
import { counterpartiesRequest, readBack } from "../../../sealing/week-acts.ts";
import { useDelivery, type Deliverer } from "../desk/delivery.ts";
import type { WithAgent } from "../week/agent-page.tsx";
import type { CounterpartiesDocument } from "./document.ts";
import { emptyRow, fieldAt, judged, rowsOf, type Judged, type Placed, type Row } from "./draft.ts";

export interface CounterpartiesWork {
  readonly rows: readonly Row[];
  readonly judged: Judged;
  readonly unsaved: boolean;
  readonly faultAt: (field: string) => string | null;
  readonly wrongs: readonly Wrong[];
  readonly attempt: number;
  readonly deliverer: Deliverer;
  /** By row, as shares of the PLA, as the enclave told them of what was delivered last. */
  readonly shares: readonly (string | null)[];
  readonly change: (rows: readonly Row[]) => void;
  readonly add: () => void;
  readonly nextKey: () => number;
  readonly deliver: () => Promise<void>;
  readonly deliverFile: (file: File) => Promise<void>;
  readonly read: () => Promise<void>;
}

export function useCounterparties({ week, agent, desk, reload }: WithAgent): CounterpartiesWork {
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [saved, setSaved] = useState<readonly Row[]>(rows);
  const [attempt, setAttempt] = useState(0);
  const [shares, setShares] = useState<readonly (string | null)[]>([]);
  const deliverer = useDelivery(desk);
  const keys = useRef(1000);
  const nextKey = (): number => keys.current++;
  const found = useMemo(() => judged(rows, { event: week.evento, company: agent.cnpj }), [rows, week.evento, agent.cnpj]);
  const shown = attempt > 0 ? found.faults : found.faults.filter((fault) => isLive(fault));
  const sealed = sealedFaults(deliverer);

  function change(next: readonly Row[]): void {
    setRows(next);
    setShares([]);
    deliverer.forget();
  }

  async function send(text: string): Promise<void> {
    const done = await deliverer.deliver(text, (own) => counterpartiesRequest(own, agent.cnpj, utf8(text)));
    if (done === null) return;
    take(done.payload);
    await reload();
  }

  /** What the enclave kept, in its own words. */
  function take(payload: Readonly<Record<string, unknown>>): void {
    const { contrapartes, exposicoes } = payload;
    if (isCounterparties(contrapartes)) {
      const kept = rowsOf(contrapartes);
      setRows(kept);
      setSaved(kept);
    }
    setShares(sharesIn(exposicoes));
    setAttempt(0);
  }

  async function deliver(): Promise<void> {
    setAttempt(attempt + 1);
    if (found.faults.length === 0 && found.document) await send(JSON.stringify(found.document));
  }

  async function deliverFile(file: File): Promise<void> {
    const text = await file.text();
    const told = parsed(text);
    if (isCounterparties(told)) setRows(rowsOf(told));
    await send(text);
  }

  async function read(): Promise<void> {
    const done = await desk.sealing((own) => readBack(own, agent));
    deliverer.forget();
    take(done.payload);
  }

  return {
    rows,
    judged: found,
    unsaved: rows !== saved && JSON.stringify(rows) !== JSON.stringify(saved),
    faultAt: (field) => sentence([...shown, ...sealed].find((fault) => fault.field === field)),
    wrongs: (attempt > 0 && found.faults.length > 0 ? found.faults : sealed).map(wrongOf),
    attempt: attempt + (deliverer.delivery.state === "failed" ? deliverer.delivery.attempt : 0),
    deliverer,
    shares,
    change,
    add: () => change([...rows, emptyRow(nextKey())]),
    nextKey,
    deliver,
    deliverFile,
    read,
  };
}

/** While one types, what only lacks is not told yet. */
function isLive({ rule, detail }: Placed): boolean {
  return rule !== "obrigatorio" && !detail.startsWith("informe") && !detail.startsWith("escolha");
}

function sealedFaults({ delivery }: Deliverer): readonly Placed[] {
  if (delivery.state !== "failed" || !(delivery.error instanceof Problem)) return [];
  return delivery.error.faults.map(({ rule, detail, pointer }) => {
    const field = fieldAt(pointer ?? "");
    return { field: field ?? "", rule, detail: field === null && pointer ? `${pointer}: ${detail}` : detail };
  });
}

function wrongOf({ field, detail }: Placed): Wrong {
  const row = /^contraparte-(\d)-/.exec(field)?.[1];
  const where = row === undefined ? "" : `Exposição ${Number(row) + 1}: `;
  const told = sentence({ detail }) ?? "";
  return { ...(field ? { field } : {}), detail: where ? where + told.charAt(0).toLowerCase() + told.slice(1) : told };
}

function sentence(fault: { readonly detail: string } | undefined): string | null {
  return fault ? `${fault.detail.charAt(0).toUpperCase()}${fault.detail.slice(1)}.` : null;
}

function sharesIn(told: unknown): readonly (string | null)[] {
  if (!Array.isArray(told)) return [];
  return told.map((one) => (isObject(one) && typeof one["participacao"] === "string" ? one["participacao"] : null));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** As far as the fields need it: what is in it is judged by the rules, and by the enclave. */
function isCounterparties(told: unknown): told is CounterpartiesDocument {
  if (!isObject(told) || !Array.isArray(told["contrapartes"])) return false;
  return told["contrapartes"].every(
    (one) =>
      isObject(one) &&
      ["cnpj", "sigla", "mtm"].every((name) => typeof one[name] === "string") &&
      Array.isArray(one["mitigadores"]) &&
      one["mitigadores"].every(
        (each) => isObject(each) && ["tipo", "valor", "descricao"].every((name) => typeof each[name] === "string"),
      ),
  );
}
