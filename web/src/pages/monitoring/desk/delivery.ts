import { useRef, useState } from "preact/hooks";

import { Problem } from "../../../api/problem.ts";
import { perform, type ActDone, type Request } from "../../../sealing/asking.ts";
import type { WeekDesk } from "../../../sealing/week-desk.ts";
import type { Desk } from "./desk.ts";

export type Delivery =
  | { readonly state: "idle" }
  | { readonly state: "working"; readonly stage: string }
  | { readonly state: "done"; readonly done: ActDone; readonly request: Request }
  | { readonly state: "failed"; readonly error: unknown; readonly attempt: number };

export interface Deliverer {
  readonly delivery: Delivery;
  /**
   * Make the request by `make` and see it to its end; null where it failed, which `delivery` tells. The same `content`
   * again is the very same request until it has ended: a lost answer is asked for, and nothing is delivered twice.
   */
  readonly deliver: (content: string, make: (week: WeekDesk) => Promise<Request>) => Promise<ActDone | null>;
  readonly forget: () => void;
}

export function useDelivery(desk: Desk): Deliverer {
  const [delivery, setDelivery] = useState<Delivery>({ state: "idle" });
  const open = useRef<{ readonly content: string; readonly readers: string; readonly request: Request } | null>(null);
  const attempt = useRef(0);
  const stage = (told: string): void => setDelivery({ state: "working", stage: told });

  async function requestFor(content: string, week: WeekDesk, make: (week: WeekDesk) => Promise<Request>): Promise<Request> {
    const readers = week.given.readers.digest;
    const same = open.current?.content === content && open.current.readers === readers;
    if (open.current && same) return open.current.request;
    stage("Cifrando neste computador…");
    const request = await make(week);
    open.current = { content, readers, request };
    return request;
  }

  async function deliver(content: string, make: (week: WeekDesk) => Promise<Request>): Promise<ActDone | null> {
    stage("Conferindo o lacre…");
    try {
      return await desk.sealing(async (week) => {
        const request = await requestFor(content, week, make);
        stage("Enviado cifrado. O enclave está conferindo…");
        const onWait = (): void => stage("O enclave ainda está conferindo. Pode demorar um pouco mais…");
        const done = await perform(week, request, { onWait });
        open.current = null;
        setDelivery({ state: "done", done, request });
        return done;
      });
    } catch (error) {
      // A refusal ended it: what comes next is another request.
      if (error instanceof Problem) open.current = null;
      attempt.current++;
      setDelivery({ state: "failed", error, attempt: attempt.current });
      return null;
    }
  }

  return { delivery, deliver, forget: () => setDelivery({ state: "idle" }) };
}
