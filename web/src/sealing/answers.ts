import { flattenedDecrypt, type FlattenedJWE } from "jose";

import { decode } from "./base64url.ts";
import { textOf, utf8 } from "../attestation/bytes.ts";
import { readPublicJwk, type PublicJwk } from "./ec-keys.ts";
import { readHead, requireNotOlder, type Head } from "./head.ts";
import { requireText } from "./identities.ts";
import { hasExactly, isObject, readObject, type Members } from "./json-members.ts";
import type { ReaderKeys } from "./reader-keys.ts";
import { MOST_READERS } from "./readers.ts";
import { malformed, SealRefused } from "./refusals.ts";
import { read, verify } from "./signatures.ts";

/** What the enclave must have answered to. */
export interface ExpectedAnswer {
  readonly event: string;
  readonly company: string;
  /** Null only where `subject` is told and the request's code is not known: the identity is of an object with it. */
  readonly requestId: string | null;
  /** The newest head of the event that this reader knew when it asked. */
  readonly seen: Head | null;
  /** Digest of the list of readers of the data; null where nobody can tell, as of some refusals. */
  readonly readers: string | null;
  /** Identity of what was delivered or asked about: whoever saw a request's code may forge a delivery under it. */
  readonly subject: string | null;
}

export interface Answer {
  /** Checked to be the enclave's, and an object; each member is still to be read with care. */
  readonly payload: Members;
  readonly head: Head;
  /** Digest of the list that it was sealed to. */
  readonly readers: string;
  /** Reservations that a person must be told, by their codes. */
  readonly caveats: readonly string[];
}

const KIND = "aval-resposta";
const ALGORITHM = "ECDH-ES+A256KW";
const ENCRYPTION = "A256GCM";
export const MAX_ANSWER_BYTES = 128_000_000;
const OUTER_MEMBERS = ["protected", "recipients", "iv", "ciphertext", "tag"];
const INNER_MEMBERS = ["evento", "cnpj", "jti", "cabeca", "leitores", "ressalvas", "conteudo"];
const LARGEST_HEADER = 1024;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAPPED_BYTES = 40;

/** Throws `SealRefused` unless `signer` answered this request, to this reader, from no older journal. */
export async function openAnswer(
  answer: string,
  keys: ReaderKeys,
  signer: PublicJwk,
  expected: ExpectedAnswer,
): Promise<Answer> {
  // (1) Open: what is for somebody else does not.
  const signed = await opened(readObject(utf8(answer), MAX_ANSWER_BYTES), keys);
  // (2) Verify before anything inside is believed.
  const unverified = read(signed, { kind: KIND, largest: MAX_ANSWER_BYTES });
  const inner = readObject(await verify(unverified, signer), MAX_ANSWER_BYTES);
  // (3) Compare with what was asked.
  return bound(inner, expected);
}

async function opened(outer: Members, keys: ReaderKeys): Promise<string> {
  if (!hasExactly(outer, OUTER_MEMBERS)) {
    throw malformed(`a resposta deve ter exatamente ${[...OUTER_MEMBERS].sort().join(", ")}`);
  }
  const [protectedHeader, iv, ciphertext, tag] = ["protected", "iv", "ciphertext", "tag"].map((name) =>
    requireText(outer[name], "da resposta"),
  ) as [string, string, string, string];
  requireHeader(readObject(decode(protectedHeader), LARGEST_HEADER));
  const recipient = await recipientOf(keys.reader.id, outer["recipients"]);
  if (decode(iv).length !== NONCE_BYTES || decode(tag).length !== TAG_BYTES) {
    throw malformed("o vetor inicial tem 12 bytes e o autenticador tem 16");
  }
  decode(ciphertext);
  const jwe: FlattenedJWE = { protected: protectedHeader, iv, ciphertext, tag, ...recipient };
  return decrypted(jwe, keys.encryption);
}

async function decrypted(jwe: FlattenedJWE, key: CryptoKey): Promise<string> {
  try {
    const { plaintext } = await flattenedDecrypt(jwe, key, {
      keyManagementAlgorithms: [ALGORITHM],
      contentEncryptionAlgorithms: [ENCRYPTION],
    });
    return asciiOf(plaintext);
  } catch (failure) {
    const detail = "a resposta não abre: é para a chave de outro leitor, ou mudou no caminho";
    throw new SealRefused("NAO_ABRE", detail, { cause: failure });
  }
}

