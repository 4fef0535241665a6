import { FlattenedEncrypt } from "jose";

import { encode } from "./base64url.ts";
import { textOf, type Bytes } from "../attestation/bytes.ts";
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
const POINT = ".".charCodeAt(0);
const PIECE = 8 * 1024 * 1024;
const encoder = new TextEncoder();

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

/** JWE in the compact form, as bytes and, for small ones that go inside a message, as text. */
export class Sealed {
  /** What is uploaded. */
  readonly bytes: Bytes;
  /** SHA-256 of all of it, hex: what the enclave names the object by. */
  readonly identity: string;

  constructor(bytes: Bytes, identity: string) {
    this.bytes = bytes;
    this.identity = identity;
  }

  get jwe(): string {
    return textOf(this.bytes);
  }
}

/** JWE compact, RSA-OAEP-256 and A256GCM, to the attested key; throws `SealRefused` over or under a limit. */
export async function seal(plaintext: Uint8Array, header: Header, key: CryptoKey): Promise<Sealed> {
  requireStrong(key);
  if (plaintext.length > MAX_PLAINTEXT_BYTES) throw tooLarge();
  const jwe = await new FlattenedEncrypt(plaintext)
    .setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM", ...headerMembers(header) })
    .encrypt(key);
  const parts = [jwe.protected, jwe.encrypted_key, jwe.iv, jwe.ciphertext, jwe.tag].map((part) => part ?? "");
  if (lengthOf(parts) > MAX_SEALED_BYTES) throw tooLarge();
  const bytes = await compactBytes(parts);
  return new Sealed(bytes, await identityOf(bytes));
}

/** A file of fifty megabytes is turned into bytes a piece at a time, so that the page goes on answering. */
async function compactBytes(parts: readonly string[]): Promise<Bytes> {
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const [number, part] of parts.entries()) {
    if (number > 0) bytes[at++] = POINT;
    for (let start = 0; start < part.length; start += PIECE) {
      if (start > 0) await new Promise((resolve) => setTimeout(resolve));
      at += encoder.encodeInto(part.substring(start, start + PIECE), bytes.subarray(at)).written;
    }
  }
  return bytes;
}

function lengthOf(parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + part.length, parts.length - 1);
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
