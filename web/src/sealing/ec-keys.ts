import { decode } from "./base64url.ts";
import { owned, type Bytes } from "../attestation/bytes.ts";
import { canonicalDigest } from "./canonical.ts";
import { hasExactly } from "./json-members.ts";
import { malformed } from "./refusals.ts";

/** A public key on P-256 as JWK, with nothing else in it. */
export interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

export interface PrivateJwk extends PublicJwk {
  readonly d: string;
}

/** What a key is for: one that agrees on keys (ECDH), or one that signs (ECDSA). */
export type Use = "ECDH" | "ECDSA";

const COORDINATE_BYTES = 32;
const PUBLIC_MEMBERS = ["kty", "crv", "x", "y"] as const;

/** Exactly kty, crv, x and y of a point on P-256 (RFC 7518, section 6.2.1); throws `SealRefused` if not. */
export async function readPublicJwk(value: unknown): Promise<PublicJwk> {
  if (!hasExactly(value, PUBLIC_MEMBERS)) throw malformed("a chave pública deve ter exatamente kty, crv, x e y");
  const { kty, crv, x, y } = value;
  if (kty !== "EC" || crv !== "P-256") throw malformed("a chave deve ser EC P-256");
  const jwk: PublicJwk = { kty, crv, x: coordinate(x), y: coordinate(y) };
  await importPublic(jwk, "ECDSA");
  return jwk;
}

export async function importPublic(jwk: PublicJwk, use: Use): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("jwk", { ...jwk }, algorithm(use), true, use === "ECDSA" ? ["verify"] : []);
  } catch (failure) {
    throw Object.assign(malformed("a chave não é um ponto da curva P-256"), { cause: failure });
  }
}

/** A JWK with `d` (RFC 7518, section 6.2.2); whether its halves belong together is asked by `importPrivate`. */
export async function readPrivateJwk(value: unknown): Promise<PrivateJwk> {
  if (!hasExactly(value, [...PUBLIC_MEMBERS, "d"])) {
    throw malformed("a chave privada deve ter exatamente kty, crv, x, y e d");
  }
  const { d, ...rest } = value;
  return { ...(await readPublicJwk(rest)), d: coordinate(d) };
}

/** A key that the browser uses and does not give out again; throws `SealRefused` for halves of two keys. */
export async function importPrivate(jwk: PrivateJwk, use: Use): Promise<CryptoKey> {
  const usage: KeyUsage[] = use === "ECDSA" ? ["sign"] : ["deriveBits"];
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("jwk", { ...jwk }, algorithm(use), false, usage);
  } catch (failure) {
    throw Object.assign(malformed("a chave privada não é da curva P-256"), { cause: failure });
  }
  const belongs = use === "ECDSA" ? await signsFor(key, jwk) : await agreesFor(key, jwk);
  if (!belongs) throw malformed("as metades da chave não são uma da outra");
  return key;
}

/** The JWK's thumbprint in hex (RFC 7638, section 3). */
export function thumbprint({ kty, crv, x, y }: PublicJwk): Promise<string> {
  return canonicalDigest({ kty, crv, x, y });
}

/** SHA-256 is taken of this where a key is named by its SubjectPublicKeyInfo. */
export async function spkiOf(jwk: PublicJwk): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.exportKey("spki", await importPublic(jwk, "ECDSA")));
}

export function publicHalf({ kty, crv, x, y }: PublicJwk): PublicJwk {
  return { kty, crv, x, y };
}

async function signsFor(key: CryptoKey, jwk: PublicJwk): Promise<boolean> {
  const told = owned(crypto.getRandomValues(new Uint8Array(COORDINATE_BYTES)));
  const how = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(how, key, told);
  return crypto.subtle.verify(how, await importPublic(publicHalf(jwk), "ECDSA"), signature, told);
}

async function agreesFor(key: CryptoKey, jwk: PublicJwk): Promise<boolean> {
  const other = await crypto.subtle.generateKey(algorithm("ECDH"), false, ["deriveBits"]);
  const theirs = { name: "ECDH", public: await importPublic(publicHalf(jwk), "ECDH") };
  const ours = { name: "ECDH", public: other.publicKey };
  const [here, there] = await Promise.all([
    crypto.subtle.deriveBits(ours, key, COORDINATE_BYTES * 8),
    crypto.subtle.deriveBits(theirs, other.privateKey, COORDINATE_BYTES * 8),
  ]);
  return new Uint8Array(here).every((byte, at) => byte === new Uint8Array(there)[at]);
}

function algorithm(use: Use): EcKeyGenParams {
  return { name: use, namedCurve: "P-256" };
}

/** RFC 7518, section 6.2.1.2: as many bytes as the curve has, neither fewer nor more. */
function coordinate(value: unknown): string {
  if (typeof value !== "string" || decode(value).length !== COORDINATE_BYTES) {
    throw malformed("uma coordenada da chave deve ter 32 bytes em base64url");
  }
  return value;
}
