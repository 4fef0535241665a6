import { useRef, useState } from "preact/hooks";

import type { AgentListed } from "../../../api/messages.ts";
import { Problem } from "../../../api/problem.ts";
import { perform, type Request, type Waiting } from "../../../sealing/asking.ts";
import type { FactorRead } from "../../../sealing/factor-read.ts";
import { performSending, sendRequest, statedRequest } from "../../../sealing/week-acts.ts";
import type { WeekDesk } from "../../../sealing/week-desk.ts";
import type { Desk } from "../desk/desk.ts";
import type { FactorAct } from "./fitting.ts";

export type Acting =
  | { readonly state: "idle" }
  | { readonly state: "working"; readonly act: FactorAct; readonly stage: string }
  | { readonly state: "done"; readonly act: FactorAct; readonly at: Date }
  | { readonly state: "failed"; readonly act: FactorAct; readonly error: unknown };

export interface FactorActs {
  readonly acting: Acting;
  /** Null where it failed, which `acting` tells. */
  readonly run: (act: FactorAct, agent: AgentListed, read: FactorRead | null) => Promise<boolean>;
  readonly forget: () => void;
}

/** One agent's acts, one at a time; an act whose end is not known is asked for again and not done twice. */
export function useFactorActs(desk: Desk): FactorActs {
  const [acting, setActing] = useState<Acting>({ state: "idle" });
  const held = useRef(false);
  const open = useRef<{ readonly name: string; readonly request: Request } | null>(null);

  async function run(act: FactorAct, agent: AgentListed, read: FactorRead | null): Promise<boolean> {
    if (held.current) return false;
    held.current = true;
    const stage = (told: string): void => setActing({ state: "working", act, stage: told });
    stage("Conferindo o lacre…");
    try {
      await desk.sealing(async (week) => {
        const name = `${act}/${agent.cnpj}/${subjectOf(act, agent, read)}`;
        if (open.current?.name !== name) open.current = { name, request: await requestOf(week, act, agent, read) };
        stage("Pedido enviado. O enclave está trabalhando…");
        const onWait = (): void => stage("O enclave ainda está trabalhando. Pode demorar um pouco mais…");
        await ended(week, act, agent, read, open.current.request, { onWait });
      });
      open.current = null;
      setActing({ state: "done", act, at: new Date() });
      return true;
    } catch (error) {
      // A refusal ended it: what comes next is another request.
      if (error instanceof Problem) open.current = null;
      setActing({ state: "failed", act, error });
      return false;
    } finally {
      held.current = false;
    }
  }

  return { acting, run, forget: () => setActing({ state: "idle" }) };
}

/** Makes the request of one act: signed, of a sending sealed, too. */
export function requestOf(
  week: WeekDesk,
  act: FactorAct,
  agent: AgentListed,
  read: FactorRead | null,
): Promise<Request> {
  if (act === "ENVIAR" && read !== null) return sendRequest(week, agent, read);
  if (act === "ENVIAR") throw new Error("a sending is of a number that was read");
  return statedRequest(week, act, agent, subjectOf(act, agent, read));
}

/** Sees it to its end; of a sending, the receipt is held against the number that was read. */
export async function ended(
  week: WeekDesk,
  act: FactorAct,
  agent: AgentListed,
  read: FactorRead | null,
  request: Request,
  waiting: Waiting = {},
): Promise<void> {
  if (act === "ENVIAR" && read !== null) await performSending(week, request, agent.cnpj, read.released, waiting);
  else await perform(week, request, waiting);
}

function subjectOf(act: FactorAct, agent: AgentListed, read: FactorRead | null): string {
  const subject = act === "RECALCULAR" ? agent.portfolio?.identidade : act === "CANCELAR" ? agent.calculo : read?.calculation;
  if (typeof subject !== "string") throw new Error(`nothing to ${act}`);
  return subject;
}
