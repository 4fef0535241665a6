import { useRef, useState } from "preact/hooks";

import { Problem } from "../../../api/problem.ts";
import { utf8 } from "../../../attestation/bytes.ts";
import { perform, type Request } from "../../../sealing/asking.ts";
import { isObject, type Members } from "../../../sealing/json-members.ts";
import { counterpartiesRequest, portfolioRequest, readBack } from "../../../sealing/week-acts.ts";
import type { WithAgent } from "./agent-page.tsx";

export type Moving =
  | { readonly state: "idle" }
  | { readonly state: "working"; readonly stage: string }
  /** `halfway`: the portfolio went over, so that the counterparties can be read by nobody but this page. */
  | { readonly state: "failed"; readonly error: unknown; readonly halfway: boolean };

/** The portfolio first: counterparties are taken with the list of a portfolio alone. */
const STEPS = [
  { member: "portfolio", stage: "Entregando o portfólio com a lista de hoje…", request: portfolioRequest },
  { member: "contrapartes", stage: "Entregando as contrapartes com a lista de hoje…", request: counterpartiesRequest },
] as const;

interface Kept {
  readonly read: Members;
  step: number;
  request: Request | null;
}

/** Reads what was delivered and delivers the same with today's readers; again, it goes on where it stopped. */
export function useMovingOver({ agent, desk, reload }: WithAgent): { readonly moving: Moving; readonly move: () => Promise<void> } {
  const [moving, setMoving] = useState<Moving>({ state: "idle" });
  const kept = useRef<Kept | null>(null);
  const stage = (told: string): void => setMoving({ state: "working", stage: told });

  async function move(): Promise<void> {
    stage("Lendo o que foi entregue…");
    try {
      await desk.sealing(async (week) => {
        const work = (kept.current ??= { read: (await readBack(week, agent)).payload, step: 0, request: null });
        for (; work.step < STEPS.length; work.step++) {
          const { member, stage: told, request } = STEPS[work.step]!;
          const content = work.read[member];
          if (!isObject(content)) continue;
          stage(told);
          work.request ??= await request(week, agent.cnpj, utf8(JSON.stringify(content)));
          await perform(week, work.request);
          work.request = null;
        }
      });
      kept.current = null;
      setMoving({ state: "idle" });
    } catch (error) {
      // A refusal ended it: what comes next is another request.
      if (kept.current && error instanceof Problem) kept.current.request = null;
      setMoving({ state: "failed", error, halfway: (kept.current?.step ?? 0) > 0 });
      return;
    }
    await reload();
  }

  return { moving, move };
}
