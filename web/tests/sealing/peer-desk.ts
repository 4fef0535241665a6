import { utf8 } from "../../src/attestation/bytes.ts";
import type { Problema } from "../../src/api/messages.ts";
import { Problem } from "../../src/api/problem.ts";
import { perform, type ActDone, type Request } from "../../src/sealing/asking.ts";
import { readFactor, type FactorRead } from "../../src/sealing/factor-read.ts";
import { HeadsInMemory } from "../../src/sealing/heads.ts";
import { readHead } from "../../src/sealing/head.ts";
import { LotesInStorage, openLoteAnswer, sealLote, type SealedLote } from "../../src/sealing/lotes.ts";
import type { Platform } from "../../src/sealing/platform.ts";
import { held, type PrivateReader } from "../../src/sealing/reader-keys.ts";
import { Readers } from "../../src/sealing/readers.ts";
import { releasedCode } from "../../src/sealing/released-code.ts";
import { SealedInMemory } from "../../src/sealing/sealed-here.ts";
import { LogSeenInMemory } from "../../src/sealing/seen-log.ts";
import * as acts from "../../src/sealing/week-acts.ts";
import { WeekDesk } from "../../src/sealing/week-desk.ts";
import { nextLine, say, type Told } from "./peer-lines.ts";
import { StorageInMemory } from "./storage.ts";

/** What the tests answer, as `ApiClient` would give it on. */
const platform: Platform = {
  async answer(path, asked = {}) {
    say({ ask: { method: asked.method ?? "GET", path, body: asked.body ?? null } });
    const told = await nextLine();
    if (told === null) throw new Error("nobody answers");
    const { status, text } = told as { status: number; text: string };
    if (status >= 400) throw new Problem({ ...untold, status, ...(JSON.parse(text) as Partial<Problema>) });
    return new Response(text, { status });
  },
};
const untold = { type: "urn:aval:problema:de-teste", title: "De teste", detail: "recusado", transacao: "t" };

let opened: WeekDesk | null = null;
let read: FactorRead | null = null;
let request: Request | null = null;
const sentLotes = new LotesInStorage(new StorageInMemory(), "raiz");

/** One desk, opened by `open`; what was read or made last is what the next act is about. */
export async function desk({ act, ...told }: Told): Promise<unknown> {
  if (act === "open") return open(told);
  if (opened === null) throw new Error("no desk is open");
  const agent = told["agent"] as acts.Agent;
  switch (act) {
    case "read":
      read = await readFactor(opened, agent);
      return factorTold(read);
    case "deliverPortfolio":
      return doneTold(await acts.deliverPortfolio(opened, agent.cnpj, utf8(told["file"] as string)));
    case "deliverCounterparties":
      return doneTold(await acts.deliverCounterparties(opened, agent.cnpj, utf8(told["file"] as string)));
    case "validate":
      return doneTold(await acts.validate(opened, agent, requireRead()));
    case "cancel":
      return doneTold(await acts.cancel(opened, agent));
    case "recompute":
      return doneTold(await acts.recompute(opened, agent));
    case "simulate":
      return doneTold(await acts.simulate(opened, agent, told["changes"] as string));
    case "send":
      return sent(opened, agent, told["instead"] as string | undefined);
    case "prepare":
      request = await acts.portfolioRequest(opened, agent.cnpj, utf8(told["file"] as string));
      return request.identity;
    case "perform":
      return doneTold(await perform(opened, request ?? fail()));
    case "saw":
      opened.given.heads.keep(opened.given.event, readHead(told["head"]));
      return opened.seen;
    case "seen":
      return opened.seen;
    case "sealLote":
      return sealedLote(await sealLote(opened, told["kind"] as "PORTFOLIO", utf8(told["file"] as string)));
    case "openLote":
      return pieceTold(opened, told);
    default:
      throw new Error(`no act ${String(act)}`);
  }
}

async function open(told: Told): Promise<string> {
  const { pinned, event, sender, keys, readers, at } = told;
  opened = new WeekDesk({
    platform,
    event: event as string,
    sender: sender as string,
    keys: await held(keys as PrivateReader),
    readers: await Readers.read(readers),
    code: await releasedCode(platform, pinned as { raiz: string; chaveMedidas: string }, new LogSeenInMemory()),
    heads: new HeadsInMemory(),
    sealedHere: new SealedInMemory(),
    now: () => new Date(at as number),
  });
  return (await opened.signer()).keyId;
}

function sealedLote({ sealed, sent }: SealedLote) {
  sentLotes.keep("lote", sent);
  return { jwe: sealed.jwe, sent };
}

/** Held against what was sealed here, or against the identity alone, as of a colleague's lote. */
async function pieceTold(at: WeekDesk, told: Told): Promise<unknown> {
  const own = sentLotes.of("lote") ?? fail();
  const sent = told["sealedHere"] === false ? { ...own, requestId: null, readers: null, seen: null } : own;
  const changed = { ...sent, ...(told["instead"] as object | undefined) };
  const place = told["place"] as { lote: string; number: number; of: number };
  const { agents, refusal, faults } = await openLoteAnswer(at, changed, told["answer"] as string, place);
  return { agents, refusal, faults };
}

async function sent(at: WeekDesk, agent: acts.Agent, instead: string | undefined): Promise<unknown> {
  const told = requireRead();
  const changed = instead === undefined ? told : { ...told, released: { fa: instead } };
  const done = await acts.send(at, agent, changed);
  return { ...doneTold(done), receipt: done.receiptText, signedFor: done.receipt.receipt.released };
}

function doneTold({ state, payload, answer, released }: ActDone) {
  return { state, payload, caveats: answer.caveats, released };
}

function factorTold(told: FactorRead) {
  const { company, released, calculation, caveats, sealedHere, isOfOwnReaders, payload } = told;
  return { company, released, calculation, caveats, sealedHere, isOfOwnReaders, payload };
}

function requireRead(): FactorRead {
  return read ?? fail();
}

function fail(): never {
  throw new Error("nothing was read or made before");
}
