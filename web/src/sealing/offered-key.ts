import { utf8, type Bytes } from "../attestation/bytes.ts";
import { rsaKeyOf } from "../attestation/public-key.ts";
import type { VerifiedDocument } from "../attestation/verified-document.ts";
import { readDeclaration, requireAttested, requireSigningKey, type Declaration } from "./declaration.ts";
import { readPublicJwk, type PublicJwk } from "./ec-keys.ts";
import { MIN_RSA_BITS } from "./envelope.ts";
import { readObject } from "./json-members.ts";
import { malformed } from "./refusals.ts";
import type { ReleasedCode } from "./released-code.ts";

/** What `GET /prudencial/chave` answers: nothing of it is proven. */
export interface KeyOffer {
  readonly attestation: Bytes;
  readonly declaration: Declaration;
  readonly signingKey: PublicJwk;
}

/** A sealing key and a signing key that released code holds. */
export interface AttestedKey {
  readonly keyId: string;
  /** RSA-OAEP with SHA-256, to encrypt. */
  readonly sealing: CryptoKey;
  /** The enclave's, by which answers are signed. */
  readonly signing: PublicJwk;
  readonly declaration: Declaration;
  /** What the lock's panel shows. */
  readonly document: VerifiedDocument;
  readonly isHardware: boolean;
}

const MAX_OFFER_BYTES = 64 * 1024;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** JSON with atestado, declaracao and assinatura; more is passed over. Throws `SealRefused` if not. */
export async function readOffer(text: string): Promise<KeyOffer> {
  const { atestado, declaracao, assinatura } = readObject(utf8(text), MAX_OFFER_BYTES);
  if (typeof atestado !== "string" || declaracao === undefined || assinatura === undefined) {
    throw malformed("a chave oferecida tem atestado, declaracao e assinatura");
  }
  return {
    attestation: fromBase64(atestado),
    declaration: readDeclaration(declaracao),
    signingKey: await readPublicJwk(assinatura),
  };
}

/** What may be sealed to, now; throws `AttestationRefused` or `SealRefused`. */
export async function verifyOffer(
  offer: KeyOffer,
  code: ReleasedCode,
  asked: { readonly at: Date; readonly nonce: Uint8Array },
): Promise<AttestedKey> {
  return attested(offer, await code.verifyNow(offer.attestation, asked), code);
}

/** What signed then: for answers kept from before, never to seal to; throws as `verifyOffer` does. */
export async function verifyPastOffer(offer: KeyOffer, code: ReleasedCode): Promise<AttestedKey> {
  return attested(offer, await code.verifyThen(offer.attestation), code);
}

async function attested(offer: KeyOffer, document: VerifiedDocument, code: ReleasedCode): Promise<AttestedKey> {
  await requireAttested(offer.declaration, document.userData);
  await requireSigningKey(offer.declaration, offer.signingKey);
  return {
    keyId: offer.declaration.keyId,
    sealing: await rsaKeyOf(document, MIN_RSA_BITS),
    signing: offer.signingKey,
    declaration: offer.declaration,
    document,
    isHardware: code.isHardware,
  };
}

function fromBase64(text: string): Bytes {
  if (!base64.test(text)) throw noBase64();
  const binary = atob(text);
  if (btoa(binary) !== text) throw noBase64();
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function noBase64(): Error {
  return malformed("o atestado não está em base64");
}
