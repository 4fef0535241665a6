import type { Session } from "../../api/messages.ts";

const WRITER = "REPRESENTANTE_CCEE";

/** Whether `person` may enrol the company and change its password and certificates; the platform decides again. */
export function mayChange(person: Session | null, cnpj: string): boolean {
  return rolesOf(person, cnpj).includes(WRITER);
}

export function mayChangeAny(person: Session | null): boolean {
  return person?.empresas.some((company) => company.papeis.includes(WRITER)) ?? false;
}

export function rolesOf(person: Session | null, cnpj: string): readonly string[] {
  return person?.empresas.find((company) => company.cnpj === cnpj)?.papeis ?? [];
}
