import { compactDecrypt, CompactEncrypt } from "jose";

import { decode } from "./base64url.ts";
import { textOf, utf8, type Bytes } from "../attestation/bytes.ts";
import { canonical } from "./canonical.ts";
import { readPrivateJwk } from "./ec-keys.ts";
import { hasExactly, readObject, type Members } from "./json-members.ts";
import { held, makeReader, type PrivateReader, type ReaderKeys } from "./reader-keys.ts";
import { malformed, SealRefused } from "./refusals.ts";

/** A file of `aval leitor criar`, and of this page: JWE, PBES2-HS512+A256KW and A256GCM (RFC 7518, section 4.8). */
const KIND = "aval-leitor";
const ALGORITHM = "PBES2-HS512+A256KW";
const ENCRYPTION = "A256GCM";
export const SHORTEST_PASSPHRASE = 12;
/** Nearly three times what OWASP's cheat sheet on password storage asks of HMAC-SHA-512 (210 000). */
const ITERATIONS = 600_000;
const FEWEST_ITERATIONS = 210_000;
const MOST_ITERATIONS = 10_000_000;
const LARGEST = 8192;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keys that were just made, and the file that alone brings them back. */
export interface ReaderMade {
  readonly keys: ReaderKeys;
  /** To be saved by its holder before anything is sealed to the keys. */
  readonly file: Bytes;
}

/** Throws `SealRefused` for a name that no list takes, or a passphrase that is too short. */
export async function createReader(id: string, passphrase: string): Promise<ReaderMade> {
  const made = await makeReader(id);
  const file = await protect(made, passphrase);
  return { keys: await held(made), file };
}

/** Throws `SealRefused` for another file, or `SENHA_NAO_ABRE` for another passphrase. */
export async function openReaderFile(file: Uint8Array, passphrase: string): Promise<ReaderKeys> {
  return held(await unprotect(file, passphrase));
}

/** Why the passphrase does not do, as a sentence for its field; null where it does. */
export function passphraseFault(passphrase: string): string | null {
  // By characters, as the command counts them.
  return [...passphrase].length < SHORTEST_PASSPHRASE
    ? `a senha deve ter ao menos ${SHORTEST_PASSPHRASE} caracteres`
    : null;
}

export async function protect(keys: PrivateReader, passphrase: string): Promise<Bytes> {
  const fault = passphraseFault(passphrase);
  if (fault !== null) throw new SealRefused("SENHA_NAO_ABRE", fault);
  const { id, enc, sig } = keys;
  const sealed = await new CompactEncrypt(canonical({ id, enc, sig }))
    .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, typ: KIND })
    .setKeyManagementParameters({ p2c: ITERATIONS })
    .encrypt(typed(passphrase));
  return utf8(`${sealed}\n`);
}

export async function unprotect(file: Uint8Array, passphrase: string): Promise<PrivateReader> {
  const jwe = compactText(file);
  requireHeader(readObject(decode(jwe.split(".")[0] ?? ""), LARGEST));
  let plaintext: Uint8Array;
  try {
    ({ plaintext } = await compactDecrypt(jwe, typed(passphrase), {
      keyManagementAlgorithms: [ALGORITHM],
      contentEncryptionAlgorithms: [ENCRYPTION],
      maxPBES2Count: MOST_ITERATIONS,
    }));
  } catch (failure) {
    throw new SealRefused("SENHA_NAO_ABRE", "o arquivo do leitor não abre com esta senha", { cause: failure });
  }
  return privateReader(readObject(plaintext, LARGEST));
}

function compactText(file: Uint8Array): string {
  if (file.length > LARGEST) throw notOne();
  let text: string;
  try {
    text = textOf(file).replace(/[\r\n]+$/, "");
  } catch {
    throw notOne();
  }
  const parts = text.split(".");
  if (parts.length !== 5) throw notOne();
  const [, , nonce, , tag] = parts.map(decode);
  if (nonce?.length !== NONCE_BYTES || tag?.length !== TAG_BYTES) throw notOne();
  return text;
}

function requireHeader(header: Members): void {
  if (header["alg"] !== ALGORITHM || header["enc"] !== ENCRYPTION) {
    throw new SealRefused("ALGORITMO_NAO_ACEITO", `o arquivo do leitor deve ser ${ALGORITHM} com ${ENCRYPTION}`);
  }
  if (!hasExactly(header, ["alg", "enc", "typ", "p2s", "p2c"]) || header["typ"] !== KIND) {
    throw new SealRefused("CABECALHO_NAO_ACEITO", "o cabeçalho não é o do arquivo de um leitor");
  }
  const { p2s: salt, p2c: rounds } = header;
  if (typeof salt !== "string" || typeof rounds !== "number") throw notOne();
  decode(salt);
  // Fewer would be somebody else's choice of a weaker file; many more, of a long wait.
  if (rounds < FEWEST_ITERATIONS || rounds > MOST_ITERATIONS) {
    throw new SealRefused("ALGORITMO_NAO_ACEITO", `p2c deve estar entre ${FEWEST_ITERATIONS} e ${MOST_ITERATIONS}`);
  }
}

async function privateReader(told: Members): Promise<PrivateReader> {
  if (!hasExactly(told, ["id", "enc", "sig"]) || typeof told["id"] !== "string") throw notOne();
  const [enc, sig] = await Promise.all([readPrivateJwk(told["enc"]), readPrivateJwk(told["sig"])]);
  return { id: told["id"], enc, sig };
}

/** The same passphrase typed on another system may come in other code points (RFC 8265, section 4.2). */
function typed(passphrase: string): Bytes {
  return utf8(passphrase.normalize("NFC"));
}

function notOne(): SealRefused {
  return malformed("não é o arquivo de um leitor");
}