/** What is signed is base64url and points, whatever else would be text. */
function asciiOf(plaintext: Uint8Array): string {
  if (plaintext.some((byte) => byte > 0x7f)) throw new TypeError("not ASCII");
  return textOf(plaintext);
}

function requireHeader(header: Members): void {
  if (header["alg"] !== ALGORITHM || header["enc"] !== ENCRYPTION) {
    throw new SealRefused("ALGORITMO_NAO_ACEITO", `só se aceita ${ALGORITHM} com ${ENCRYPTION}`);
  }
  if (!hasExactly(header, ["alg", "enc", "typ"]) || header["typ"] !== KIND) {
    throw new SealRefused("CABECALHO_NAO_ACEITO", "o cabeçalho da resposta não é o de uma resposta");
  }
}

/** The part for this reader alone: a library that tries each would not tell a stranger from a changed answer. */
async function recipientOf(
  readerId: string,
  recipients: unknown,
): Promise<{ header: { kid: string; epk: PublicJwk }; encrypted_key: string }> {
  if (!Array.isArray(recipients) || recipients.length < 1 || recipients.length > MOST_READERS) {
    throw malformed(`a resposta tem de 1 a ${MOST_READERS} destinatários`);
  }
  const own = (recipients as unknown[]).find((one): one is Members => isFor(readerId, one));
  if (own === undefined) throw new SealRefused("NAO_E_LEITOR", "a resposta não foi selada para este leitor");
  const { header, encrypted_key: wrapped } = own;
  if (!hasExactly(own, ["header", "encrypted_key"]) || !hasExactly(header, ["kid", "epk"])) {
    throw new SealRefused("CABECALHO_NAO_ACEITO", "um destinatário tem só kid e epk");
  }
  const epk = await readPublicJwk(header["epk"]);
  const encryptedKey = requireText(wrapped, "da resposta");
  if (decode(encryptedKey).length !== WRAPPED_BYTES) {
    throw new SealRefused("NAO_ABRE", "não abre com a chave deste leitor");
  }
  return { header: { kid: readerId, epk }, encrypted_key: encryptedKey };
}

function isFor(readerId: string, recipient: unknown): boolean {
  if (!isObject(recipient) || typeof recipient["encrypted_key"] !== "string") return false;
  const { header } = recipient;
  return isObject(header) && header["kid"] === readerId && Object.hasOwn(header, "epk");
}

function bound(inner: Members, expected: ExpectedAnswer): Answer {
  if (!hasExactly(inner, INNER_MEMBERS)) {
    throw malformed(`o conteúdo assinado deve ter exatamente ${[...INNER_MEMBERS].sort().join(", ")}`);
  }
  const { evento, cnpj, jti, leitores, conteudo, ressalvas, cabeca } = inner;
  if (evento !== expected.event) throw new SealRefused("EVENTO_DIVERGE", "a resposta é de outro evento");
  if (cnpj !== expected.company) throw new SealRefused("EMPRESA_DIVERGE", "a resposta é de outra empresa");
  const { requestId } = expected;
  if (requestId === null && expected.subject === null) throw new TypeError("an answer to nothing in particular");
  if (requestId !== null && jti !== requestId) throw new SealRefused("PEDIDO_DIVERGE", "a resposta é de outro pedido");
  if (expected.readers !== null && leitores !== expected.readers) {
    throw new SealRefused("LEITORES_DIVERGEM", "a resposta foi selada também para outros leitores");
  }
  if (!isObject(conteudo) || !Array.isArray(ressalvas)) {
    throw malformed("a resposta tem um objeto e uma lista de ressalvas");
  }
  if (expected.subject !== null && conteudo["objeto"] !== expected.subject) {
    throw new SealRefused("OBJETO_DIVERGE", "a resposta é sobre outro objeto que o entregue");
  }
  const head = readHead(cabeca);
  requireNotOlder(head, expected.seen);
  const caveats = (ressalvas as unknown[]).map((one) => requireText(one, "da resposta"));
  return { payload: conteudo, head, readers: requireText(leitores, "da resposta"), caveats };
}
