import { hex, sha256, utf8, type Bytes } from "../attestation/bytes.ts";
import { isObject, requirePlain } from "./json-members.ts";

/** RFC 8785 for what we use of JSON: ASCII names, whole numbers. Throws `SealRefused` for anything else. */
export function canonical(value: unknown): Bytes {
  requirePlain(value);
  return utf8(spelled(value));
}

/** SHA-256 of the canonical text, lower-case hex. */
export async function canonicalDigest(value: unknown): Promise<string> {
  return hex(await sha256(canonical(value)));
}

function spelled(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spelled).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${spelled(value[name])}`);
  return `{${members.join(",")}}`;
}
