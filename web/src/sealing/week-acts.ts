import type { AgentListed } from "../api/messages.ts";
import { perform, type ActDone, type Request, type Waiting } from "./asking.ts";
import { textOf, utf8 } from "../attestation/bytes.ts";
import { newRequestId, type SealedKind } from "./envelope.ts";
import type { FactorRead } from "./factor-read.ts";
import { canonical } from "./canonical.ts";
import type { Head } from "./head.ts";
import { malformed, SealRefused } from "./refusals.ts";
import { verifyReceipt, type VerifiedReceipt } from "./receipts.ts";
import { signStatement, type Extra, type Released } from "./statements.ts";
import type { WeekDesk } from "./week-desk.ts";

/** What a list of the platform tells of an agent, as far as an act is about it. */
export type Agent = Pick<AgentListed, "cnpj" | "portfolio" | "contrapartes" | "calculo">;

/** What one request carries; a larger file goes as a lote. */
export const MAX_DELIVERED_BYTES = 3_999_900;

const PATHS = {
  LER: "leitura",
  VALIDAR: "validacao",
  CANCELAR: "cancelamento",
  RECALCULAR: "calculo",
  ENVIAR: "envio",
  SIMULAR: "simulacao",
} as const;

type WeekAct = keyof typeof PATHS;

/** Seals a portfolio (JSON) of one agent; `perform` sends it. */
export async function portfolioRequest(desk: WeekDesk, company: string, file: Uint8Array): Promise<Request> {
  return delivery(desk, company, "portfolio", "PORTFOLIO", file, newRequestId(), desk.seen);
}

/** Signs a file of counterparties (JSON) of one agent and seals it, to the readers of its portfolio. */
export async function counterpartiesRequest(desk: WeekDesk, company: string, file: Uint8Array): Promise<Request> {
  const requestId = newRequestId();
  const { seen } = desk;
  const signed = await signedCounterparties(desk, file, { requestId, seen });
  return delivery(desk, company, "contrapartes", "CONTRAPARTES", utf8(signed), requestId, seen);
}

/** The file inside a statement of its sender about its own reader list: of one agent, or of a lote of many. */
export async function signedCounterparties(
  desk: WeekDesk,
  file: Uint8Array,
  about: { readonly requestId: string; readonly seen: Head | null },
): Promise<string> {
  const { event, sender, keys, readers } = desk.given;
  const what: Extra = { act: "CONTRAPARTES", content: fileText(file) };
  const statement = { event, company: sender, subject: readers.digest, issuedAt: desk.now(), what, ...about };
  return signStatement(statement, keys);
}

/** An act that tells no number and goes in clear, about the portfolio or about a calculation. */
export async function statedRequest(
  desk: WeekDesk,
  act: "LER" | "VALIDAR" | "CANCELAR" | "RECALCULAR",
  agent: Agent,
  subject: string,
): Promise<Request> {
  const { statement, expected } = about(desk, agent, subject, { act });
  const ato = await signStatement(statement, desk.given.keys);
  return { method: "POST", path: pathOf(desk, agent.cnpj, PATHS[act]), body: { ato }, expected, identity: null };
}

/** An act that goes sealed, as a sending does: what it tells is in nobody else's sight. */
export async function sealedRequest(
  desk: WeekDesk,
  agent: Agent,
  subject: string,
  what: Extract<Extra, { act: "ENVIAR" } | { content: string }> & { act: WeekAct },
): Promise<Request> {
  if (agent.portfolio?.leitores !== desk.given.readers.digest) {
    const detail = "o portfólio veio com outra lista de leitores; escolha os mesmos leitores com que foi entregue";
    throw new SealRefused("LEITORES_DIVERGEM", detail);
  }
  const { statement, expected } = about(desk, agent, subject, what);
  const signed = utf8(await signStatement(statement, desk.given.keys));
  const kind: SealedKind = what.act === "ENVIAR" ? "ENVIO" : "SIMULACAO";
  const { requestId, seen } = statement;
  const { jwe } = await desk.sealed(signed, kind, { requestId, seen });
  const path = pathOf(desk, agent.cnpj, PATHS[what.act]);
  return { method: "POST", path, body: { selado: jwe }, expected, identity: null };
}

export async function deliverPortfolio(
  desk: WeekDesk,
  company: string,
  file: Uint8Array,
  waiting?: Waiting,
): Promise<ActDone> {
  return perform(desk, await portfolioRequest(desk, company, file), waiting);
}

export async function deliverCounterparties(
  desk: WeekDesk,
  company: string,
  file: Uint8Array,
  waiting?: Waiting,
): Promise<ActDone> {
  return perform(desk, await counterpartiesRequest(desk, company, file), waiting);
}

/** Portfolio, counterparties and factor as they are kept, opened; `readFactor` also holds them together. */
export async function readBack(desk: WeekDesk, agent: Agent, waiting?: Waiting): Promise<ActDone> {
  return perform(desk, await statedRequest(desk, "LER", agent, portfolioOf(agent)), waiting);
}

