import { hex, type Bytes } from "./bytes.ts";
import { BIT_STRING, DerReader, INTEGER, magnitude, octetsOfBits, SEQUENCE } from "./der.ts";
import { AttestationRefused } from "./refusals.ts";
import type { VerifiedDocument } from "./verified-document.ts";

/** What KMS takes for a recipient; who seals a portfolio asks for more. */
export const MIN_RSA_BITS = 2048;

const ALGORITHM = { name: "RSA-OAEP", hash: "SHA-256" };
// rsaEncryption, with the parameter that says nothing: RFC 3279, section 2.3.1.
const RSA_ALGORITHM = "300d06092a864886f70d0101010500";

/** The key for RSA-OAEP with SHA-256 that the document names; throws `AttestationRefused`. */
export async function rsaKeyOf(
  document: Pick<VerifiedDocument, "publicKey">,
  atLeastBits = MIN_RSA_BITS,
): Promise<CryptoKey> {
  const spki = new Uint8Array(document.publicKey);
  let bits: number;
  let key: CryptoKey;
  try {
    bits = modulusBits(spki);
    key = await crypto.subtle.importKey("spki", spki, ALGORITHM, true, ["encrypt"]);
  } catch {
    throw refused("o atestado não traz uma chave RSA na forma SubjectPublicKeyInfo em DER");
  }
  if (bits < atLeastBits) throw refused(`a chave do atestado não é RSA de ${atLeastBits} bits ou mais`);
  return key;
}

/** How long the modulus is; a key has one spelling, because it is known by its digest: throws `NotDer`. */
function modulusBits(spki: Bytes): number {
  const outer = new DerReader(spki);
  const parts = outer.enter(SEQUENCE);
  outer.end();
  const isRsa = hex(parts.take(SEQUENCE).whole) === RSA_ALGORITHM;
  const inner = new DerReader(octetsOfBits(parts.take(BIT_STRING)));
  parts.end();
  if (!isRsa) return 0;
  const numbers = inner.enter(SEQUENCE);
  inner.end();
  const modulus = magnitude(numbers.take(INTEGER));
  magnitude(numbers.take(INTEGER));
  numbers.end();
  return 8 * modulus.length - Math.clz32(modulus[0] ?? 0) + 24;
}

function refused(detail: string): AttestationRefused {
  return new AttestationRefused("CHAVE_PUBLICA", detail);
}
