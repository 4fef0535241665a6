import type { Waiting } from "./asking.ts";
import { canonicalDigest } from "./canonical.ts";
import { isObject, type Members } from "./json-members.ts";
import { SealRefused } from "./refusals.ts";
import { commitmentOf, verifyReceipt, type VerifiedReceipt } from "./receipts.ts";
import { releasedOf } from "./receipt-content.ts";
import type { Released } from "./statements.ts";
import { readBack, type Agent } from "./week-acts.ts";
import type { WeekDesk } from "./week-desk.ts";

/** A factor read back: opened, signed for by released code, and of the calculation that it says. */
export interface FactorRead {
  readonly company: string;
  /** The number digit for digit, or null with the text of the case that has none: what a sending tells. */
  readonly released: Released;
  /** What a validation or a sending is about; null where no calculation stands. */
  readonly calculation: string | null;
  /** Every figure that the receipt commits to. */
  readonly figures: Members;
  /** All that the enclave told: portfolio, contrapartes, exposicoes, agente, explicacao, avisos, recibo. */
  readonly payload: Members;
  /** By their codes, as REMETENTE_NAO_AUTENTICADO: to be shown wherever the number is. */
  readonly caveats: readonly string[];
  readonly receipt: VerifiedReceipt;
  /**
   * Whether what was computed of was sealed in this browser. Where it was not, the person must be told to
   * compare the portfolio with their own: whoever sees a reader's public keys can deliver a forgery under them.
   */
  readonly sealedHere: { readonly portfolio: boolean; readonly counterparties: boolean | null };
  /** Whether the data came with exactly the list of readers of this desk. */
  readonly isOfOwnReaders: boolean;
}

/**
 * Throws as `perform` does, and `SealRefused` where anything that was told does not fit together.
 *
 * One thing that `aval fa` checks is not checked here: the page has no engine, so that it cannot compute the
 * portfolio that was read back and compare every figure. That the figures are right rests on the attested code,
 * which signed them; that they are of this portfolio, on its identity in the receipt.
 */
export async function readFactor(desk: WeekDesk, agent: Agent, waiting?: Waiting): Promise<FactorRead> {
  const { payload, answer } = await readBack(desk, agent, waiting);
  const figures = payload["agente"];
  if (!isObject(figures)) throw mismatch("a resposta não traz o fator");
  // (1) Whose data, by the receipt: signed by attested code over exactly these figures.
  const receipt = await receiptOf(desk, agent, payload, figures);
  // (2) Of which calculation: its name follows from what went into it.
  const calculation = typeof payload["calculo"] === "string" ? payload["calculo"] : null;
  if (calculation !== null) await requireCalculation(desk, agent, receipt, payload);
  return {
    company: agent.cnpj,
    released: releasedBy(figures),
    calculation,
    figures,
    payload,
    caveats: [...new Set([...answer.caveats, ...receipt.receipt.caveats])],
    receipt,
    sealedHere: sealedHere(desk, receipt.receipt.inputs),
    isOfOwnReaders: answer.readers === desk.given.readers.digest,
  };
}

async function receiptOf(desk: WeekDesk, agent: Agent, payload: Members, figures: Members): Promise<VerifiedReceipt> {
  const { recibo, sal } = payload;
  if (typeof recibo !== "string" || typeof sal !== "string") throw mismatch("a resposta não traz o recibo do fator");
  const verified = await verifyReceipt(recibo, desk.given.code);
  const { event, company, commitment, inputs } = verified.receipt;
  if (event !== desk.given.event || company !== agent.cnpj) throw mismatch("o recibo é de outro agente ou evento");
  if (commitment !== (await commitmentOf(figures, sal))) throw mismatch("o recibo não é destes números");
  if (inputs.get("PORTFOLIO") !== agent.portfolio?.identidade) {
    throw mismatch("o recibo é de outro portfólio que o da lista; atualize a lista");
  }
  return verified;
}

async function requireCalculation(
  desk: WeekDesk,
  agent: Agent,
  { receipt }: VerifiedReceipt,
  payload: Members,
): Promise<void> {
  const counterparties = receipt.inputs.get("CONTRAPARTES") ?? "";
  const named = payload["calculo"];
  const isListed = named === agent.calculo && counterparties === (agent.contrapartes?.identidade ?? "");
  // Parameters may have changed since they were asked for.
  for (const anew of [false, true]) {
    const { parameters, method } = await desk.inForce(anew);
    const name = await canonicalDigest({
      evento: desk.given.event,
      cnpj: agent.cnpj,
      portfolio: receipt.inputs.get("PORTFOLIO") ?? "",
      contrapartes: counterparties,
      parametros: parameters,
      metodo: method,
      ciclo: payload["ciclo"] ?? null,
    });
    if (isListed && name === named) return;
  }
  throw mismatch("o cálculo não é o dos dados, parâmetros e método que valem; atualize a lista e leia de novo");
}

function releasedBy(figures: Members): Released {
  const { fa, motivo } = figures;
  const released = releasedOf(fa === null ? { fa, motivo } : { fa });
  if (released === null) throw mismatch("a resposta não traz o fator");
  return released;
}

function sealedHere(desk: WeekDesk, inputs: ReadonlyMap<string, string>): FactorRead["sealedHere"] {
  const { event, sealedHere: known } = desk.given;
  const counterparties = inputs.get("CONTRAPARTES");
  return {
    portfolio: known.has(event, inputs.get("PORTFOLIO") ?? ""),
    counterparties: counterparties === undefined ? null : known.has(event, counterparties),
  };
}

function mismatch(detail: string): SealRefused {
  return new SealRefused("OBJETO_DIVERGE", detail);
}
