import { parsedCnpj } from "../format/identifiers.ts";
import { hex, sha256 } from "../attestation/bytes.ts";
import { malformed, SealRefused } from "./refusals.ts";

const IDENTITY = /^[0-9a-f]{64}$/;
const EVENT_CODE = /^[0-9]{4}(?:0[1-9]|1[0-2])[0-9]{3}$/;
const KEY_ID = /^[A-Za-z0-9_-]{8,64}$/;
const COMPANY = /^[0-9A-Z]{12}[0-9]{2}$/;
const REQUEST = /^[A-Za-z0-9_-]{16,64}$/;
const DECIMAL = /^-?(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?$/;
const LAST_SECOND = 253_402_300_799;

/** SHA-256 of a whole sealed object as it is sent, hex: never of what is in it, which could be guessed. */
export async function identityOf(sealed: Uint8Array): Promise<string> {
  return hex(await sha256(sealed));
}

export function requireIdentity(value: unknown): string {
  return matching(value, IDENTITY, "uma identidade tem 64 algarismos hexadecimais minúsculos");
}

export function requireEvent(value: unknown): string {
  return matching(value, EVENT_CODE, "o evento deve ter 9 algarismos: ano, mês e número, como 202303001");
}

export function requireKeyId(value: unknown): string {
  return matching(value, KEY_ID, "o kid deve ter de 8 a 64 letras, algarismos, - ou _");
}

/** Fourteen characters, without the mask, whose check digits are right (IN RFB 2.229/2024). */
export function requireCompany(value: unknown): string {
  const told = matching(value, COMPANY, "o CNPJ vai com 12 letras ou algarismos e 2 dígitos, sem pontuação");
  if (/^0+$/.test(told)) throw malformed("o CNPJ não pode ser formado só de zeros");
  if (parsedCnpj(told) !== told) throw malformed("os dígitos verificadores do CNPJ não conferem");
  return told;
}

export function requireRequestId(value: unknown): string {
  return matching(value, REQUEST, "jti deve ter de 16 a 64 letras, algarismos, - ou _");
}

/** A plain decimal number with a point, as 0.17 is: it is compared as text. */
export function requireDecimal(value: unknown): string {
  return matching(value, DECIMAL, "o número deve ser um texto decimal com ponto, como 0.17");
}

/** Whole seconds since 1970 (RFC 7519, section 2, NumericDate). */
export function momentOf(value: unknown): Date {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > LAST_SECOND) {
    throw malformed("iat deve ser um número inteiro de segundos desde 1970");
  }
  return new Date((value as number) * 1000);
}

export function secondsOf(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}

export function requireText(value: unknown, what: string): string {
  if (typeof value !== "string") throw malformed(`um membro ${what} deve ser texto`);
  return value;
}

function matching(value: unknown, form: RegExp, detail: string): string {
  if (typeof value !== "string" || !form.test(value)) throw new SealRefused("MALFORMADO", detail);
  return value;
}
