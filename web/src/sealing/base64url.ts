import { base64url } from "jose";

import { owned, type Bytes } from "../attestation/bytes.ts";
import { malformed } from "./refusals.ts";

const ALPHABET = /^[A-Za-z0-9_-]*$/;

export function encode(data: Uint8Array): string {
  return base64url.encode(data);
}

/** Without padding, one spelling for each value (RFC 7515, section 2); throws `SealRefused` for any other. */
export function decode(text: string): Bytes {
  if (!ALPHABET.test(text)) throw notOne();
  let data: Uint8Array;
  try {
    data = base64url.decode(text);
  } catch (failure) {
    throw notOne(failure);
  }
  // The last characters may spell the same bytes in several ways: only one is taken, or one message
  // would have several identities.
  const tail = data.length % 3;
  if (tail !== 0 && encode(data.subarray(-tail)) !== text.slice(-(tail + 1))) throw notOne();
  return owned(data);
}

function notOne(cause?: unknown): Error {
  const refusal = malformed("não é base64url sem preenchimento");
  refusal.cause = cause;
  return refusal;
}
