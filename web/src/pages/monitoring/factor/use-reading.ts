import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import type { AgentListed } from "../../../api/messages.ts";
import { readFactor, type FactorRead } from "../../../sealing/factor-read.ts";
import type { Desk } from "../desk/desk.ts";
import { readingKey } from "./fitting.ts";

export type Reading =
  | { readonly state: "sealed" }
  | { readonly state: "opening"; readonly stage: string }
  | { readonly state: "open"; readonly read: FactorRead }
  | { readonly state: "failed"; readonly error: unknown };

export interface FactorReading {
  readonly reading: Reading;
  readonly again: () => Promise<void>;
}

/** The factor of one agent, opened as the page comes and whenever another one counts; in memory alone. */
export function useReading(desk: Desk, agent: AgentListed): FactorReading {
  const [reading, setReading] = useState<Reading>({ state: "sealed" });
  const latest = useRef(0);
  const key = `${agent.cnpj}/${readingKey(agent)}`;
  const canOpen = desk.canWork && agent.portfolio !== null;

  const again = useCallback(async () => {
    const turn = ++latest.current;
    const put = (next: Reading): void => {
      // A later one was begun: what comes of this one is of something that no longer counts.
      if (turn === latest.current) setReading(next);
    };
    put({ state: "opening", stage: "Pedindo o fator ao enclave…" });
    try {
      const onWait = (): void => put({ state: "opening", stage: "O enclave ainda está trabalhando. Pode demorar um pouco mais…" });
      put({ state: "open", read: await desk.sealing((week) => readFactor(week, agent, { onWait })) });
    } catch (error) {
      put({ state: "failed", error });
    }
  }, [desk, key]);

  useEffect(() => {
    setReading({ state: "sealed" });
    if (canOpen) void again();
    return () => {
      latest.current++;
    };
  }, [again, canOpen]);
  return { reading, again };
}
