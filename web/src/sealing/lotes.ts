import { utf8 } from "../attestation/bytes.ts";
import { openAnswer, type Answer, type ExpectedAnswer } from "./answers.ts";
import { newRequestId, type Sealed } from "./envelope.ts";
import { headToJson, readHead, type Head } from "./head.ts";
import { requireCompany, requireEvent, requireIdentity, requireRequestId } from "./identities.ts";
import { hasExactly, isObject, readObject, type Members } from "./json-members.ts";
import { malformed, SealRefused } from "./refusals.ts";
import { signedCounterparties } from "./week-acts.ts";
import type { WeekDesk } from "./week-desk.ts";

/** What a lote's answers are held against: kept, they open after a reload, too. Nothing of it is confidential. */
export interface SentLote {
  readonly event: string;
  readonly sender: string;
  /** Of the sealed file; the platform tells it as `sha256`. */
  readonly identity: string;
  /** Null of a lote that was not sealed here: the identity holds it all the same, since it is of all the object. */
  readonly requestId: string | null;
  /** Digest of the list that it was sealed with, where it was sealed here. */
  readonly readers: string | null;
  readonly seen: Head | null;
}

export interface SealedLote {
  /** Its `bytes` are uploaded as they are. */
  readonly sealed: Sealed;
  readonly sent: SentLote & { readonly requestId: string; readonly readers: string };
}

export interface LoteFault {
  readonly rule: string;
  /** Cell or pointer. */
  readonly place: string;
  readonly detail: string;
}

export interface LoteAgent {
  readonly company: string;
  /** Empty of an agent that was taken. */
  readonly faults: readonly LoteFault[];
  /** What is told of an agent that was taken: `versao`, `estado`, `calculo`, `fa`, `avisos`, … */
  readonly told: Members;
}

/** One sealed answer of a lote: up to a hundred of its agents, in the file's order. */
export interface LotePiece {
  readonly agents: readonly LoteAgent[];
  /** Why nothing of the file was taken; null where it was read agent by agent and taken. */
  readonly refusal: { readonly code: string; readonly detail: string } | null;
  /** Of the file as a whole. */
  readonly faults: readonly LoteFault[];
  readonly answer: Answer;
}

/** Seals a file of many agents as it is; counterparties go signed by the desk's reader. */
export async function sealLote(
  desk: WeekDesk,
  kind: "PORTFOLIO" | "CONTRAPARTES",
  file: Uint8Array,
): Promise<SealedLote> {
  const { event, sender, readers } = desk.given;
  const { seen } = desk;
  const requestId = newRequestId();
  const content = kind === "PORTFOLIO" ? file : utf8(await signedCounterparties(desk, file, { requestId, seen }));
  const sealed = await desk.sealed(content, kind, { requestId, seen });
  const { identity } = sealed;
  return { sealed, sent: { event, sender, identity, requestId, readers: readers.digest, seen } };
}

/** Throws `SealRefused` unless it is answer `number` of `of`, of this very lote, in order from 0. */
export async function openLoteAnswer(
  desk: WeekDesk,
  sent: SentLote,
  sealed: string,
  place: { readonly lote: string; readonly number: number; readonly of: number },
): Promise<LotePiece> {
  const { event, sender: company, identity: subject, requestId, readers, seen } = sent;
  const expected = { event, company, requestId, seen, readers, subject };
  const answer = await openedBy(desk, sealed, expected);
  const { lote, pedaco, de, agentes, faltas, recusa, detalhe } = answer.payload;
  // A platform could leave one out, tell one twice, or another's.
  if (lote !== place.lote || pedaco !== place.number || de !== place.of) {
    throw new SealRefused("OBJETO_DIVERGE", "a resposta é de outro lote, ou de outra parte dele");
  }
  desk.given.heads.keep(event, answer.head);
  return {
    agents: Array.isArray(agentes) ? agentes.filter(isObject).map(agentOf) : [],
    refusal: typeof recusa === "string" ? { code: recusa, detail: String(detalhe ?? "") } : null,
    faults: faultsOf(faltas),
    answer,
  };
}

/** By the key of now or, of an answer from before a rotation, by the one that was attested then. */
async function openedBy(desk: WeekDesk, sealed: string, expected: ExpectedAnswer): Promise<Answer> {
  let refused: unknown = null;
  for await (const signer of desk.signers()) {
    try {
      return await openAnswer(sealed, desk.given.keys, signer, expected);
    } catch (refusal) {
      if (!(refusal instanceof SealRefused && refusal.code === "ASSINATURA_NAO_CONFERE")) throw refusal;
      refused ??= refusal;
    }
  }
  throw refused;
}

/** Which lotes were sent from this browser, by the platform's code of each. */
export class LotesInStorage {
  readonly #storage: Storage;
  readonly #name: string;

  constructor(storage: Storage, scope: string) {
    this.#storage = storage;
    this.#name = `aval.lotes.${scope}`;
  }

  of(lote: string): SentLote | null {
    const told = this.#all()[lote];
    return told === undefined ? null : readSent(told);
  }

  keep(lote: string, { event, sender, identity, requestId, readers, seen }: SealedLote["sent"]): void {
    const sent = { event, sender, identity, requestId, readers, seen: seen && headToJson(seen) };
    const kept = Object.entries(this.#all()).filter(([name]) => name !== lote);
    const newest = [...kept, [lote, sent] as const].slice(-MOST_KEPT);
    this.#storage.setItem(this.#name, JSON.stringify(Object.fromEntries(newest)));
  }

  #all(): Members {
    const text = this.#storage.getItem(this.#name);
    return text === null ? {} : readObject(utf8(text), LARGEST);
  }
}

const MOST_KEPT = 500;
const LARGEST = 1_000_000;
const SENT = ["event", "sender", "identity", "requestId", "readers", "seen"];

function readSent(told: unknown): SentLote {
  if (!hasExactly(told, SENT)) throw malformed("o registro de um lote enviado não tem a forma devida");
  return {
    event: requireEvent(told["event"]),
    sender: requireCompany(told["sender"]),
    identity: requireIdentity(told["identity"]),
    requestId: requireRequestId(told["requestId"]),
    readers: requireIdentity(told["readers"]),
    seen: told["seen"] === null ? null : readHead(told["seen"]),
  };
}

function agentOf(told: Members): LoteAgent {
  return { company: String(told["cnpj"] ?? ""), faults: faultsOf(told["faltas"]), told };
}

function faultsOf(told: unknown): readonly LoteFault[] {
  if (!Array.isArray(told)) return [];
  return told.filter(isObject).map(({ regra, lugar, detalhe }) => ({
    rule: String(regra ?? ""),
    place: String(lugar ?? ""),
    detail: String(detalhe ?? ""),
  }));
}
