import { owned, type Bytes } from "./bytes.ts";

/** AlgorithmIdentifier of a key on P-384, in hex: id-ecPublicKey and the curve (RFC 5480, section 2.1.1). */
export const P384_ALGORITHM = "301006072a8648ce3d020106052b81040022";
/** r and s, each as long as the order: RFC 9053, section 2.1; RFC 7518, section 3.4. */
export const SIGNATURE_BYTES = 96;

const CURVE = { name: "ECDSA", namedCurve: "P-384" };
const POINT_BYTES = 97;

/** A key from its point, told in full; rejects for what is no point of the curve. */
export async function importPoint(point: Bytes): Promise<CryptoKey> {
  if (point.length !== POINT_BYTES) throw new TypeError("no point of P-384 in full");
  return crypto.subtle.importKey("raw", point, CURVE, true, ["verify"]);
}

/** Whether the holder of `key` signed by ES384. */
export async function isSignedBy(key: CryptoKey, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-384" }, key, owned(signature), owned(data));
}
