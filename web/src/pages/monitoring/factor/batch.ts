import type { AgentListed } from "../../../api/messages.ts";
import { Problem } from "../../../api/problem.ts";
import type { FactorRead } from "../../../sealing/factor-read.ts";
import { fits, isOf, type FactorAct } from "./fitting.ts";

export type BatchAct = Extract<FactorAct, "VALIDAR" | "ENVIAR">;

export type BatchRow =
  | { readonly agent: AgentListed; readonly state: "waiting" | "opening" }
  | { readonly agent: AgentListed; readonly state: "opened" | "acting" | "done"; readonly read: FactorRead }
  /** `read` is null where the factor itself did not open. */
  | { readonly agent: AgentListed; readonly state: "failed"; readonly read: FactorRead | null; readonly error: unknown };

export type OnRow = (row: BatchRow) => void;

/** What kept an agent out of a batch in spite of its factor having opened. */
export class NotFitting extends Error {
  readonly detail = "O agente mudou desde que foi escolhido; confira a situação dele e tente de novo.";
}

/**
 * Opens the factor of each, one after another, so that a person sees every number before anything is signed.
 * One that fails keeps no other back.
 */
export async function openAll(
  agents: readonly AgentListed[],
  open: (agent: AgentListed) => Promise<FactorRead>,
  onRow: OnRow,
  signal: AbortSignal,
): Promise<void> {
  for (const agent of agents) {
    if (signal.aborted) return;
    onRow({ agent, state: "opening" });
    try {
      const read = await open(agent);
      if (!isOf(read, agent)) throw new NotFitting();
      onRow({ agent, state: "opened", read });
    } catch (error) {
      onRow({ agent, state: "failed", read: null, error });
    }
  }
}

/** Acts for each that is open, one after another; one that is refused keeps no other back. */
export async function actAll(
  rows: readonly BatchRow[],
  act: BatchAct,
  run: (agent: AgentListed, read: FactorRead) => Promise<void>,
  onRow: OnRow,
  signal: AbortSignal,
): Promise<void> {
  for (const row of rows) {
    if (signal.aborted) return;
    const again = row.state === "failed" && row.read !== null;
    if ((row.state !== "opened" && !again) || row.read === null || !fits(act, row.agent)) continue;
    const { agent, read } = row;
    onRow({ agent, state: "acting", read });
    try {
      await run(agent, read);
      onRow({ agent, state: "done", read });
    } catch (error) {
      onRow({ agent, state: "failed", read, error });
    }
  }
}

/** Rows that may be acted for (again): a refusal is the end of one, a lost connection is not. */
export function actable(rows: readonly BatchRow[]): readonly BatchRow[] {
  return rows.filter(
    (row) => row.state === "opened" || (row.state === "failed" && row.read !== null && !(row.error instanceof Problem)),
  );
}

export function replaced(rows: readonly BatchRow[], row: BatchRow): readonly BatchRow[] {
  return rows.map((one) => (one.agent.cnpj === row.agent.cnpj ? row : one));
}

export function countOf(rows: readonly BatchRow[], ...states: readonly BatchRow["state"][]): number {
  return rows.filter((row) => states.includes(row.state)).length;
}
