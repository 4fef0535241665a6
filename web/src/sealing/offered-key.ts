import type { VerifiedDocument } from "../attestation/verified-document.ts";
import { isSame, owned, utf8, type Bytes } from "./bytes.ts";
import { readDeclaration, requireAttested, requireSigningKey, type Declaration } from "./declaration.ts";
import { readPublicJwk, type PublicJwk } from "./ec-keys.ts";
import { requireStrong } from "./envelope.ts";
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

const maxOfferBytes = 64 * 1024;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** JSON with atestado, declaracao and assinatura; more is passed over. Throws `SealRefused` if not. */
export async function readOffer(text: string): Promise<KeyOffer> {
  const { atestado, declaracao, assinatura } = readObject(utf8(text), maxOfferBytes);
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
    sealing: await sealingKeyOf(document),
    signing: offer.signingKey,
    declaration: offer.declaration,
    document,
    isHardware: code.isHardware,
  };
}

async function sealingKeyOf(document: VerifiedDocument): Promise<CryptoKey> {
  const spki = owned(document.publicKey);
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("spki", spki, { name: "RSA-OAEP", hash: "SHA-256" }, true, ["encrypt"]);
  } catch (failure) {
    throw Object.assign(malformed("o atestado não nomeia uma chave RSA"), { cause: failure });
  }
  // Readers differ in what they pass over: the key is these bytes and no others.
  if (!isSame(new Uint8Array(await crypto.subtle.exportKey("spki", key)), spki)) {
    throw malformed("a chave do atestado não está em DER");
  }
  requireStrong(key);
  return key;
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
