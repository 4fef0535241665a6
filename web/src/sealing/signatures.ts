import { CompactSign } from "jose";

import { decode } from "./base64url.ts";
import { utf8, type Bytes } from "../attestation/bytes.ts";
import { importPublic, type PublicJwk } from "./ec-keys.ts";
import { hasExactly, readObject, type Members } from "./json-members.ts";
import { malformed, SealRefused } from "./refusals.ts";

/** JWS compact with ES256 and nothing else (RFC 7515; RFC 7518, section 3.4). */
export interface Unverified {
  readonly keyId: string;
  readonly header: Members;
  readonly payload: Bytes;
  /** Header and payload as they came: what the signature covers is never encoded anew. */
  readonly signed: Bytes;
  readonly signature: Bytes;
}

export interface Form {
  /** What goes into `typ`, so that no signature serves for another purpose (RFC 8725, section 3.11). */
  readonly kind: string;
  readonly largest: number;
  /** A receipt brings its own key, whose worth is found elsewhere. */
  readonly carriesKey?: boolean;
}

const LARGEST_HEADER = 4096;
const SIGNATURE_BYTES = 64;

export function sign(payload: Uint8Array, kind: string, keyId: string, key: CryptoKey): Promise<string> {
  return new CompactSign(payload).setProtectedHeader({ alg: "ES256", kid: keyId, typ: kind }).sign(key);
}

/** Nothing of it is to be trusted before `verify`. Throws `SealRefused` for any other form, algorithm or purpose. */
export function read(text: string, { kind, largest, carriesKey = false }: Form): Unverified {
  // (1) Size and form: RFC 7515, section 7.1.
  if (text.length > largest) throw new SealRefused("GRANDE_DEMAIS", `a assinatura tem mais de ${largest} caracteres`);
  const parts = text.split(".");
  const [protectedHeader, content, raw] = parts;
  if (protectedHeader === undefined || content === undefined || raw === undefined || parts.length !== 3) throw notOne();
  const header = readObject(decode(protectedHeader), LARGEST_HEADER);
  // (2) The algorithm is ours to choose, not the message's: RFC 8725, section 3.1.
  if (header["alg"] !== "ES256") throw new SealRefused("ALGORITMO_NAO_ACEITO", "a assinatura deve ser ES256");
  // (3) No `crit`, no `b64`, no key or address to fetch one from, but where the format carries its key.
  if (!hasExactly(header, ["alg", "kid", "typ", ...(carriesKey ? ["jwk"] : [])])) {
    throw new SealRefused("CABECALHO_NAO_ACEITO", "o cabeçalho deve ter exatamente alg, kid e typ");
  }
  if (header["typ"] !== kind) throw new SealRefused("CABECALHO_NAO_ACEITO", `o typ deve ser ${kind}`);
  if (typeof header["kid"] !== "string") throw notOne();
  return {
    keyId: header["kid"],
    header,
    payload: decode(content),
    signed: utf8(`${protectedHeader}.${content}`),
    signature: decode(raw),
  };
}

/** The payload, signed by `key`; throws `SealRefused`. */
export async function verify(unverified: Unverified, key: PublicJwk): Promise<Bytes> {
  const { signature, signed, payload } = unverified;
  const how = { name: "ECDSA", hash: "SHA-256" };
  const holds =
    signature.length === SIGNATURE_BYTES &&
    (await crypto.subtle.verify(how, await importPublic(key, "ECDSA"), signature, signed));
  if (!holds) throw new SealRefused("ASSINATURA_NAO_CONFERE", "a assinatura não confere");
  return payload;
}

function notOne(): SealRefused {
  return malformed("não é uma assinatura JWS na forma compacta");
}
