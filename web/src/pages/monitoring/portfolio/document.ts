import { LINES, type Deduction } from "./lines.ts";

/** One agent's portfolio, as the file carries it (docs/prudential.md). */
export interface PortfolioDocument {
  readonly evento: string;
  readonly cnpj: string;
  readonly patrimonioLiquido: EquityDocument;
  readonly meses: readonly MonthDocument[];
}

export interface EquityDocument {
  readonly dataBase: string;
  readonly valor: string;
  readonly deducoes: readonly { readonly item: Deduction; readonly valor: string }[];
}

/** A month: `mes`, and figures at the paths of `LINES`. */
export type MonthDocument = { readonly mes: string } & Tree;

export interface Tree {
  readonly [name: string]: string | Tree;
}

/** The figure at `path`, such as `precoFixo/recurso/mwm`; null where there is none. */
export function figureAt(month: unknown, path: string): string | null {
  let found: unknown = month;
  for (const name of path.split("/")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return null;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return typeof found === "string" ? found : null;
}

/** All lines of a month put together. */
export function monthOf(label: string, figureOf: (path: string) => string): MonthDocument {
  const month: Record<string, unknown> = { mes: label };
  for (const { path } of LINES) {
    const names = path.split("/");
    const last = names.pop() ?? "";
    let inside = month;
    for (const name of names) inside = (inside[name] ??= {}) as Record<string, unknown>;
    inside[last] = figureOf(path);
  }
  return month as MonthDocument;
}