/** Has the factor computed with the parameters in force. */
export async function recompute(desk: WeekDesk, agent: Agent, waiting?: Waiting): Promise<ActDone> {
  return perform(desk, await statedRequest(desk, "RECALCULAR", agent, portfolioOf(agent)), waiting);
}

/** Validates exactly the calculation that was read and shown. */
export async function validate(desk: WeekDesk, agent: Agent, read: FactorRead, waiting?: Waiting): Promise<ActDone> {
  return perform(desk, await statedRequest(desk, "VALIDAR", agent, calculationOf(agent, read)), waiting);
}

/** Takes back the calculation that stands, validated or not. */
export async function cancel(desk: WeekDesk, agent: Agent, waiting?: Waiting): Promise<ActDone> {
  if (agent.calculo === null) throw new SealRefused("OBJETO_DIVERGE", "não há cálculo a cancelar");
  return perform(desk, await statedRequest(desk, "CANCELAR", agent, agent.calculo), waiting);
}

/** What a simulation is asked: `{"mudancas": [{"caminho", "valor"}], "alvo"}` as text. */
export async function simulate(desk: WeekDesk, agent: Agent, changes: string, waiting?: Waiting): Promise<ActDone> {
  const what = { act: "SIMULAR", content: changes } as const;
  return perform(desk, await sealedRequest(desk, agent, portfolioOf(agent), what), waiting);
}

export interface Sent extends ActDone {
  readonly receipt: VerifiedReceipt;
  /** The receipt itself, to be kept: `aval recibo verificar` and anybody can check it. */
  readonly receiptText: string;
}

/** Makes the request that sends the number that was read, digit for digit; from here on it becomes public. */
export function sendRequest(desk: WeekDesk, agent: Agent, read: FactorRead): Promise<Request> {
  return sealedRequest(desk, agent, calculationOf(agent, read), { act: "ENVIAR", released: read.released });
}

export async function send(desk: WeekDesk, agent: Agent, read: FactorRead, waiting?: Waiting): Promise<Sent> {
  return performSending(desk, await sendRequest(desk, agent, read), agent.cnpj, read.released, waiting);
}

/** Throws as `perform` does, and `SealRefused` where the receipt is not of this agent and number. */
export async function performSending(
  desk: WeekDesk,
  request: Request,
  company: string,
  released: Released,
  waiting?: Waiting,
): Promise<Sent> {
  const done = await perform(desk, request, waiting);
  if (done.released === null) throw malformed("a resposta não é a de um envio");
  const receiptText = done.released.receipt;
  const receipt = await verifyReceipt(receiptText, desk.given.code);
  const { receipt: signed } = receipt;
  const isOfThis = signed.company === company && signed.event === desk.given.event;
  if (!isOfThis || textOf(canonical(signed.released)) !== textOf(canonical(released))) {
    throw new SealRefused("NUMERO_DIVERGE", "o recibo do envio não é deste agente e número");
  }
  return { ...done, receipt, receiptText };
}

async function delivery(
  desk: WeekDesk,
  company: string,
  word: "portfolio" | "contrapartes",
  kind: SealedKind,
  content: Uint8Array,
  requestId: string,
  seen: Head | null,
): Promise<Request> {
  const sealed = await desk.sealed(content, kind, { requestId, seen });
  if (sealed.bytes.length > MAX_DELIVERED_BYTES) {
    throw new SealRefused("GRANDE_DEMAIS", "o arquivo passa do que um pedido leva; envie-o como lote");
  }
  const { event, readers } = desk.given;
  const expected = { event, company, requestId, seen, readers: readers.digest, subject: sealed.identity };
  const body = { selado: sealed.jwe };
  return { method: "PUT", path: pathOf(desk, company, word), body, expected, identity: sealed.identity };
}

function about(desk: WeekDesk, agent: Agent, subject: string, what: Extra) {
  const { event } = desk.given;
  const told = { event, company: agent.cnpj, subject, requestId: newRequestId(), seen: desk.seen };
  const statement = { ...told, issuedAt: desk.now(), what };
  return { statement, expected: { ...told, readers: agent.portfolio?.leitores ?? null } };
}

function pathOf(desk: WeekDesk, company: string, word: string): string {
  return `/prudencial/semanas/${desk.given.event}/agentes/${company}/${word}`;
}

function portfolioOf(agent: Agent): string {
  if (agent.portfolio === null) throw new SealRefused("OBJETO_DIVERGE", "o agente não tem portfólio neste evento");
  return agent.portfolio.identidade;
}

function calculationOf(agent: Agent, read: FactorRead): string {
  if (read.company !== agent.cnpj) throw new SealRefused("EMPRESA_DIVERGE", "o fator lido é de outro agente");
  if (read.calculation === null) {
    throw new SealRefused("OBJETO_DIVERGE", "não há cálculo com os parâmetros em vigor; calcule de novo");
  }
  return read.calculation;
}

function fileText(file: Uint8Array): string {
  try {
    return textOf(file);
  } catch {
    throw malformed("o arquivo a assinar não é texto em UTF-8");
  }
}
