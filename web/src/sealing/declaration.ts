import { hex, isSame, sha256 } from "../attestation/bytes.ts";
import { canonical } from "./canonical.ts";
import { spkiOf, type PublicJwk } from "./ec-keys.ts";
import { requireEvent, requireIdentity, requireKeyId } from "./identities.ts";
import { hasExactly } from "./json-members.ts";
import { malformed, SealRefused } from "./refusals.ts";

/** What the enclave says of its keys; its digest is the user data of the attestation. */
export interface Declaration {
  readonly keyId: string;
  /** SHA-256 of the signing key's SubjectPublicKeyInfo, hex. */
  readonly signingKey: string;
  /** Events that the key serves; `*` is any. */
  readonly weeks: readonly string[];
  readonly method: string;
}

const ANY_WEEK = "*";
const MOST_WEEKS = 60;
const METHOD_FORM = /^[A-Za-z0-9._-]{1,128}$/;

export function readDeclaration(value: unknown): Declaration {
  if (!hasExactly(value, ["kid", "assinatura", "semanas", "metodo"])) throw notOne();
  const { kid, assinatura, semanas, metodo } = value;
  if (!Array.isArray(semanas) || semanas.length < 1 || semanas.length > MOST_WEEKS) throw notOne();
  if (typeof metodo !== "string" || !METHOD_FORM.test(metodo)) throw notOne();
  try {
    const weeks = (semanas as unknown[]).map((week) => (week === ANY_WEEK ? ANY_WEEK : requireEvent(week)));
    return { keyId: requireKeyId(kid), signingKey: requireIdentity(assinatura), weeks, method: metodo };
  } catch (failure) {
    throw Object.assign(notOne(), { cause: failure });
  }
}

/** Throws `SealRefused` unless the attestation document speaks for exactly this declaration. */
export async function requireAttested(declaration: Declaration, userData: Uint8Array | null): Promise<void> {
  const digest = await sha256(canonical(declarationToJson(declaration)));
  if (userData === null || !isSame(userData, digest)) {
    throw new SealRefused("DECLARACAO_DIVERGE", "o atestado não é desta declaração: user_data diverge");
  }
}

export async function requireSigningKey(declaration: Declaration, key: PublicJwk): Promise<void> {
  if (hex(await sha256(await spkiOf(key))) !== declaration.signingKey) {
    throw new SealRefused("CHAVE_DE_ASSINATURA_DIVERGE", "a chave de assinatura não é a da declaração atestada");
  }
}

export function requireOffered(declaration: Declaration, event: string): void {
  if (!declaration.weeks.includes(ANY_WEEK) && !declaration.weeks.includes(event)) {
    throw new SealRefused("EVENTO_FORA_DA_CHAVE", "a chave atestada não serve a este evento");
  }
}

function declarationToJson({ keyId, signingKey, weeks, method }: Declaration): Readonly<Record<string, unknown>> {
  return { kid: keyId, assinatura: signingKey, semanas: weeks, metodo: method };
}

function notOne(): SealRefused {
  return malformed("a declaração deve ter exatamente kid, assinatura, semanas e metodo");
}
