import { decode } from "./base64url.ts";
import { canonical } from "./canonical.ts";
import { requireCompany, requireIdentity, secondsOf } from "./identities.ts";
import { readObject, type Members } from "./json-members.ts";
import type { ReaderKeys } from "./reader-keys.ts";
import type { Readers } from "./readers.ts";
import { malformed, SealRefused } from "./refusals.ts";
import { sign } from "./signatures.ts";

const KIND = "aval-leitores";
/** Characters, as the platform takes them. */
export const LARGEST_SIGNED_LIST = 100_000;

/** The list that takes the place of the one in force, as `aval leitor adicionar` signs it. */
export interface NextList {
  /** CNPJ whose list it is. */
  readonly company: string;
  readonly readers: Readers;
  /** Digest of the list in force. */
  readonly former: string;
  readonly issuedAt: Date;
}

/** A JWS by a reader of the list in force, for `PUT /prudencial/empresas/{cnpj}/leitores`; throws `SealRefused`. */
export function signNextList({ company, readers, former, issuedAt }: NextList, keys: ReaderKeys): Promise<string> {
  const told = {
    cnpj: requireCompany(company),
    leitores: readers.toJson(),
    iat: secondsOf(issuedAt),
    anterior: requireIdentity(former),
  };
  return sign(canonical(told), KIND, keys.reader.id, keys.signature);
}

/**
 * Whose list a file is, by its own words; throws `SealRefused` for any other file, which stays here: it may be somebody's
 * keys. Who signed the list, the platform judges, and the enclave whenever it counts.
 */
export function companyOfList(text: string): string {
  const parts = text.split(".");
  if (parts.length === 5) throw malformed(KEYS_INSTEAD);
  const [header, payload] = parts.length === 3 && text.length <= LARGEST_SIGNED_LIST ? parts.map(membersIn) : [];
  if (header?.["typ"] !== KIND || typeof payload?.["cnpj"] !== "string") throw malformed(NO_LIST);
  return requireCompany(payload["cnpj"]);
}

/** A file of keys, and anything else that is encrypted, has five parts. */
const KEYS_INSTEAD =
  "O arquivo está cifrado, como o das suas chaves, que não deve sair deste computador. Escolha a lista assinada (.jws).";
const NO_LIST = "O arquivo não é uma lista de leitores assinada. Escolha o .jws que o comando aval leitor autorizar gravou.";

function membersIn(part: string): Members | null {
  try {
    return readObject(decode(part), LARGEST_SIGNED_LIST);
  } catch (refusal) {
    if (refusal instanceof SealRefused) return null;
    throw refusal;
  }
}
