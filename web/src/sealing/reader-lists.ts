import { canonical } from "./canonical.ts";
import { requireCompany, requireIdentity, secondsOf } from "./identities.ts";
import type { ReaderKeys } from "./reader-keys.ts";
import type { Readers } from "./readers.ts";
import { sign } from "./signatures.ts";

const KIND = "aval-leitores";

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
