import type { ActTold } from "../api/messages.ts";
import { Problem } from "../api/problem.ts";
import { openAnswer, type Answer, type ExpectedAnswer } from "./answers.ts";
import { isObject, type Members } from "./json-members.ts";
import { malformed, SealRefused } from "./refusals.ts";
import { releasedOf } from "./receipt-content.ts";
import type { Released } from "./statements.ts";
import type { WeekDesk } from "./week-desk.ts";

/**
 * A request that is whole: signed, sealed, and the same each time it is sent. Keep it until it ended: sent again after
 * a lost connection, a session that expired or thirty looks, it is told how it ended, and nothing is done twice.
 */
export interface Request {
  readonly method: "POST" | "PUT";
  readonly path: string;
  readonly body: { readonly ato: string } | { readonly selado: string };
  readonly expected: ExpectedAnswer;
  /** Of a delivery: the identity of what was sealed. */
  readonly identity: string | null;
}

/** How an act ended, opened and held against what was asked. */
export interface ActDone {
  /** The agent's state after it, as the enclave tells. */
  readonly state: string;
  /** All that the enclave told; checked to be its own, each member still to be read with care. */
  readonly payload: Members;
  readonly answer: Answer;
  /** What a sending gave out in clear, and its receipt; null of every other act. */
  readonly released: { readonly released: Released; readonly receipt: string } | null;
}

/** A refusal that the enclave explained to its readers alone: detail and faults are of the opened answer. */
export class ActRefused extends Problem {}

/** Not ended after all looks; the same `Request` may be sent again. */
export class ActNotEnded extends Error {
  override readonly name = "ActNotEnded";
  readonly detail = "O enclave ainda não respondeu. O pedido continua; tente de novo em instantes.";
  readonly request: Request;

  constructor(request: Request) {
    super("not ended");
    this.request = request;
  }
}

export interface Waiting {
  readonly signal?: AbortSignal;
  /** Told before each look but the first; the door waits twenty seconds at each. */
  readonly onWait?: (looks: number) => void;
}

const MOST_LOOKS = 30;

/** Throws `ActRefused`, `Problem`, `ActNotEnded`, `Unreachable`, or `SealRefused` for an answer that does not hold. */
export async function perform(desk: WeekDesk, request: Request, waiting: Waiting = {}): Promise<ActDone> {
  // Before it is sent: an answer that nobody can verify is of no use.
  const signer = (await desk.signer()).signing;
  let told: ActTold;
  try {
    told = await ended(desk, request, waiting);
  } catch (failure) {
    throw failure instanceof Problem ? await explained(desk, request, failure) : failure;
  }
  const sealed = told.resposta;
  if (typeof sealed !== "string") throw malformed("a plataforma não trouxe a resposta selada do ato");
  const answer = await openAnswer(sealed, desk.given.keys, signer, request.expected);
  desk.given.heads.keep(desk.given.event, answer.head);
  const { payload } = answer;
  if (typeof payload["estado"] !== "string") throw malformed("a resposta do ato não diz o estado do agente");
  return { state: payload["estado"], payload, answer, released: releasedIn(payload) };
}

async function ended(desk: WeekDesk, request: Request, { signal, onWait }: Waiting): Promise<ActTold> {
  const { method, path, body } = request;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    if (looks > 0) onWait?.(looks);
    const answer = await desk.given.platform.answer(path, { method, body, ...(signal ? { signal } : {}) });
    if (answer.status === 200) return (await answer.json()) as ActTold;
  }
  throw new ActNotEnded(request);
}

/** The enclave's own sentence where it sealed one to this reader, else the door's. */
async function explained(desk: WeekDesk, request: Request, problem: Problem): Promise<Problem> {
  if (problem.sealedAnswer === null) return problem;
  // What a refusal is about is not always known, and nothing is done upon it.
  const expected = { ...request.expected, seen: null, readers: null, subject: null };
  try {
    const { signing } = await desk.signer();
    const { payload } = await openAnswer(problem.sealedAnswer, desk.given.keys, signing, expected);
    return refusedOf(problem, payload);
  } catch (failure) {
    if (failure instanceof SealRefused) return problem;
    throw failure;
  }
}

function refusedOf(problem: Problem, payload: Members): ActRefused {
  const { detalhe, faltas, recusa } = payload;
  const code = typeof recusa === "string" ? recusa : problem.code;
  return new ActRefused({
    type: `urn:aval:problema:${problem.slug}`,
    title: problem.title,
    status: problem.status,
    detail: typeof detalhe === "string" ? detalhe : problem.detail,
    transacao: problem.transaction,
    ...(code === null ? {} : { codigo: code }),
    ...(problem.state === null ? {} : { estado: problem.state }),
    errors: Array.isArray(faltas) ? faltas.filter(isObject).map(faultOf) : [],
  });
}

function faultOf(told: Members): { rule: string; detail: string; pointer?: string } {
  const { regra, detalhe, lugar } = told;
  return { rule: String(regra), detail: String(detalhe), ...(typeof lugar === "string" ? { pointer: lugar } : {}) };
}

function releasedIn(payload: Members): ActDone["released"] {
  const { ato, fa, motivo, recibo } = payload;
  if (ato !== "ENVIO") return null;
  const released = releasedOf(motivo === undefined ? { fa } : { fa, motivo });
  if (released === null || typeof recibo !== "string") throw malformed("a resposta do envio não traz o recibo");
  return { released, receipt: recibo };
}
