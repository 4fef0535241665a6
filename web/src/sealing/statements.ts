import { canonical } from "./canonical.ts";
import { headToJson, type Head } from "./head.ts";
import {
  requireCompany,
  requireDecimal,
  requireEvent,
  requireIdentity,
  requireRequestId,
  secondsOf,
} from "./identities.ts";
import type { Members } from "./json-members.ts";
import type { ReaderKeys } from "./reader-keys.ts";
import { malformed, SealRefused } from "./refusals.ts";
import { sign } from "./signatures.ts";

/** What may be done with stored data, by its readers alone. */
export type Act = "LER" | "VALIDAR" | "RECALCULAR" | "CANCELAR" | "ENVIAR" | "SIMULAR" | "CONTRAPARTES";

/** What a sending gives out: the number digit for digit, or the text of the case that has none. */
export type Released = { readonly fa: string } | { readonly fa: null; readonly motivo: string };

/** What a statement says beyond its object; an act that tells no number says nothing more. */
export type Extra =
  | { readonly act: "LER" | "VALIDAR" | "RECALCULAR" | "CANCELAR" }
  | { readonly act: "ENVIAR"; readonly released: Released }
  /** `content` is the text of the file that its reader brings. */
  | { readonly act: "SIMULAR" | "CONTRAPARTES"; readonly content: string };

/** One signed act, about one thing, once. */
export interface Statement {
  readonly event: string;
  readonly company: string;
  /** Identity of the stored object or calculation; of CONTRAPARTES the digest of the reader list. */
  readonly subject: string;
  readonly requestId: string;
  readonly issuedAt: Date;
  /** How far its reader saw the journal: an enclave whose journal never was there does nothing. */
  readonly seen: Head | null;
  readonly what: Extra;
}

const KIND = "aval-ato";
const LARGEST_PLAIN = 16_384;
const LARGEST_CARRIED = 50_000_000;
const LONGEST_REASON = 2000;

/** A JWS (ES256) by the reader's key; throws `SealRefused` for what no enclave would take. */
export async function signStatement(statement: Statement, keys: ReaderKeys): Promise<string> {
  const signed = await sign(canonical(statementToJson(statement)), KIND, keys.reader.id, keys.signature);
  const largest = "content" in statement.what ? LARGEST_CARRIED : LARGEST_PLAIN;
  if (signed.length > largest) {
    throw new SealRefused("GRANDE_DEMAIS", `o ato assinado tem mais de ${largest} caracteres`);
  }
  return signed;
}

export function statementToJson(statement: Statement): Members {
  return {
    ato: statement.what.act,
    evento: requireEvent(statement.event),
    cnpj: requireCompany(statement.company),
    objeto: requireIdentity(statement.subject),
    jti: requireRequestId(statement.requestId),
    iat: secondsOf(statement.issuedAt),
    ...(statement.seen === null ? {} : { visto: headToJson(statement.seen) }),
    ...extraMembers(statement.what),
  };
}

function extraMembers(what: Extra): Members {
  switch (what.act) {
    case "ENVIAR":
      return releasedMembers(what.released);
    case "SIMULAR":
    case "CONTRAPARTES":
      if (what.content === "") throw malformed(`o ato ${what.act} leva em conteudo o texto do arquivo`);
      return { conteudo: what.content };
    default:
      return {};
  }
}

/** A number alone, or null with the text of the case that has none: never both, never neither. */
function releasedMembers(released: Released): Members {
  if (released.fa !== null) return { fa: requireDecimal(released.fa) };
  const length = [...released.motivo].length;
  if (length < 1 || length > LONGEST_REASON) throw malformed("ENVIAR leva fa em texto decimal, ou fa nulo com motivo");
  return { fa: null, motivo: released.motivo };
}
