import type { VerifiedDocument } from "../attestation/verified-document.ts";
import { decode } from "./base64url.ts";
import { fromHex, hex } from "../attestation/bytes.ts";
import { canonical } from "./canonical.ts";
import {
  readDeclaration,
  requireAttested,
  requireOffered,
  requireSigningKey,
  type Declaration,
} from "./declaration.ts";
import { readPublicJwk } from "./ec-keys.ts";
import { readObject } from "./json-members.ts";
import { readReceipt, type Receipt } from "./receipt-content.ts";
import { malformed, SealRefused } from "./refusals.ts";
import type { ReleasedCode } from "./released-code.ts";
import { read, verify } from "./signatures.ts";

/** A receipt, and what vouches for it. */
export interface VerifiedReceipt {
  readonly receipt: Receipt;
  readonly declaration: Declaration;
  readonly document: VerifiedDocument;
  readonly isHardware: boolean;
}

export const SENDER_NOT_AUTHENTICATED = "REMETENTE_NAO_AUTENTICADO";
export const NOT_ATTESTED_BY_HARDWARE = "NAO_ATESTADO_POR_HARDWARE";
const KIND = "aval-recibo";
const MAX_CHARACTERS = 128 * 1024;
const LEEWAY_MS = 5 * 60_000;
/** How long an enclave's own certificate lasts: a document is no older where it is shown. */
const LONGEST_AFTER_MS = 3 * 3_600_000;
const SALT = /^[0-9a-f]{64}$/;

/** Throws `SealRefused` or `AttestationRefused` unless released code, attested under its root, signed it. */
export async function verifyReceipt(text: string, code: ReleasedCode): Promise<VerifiedReceipt> {
  // (1) Form. The key comes with the receipt and is worth what the next steps find.
  const unverified = read(text, { kind: KIND, largest: MAX_CHARACTERS, carriesKey: true });
  const key = await readPublicJwk(unverified.header["jwk"]);
  const { declaracao, atestado, ...told } = readObject(unverified.payload, MAX_CHARACTERS);
  const declaration = readDeclaration(declaracao);
  if (typeof atestado !== "string") throw malformed("o recibo não traz o atestado da chave que o assinou");
  // (2) The code, at the time of its document.
  const document = await code.verifyThen(decode(atestado));
  // (3) From the document to the declaration, to the key, to the signature.
  await requireAttested(declaration, document.userData);
  await requireSigningKey(declaration, key);
  if (unverified.keyId !== declaration.keyId) {
    throw new SealRefused("DECLARACAO_DIVERGE", "o kid do recibo não é o da declaração atestada");
  }
  await verify(unverified, key);
  // (4) What it says, now that it is known who says it.
  const receipt = readReceipt(told);
  requireOffered(declaration, receipt.event);
  requireMoment(receipt, document);
  requireLabel(receipt, code.isHardware);
  return { receipt, declaration, document, isHardware: code.isHardware };
}

/** What a receipt shows of `value`, for who has the salt: 64 hexadecimal digits of 32 bytes. */
export async function commitmentOf(value: unknown, salt: string): Promise<string> {
  if (!SALT.test(salt)) throw malformed("o sal tem 32 bytes");
  const how = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", fromHex(salt), how, false, ["sign"]);
  return hex(new Uint8Array(await crypto.subtle.sign(how, key, canonical(value))));
}

function requireMoment(receipt: Receipt, document: VerifiedDocument): void {
  const after = receipt.issuedAt.getTime() - document.instant.getTime();
  if (after < -LEEWAY_MS || after > LONGEST_AFTER_MS) {
    throw new SealRefused("RECIBO_FORA_DO_ATESTADO", "o recibo não é do tempo do atestado que traz");
  }
}

function requireLabel(receipt: Receipt, isHardware: boolean): void {
  if (receipt.caveats.includes(NOT_ATTESTED_BY_HARDWARE) === isHardware) {
    throw new SealRefused("RESSALVAS_DIVERGEM", "o recibo não diz, como deve, se o hardware atestou o código");
  }
}
