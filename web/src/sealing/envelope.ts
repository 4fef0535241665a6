import { CompactEncrypt } from "jose";

import { encode } from "./base64url.ts";
import { utf8, type Bytes } from "../attestation/bytes.ts";
import { headToJson, type Head } from "./head.ts";
import { identityOf, requireCompany, requireEvent, requireKeyId, requireRequestId, secondsOf } from "./identities.ts";
import type { Members } from "./json-members.ts";
import type { Readers } from "./readers.ts";
import { malformed, SealRefused } from "./refusals.ts";

/** What a sealed object is for: bound into it, so that one cannot be passed off as another. */
export const SEALED_KINDS = ["ENSAIO", "ENVIO", "PORTFOLIO", "CONTRAPARTES", "SIMULACAO"] as const;
export type SealedKind = (typeof SEALED_KINDS)[number];

export const MAX_PLAINTEXT_BYTES = 50_000_000;
export const MAX_SEALED_BYTES = 70_000_000;
export const MIN_RSA_BITS = 3072;
const REQUEST_BYTES = 16;

/** The protected header: readable by everybody, changeable by nobody who cannot open the object. */
export interface Header {
  readonly keyId: string;
  readonly event: string;
  /** CNPJ of the company that sends, without its mask. */
  readonly sender: string;
  readonly kind: SealedKind;
  readonly issuedAt: Date;
  readonly requestId: string;
  readonly readers: Readers;
  /** How far its maker saw the journal. */
  readonly seen: Head | null;
}

export interface Sealed {
  /** JWE in the compact form. */
  readonly jwe: string;
  /** SHA-256 of all of `jwe`, hex: what the enclave names the object by. */
  readonly identity: string;
}

/** JWE compact, RSA-OAEP-256 and A256GCM, to the attested key; throws `SealRefused` over or under a limit. */
export async function seal(plaintext: Uint8Array, header: Header, key: CryptoKey): Promise<Sealed> {
  requireStrong(key);
  if (plaintext.length > MAX_PLAINTEXT_BYTES) throw tooLarge();
  const jwe = await new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM", ...headerMembers(header) })
    .encrypt(key);
  if (jwe.length > MAX_SEALED_BYTES) throw tooLarge();
  return { jwe, identity: await identityOf(utf8(jwe)) };
}

/** 128 random bits, so that no two requests meet. */
export function newRequestId(): string {
  return encode(crypto.getRandomValues(new Uint8Array(REQUEST_BYTES)));
}

/** Throws `SealRefused` unless it is an RSA-OAEP key with SHA-256, long enough. */
export function requireStrong(key: CryptoKey): void {
  const { name, modulusLength, hash } = key.algorithm as RsaHashedKeyAlgorithm;
  if (name !== "RSA-OAEP" || hash?.name !== "SHA-256") throw malformed("a chave não é de RSA-OAEP com SHA-256");
  if (modulusLength < MIN_RSA_BITS) {
    throw new SealRefused("CHAVE_FRACA", `a chave RSA deve ter ao menos ${MIN_RSA_BITS} bits`);
  }
}

function headerMembers(header: Header): Members {
  return {
    kid: requireKeyId(header.keyId),
    evento: requireEvent(header.event),
    remetente: requireCompany(header.sender),
    tipo: header.kind,
    iat: secondsOf(header.issuedAt),
    jti: requireRequestId(header.requestId),
    leitores: header.readers.toJson(),
    ...(header.seen === null ? {} : { visto: headToJson(header.seen) }),
  };
}

function tooLarge(): SealRefused {
  return new SealRefused("GRANDE_DEMAIS", "o conteúdo passa de 50 MB, ou o objeto selado de 70 MB");
}

/** So that a conversion to bytes stands in one place: what is uploaded is what its identity is of. */
export function sealedBytes(sealed: Sealed): Bytes {
  return utf8(sealed.jwe);
}
