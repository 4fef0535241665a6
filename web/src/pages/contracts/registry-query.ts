import { pathWith } from "../../api/query.ts";
import type { Option } from "../../components/field.tsx";
import { parsedCnpj } from "../../format/identifiers.ts";

export interface FilterField {
  /** As the API's query calls it. */
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "code" | "cnpj" | "day" | "choice";
  readonly options?: readonly Option[];
  readonly maxLength?: number;
}

export type Typed = Readonly<Record<string, string>>;

/** What is asked at first: the first choice of each field that has choices. */
export function typedAtFirst(fields: readonly FilterField[]): Typed {
  return Object.fromEntries(fields.map(({ name, options }) => [name, options?.[0]?.value ?? ""]));
}

/** The sentence beside each field that cannot be asked for as it is typed. */
export function faultsOf(fields: readonly FilterField[], typed: Typed): Typed {
  const faults: Record<string, string> = {};
  for (const field of fields) {
    const fault = faultOf(field, (typed[field.name] ?? "").trim());
    if (fault !== null) faults[field.name] = fault;
  }
  return faults;
}

export function registryPath(path: string, typed: Typed, cursor: string | null, limit: number): string {
  const told = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()]));
  return pathWith(path, { ...told, limite: limit, cursor });
}

function faultOf({ kind }: FilterField, value: string): string | null {
  if (value === "") return null;
  if (kind === "code" && !/^[1-9]\d{0,8}$/.test(value)) return "Informe o código só com algarismos, até nove.";
  if (kind === "cnpj" && parsedCnpj(value) === null) return "Informe um CNPJ inteiro, com os dígitos verificadores certos.";
  if (kind === "day" && !/^(19|20|21)\d{2}-\d{2}-\d{2}$/.test(value)) return "Informe um dia entre 1900 e 2199.";
  return null;
}
