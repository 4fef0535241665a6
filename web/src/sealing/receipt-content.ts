import { SEALED_KINDS, type SealedKind } from "./envelope.ts";
import { readHead, type Head } from "./head.ts";
import {
  momentOf,
  requireCompany,
  requireDecimal,
  requireEvent,
  requireIdentity,
  requireRequestId,
  requireText,
} from "./identities.ts";
import { hasExactly, isObject, type Members } from "./json-members.ts";
import { malformed } from "./refusals.ts";
import type { Released } from "./statements.ts";

/** One computation: its inputs by identity, what it was computed with, and where the journal stood. */
export interface Receipt {
  readonly event: string;
  readonly company: string;
  readonly kind: SealedKind;
  readonly requestId: string;
  readonly issuedAt: Date;
  /** Name of each input (PORTFOLIO, CONTRAPARTES) and its identity: SHA-256 of the sealed object, hex. */
  readonly inputs: ReadonlyMap<string, string>;
  /** Version of each record that was used. */
  readonly versions: ReadonlyMap<string, number>;
  /** SHA-256 of the canonical parameters, hex. */
  readonly parameters: string;
  /** How the method was set. */
  readonly switches: Members;
  readonly head: Head;
  readonly caveats: readonly string[];
  /** Salted digest of the result, which tells nothing to who has not the salt. */
  readonly commitment: string | null;
  /** The number, once its agent has sent it. */
  readonly released: Released | null;
}

const MEMBERS = [
  "evento",
  "cnpj",
  "tipo",
  "jti",
  "iat",
  "entradas",
  "versoes",
  "parametros",
  "opcoes",
  "cabeca",
  "ressalvas",
  "compromisso",
  "liberado",
];
const NAME_FORM = /^[A-Za-z0-9_.-]{1,64}$/;
const MOST_OF_EACH = 256;

/** Throws `SealRefused` for another member, or a value that cannot be one. */
export function readReceipt(told: Members): Receipt {
  if (!hasExactly(told, MEMBERS)) throw malformed(`o recibo deve ter exatamente ${[...MEMBERS].sort().join(", ")}`);
  const caveats = told["ressalvas"];
  if (!Array.isArray(caveats)) throw malformed("ressalvas deve ser uma lista");
  const receipt: Receipt = {
    event: requireEvent(told["evento"]),
    company: requireCompany(told["cnpj"]),
    kind: kindOf(told["tipo"]),
    requestId: requireRequestId(told["jti"]),
    issuedAt: momentOf(told["iat"]),
    inputs: named(told["entradas"], requireIdentity),
    versions: named(told["versoes"], version),
    parameters: requireIdentity(told["parametros"]),
    switches: Object.fromEntries(named(told["opcoes"], (one) => one)),
    head: readHead(told["cabeca"]),
    caveats: (caveats as unknown[]).map((one) => requireText(one, "do recibo")),
    commitment: told["compromisso"] === null ? null : requireIdentity(told["compromisso"]),
    released: releasedOf(told["liberado"]),
  };
  if (receipt.inputs.size === 0) throw malformed("um recibo tem ao menos uma entrada");
  if (caveats.length > MOST_OF_EACH || !receipt.caveats.every((one) => NAME_FORM.test(one))) throw badName();
  return receipt;
}

/** What a sending gives out, as receipts and the platform tell it. */
export function releasedOf(value: unknown): Released | null {
  if (value === null) return null;
  if (hasExactly(value, ["fa"]) && typeof value["fa"] === "string") return { fa: requireDecimal(value["fa"]) };
  if (hasExactly(value, ["fa", "motivo"]) && value["fa"] === null) {
    const { motivo } = value;
    if (typeof motivo === "string" && motivo !== "") return { fa: null, motivo };
  }
  throw malformed("liberado leva fa, ou fa nulo com motivo");
}

function kindOf(value: unknown): SealedKind {
  const found = SEALED_KINDS.find((kind) => kind === value);
  if (found === undefined) throw malformed("recibo: o tipo não é conhecido");
  return found;
}

function version(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw malformed("uma versão é um número inteiro a partir de 1");
  }
  return value as number;
}

function named<Told>(value: unknown, read: (one: unknown) => Told): ReadonlyMap<string, Told> {
  if (!isObject(value)) throw malformed("um membro do recibo deve ser um objeto");
  const told = Object.entries(value);
  if (told.length > MOST_OF_EACH || !told.every(([name]) => NAME_FORM.test(name))) throw badName();
  return new Map(told.map(([name, one]) => [name, read(one)]));
}

function badName(): Error {
  return malformed("um nome do recibo não pode ser um");
}
