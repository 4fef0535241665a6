import { decimalText, parsedDecimal } from "../../../format/numbers.ts";
import { parsedCnpj } from "../../../format/identifiers.ts";
import { isFigure, scaled, spelled, sumOf } from "../portfolio/figures.ts";
import { told } from "../portfolio/rules.ts";
import {
  LONGEST_DESCRIPTION,
  LONGEST_NAME,
  MITIGATORS,
  type CounterpartiesDocument,
  type CounterpartyDocument,
} from "./document.ts";

/** What stands in the fields, as it was typed. `key` tells rows apart while they move. */
export interface Row {
  readonly key: number;
  readonly cnpj: string;
  readonly sigla: string;
  readonly mtm: string;
  readonly mitigators: readonly Mitigator[];
}

export interface Mitigator {
  readonly key: number;
  readonly kind: string;
  readonly value: string;
  readonly description: string;
}

export interface Placed {
  readonly field: string;
  readonly rule: string;
  readonly detail: string;
}

export interface Judged {
  /** Null while something cannot be read. */
  readonly document: CounterpartiesDocument | null;
  readonly faults: readonly Placed[];
  /** By row: what no mitigator covers, as plain text; null while a figure of the row cannot be read. */
  readonly exposures: readonly (string | null)[];
  /** Whether the rows stand with the largest first. */
  readonly ordered: boolean;
}

export function emptyRow(key: number): Row {
  return { key, cnpj: "", sigla: "", mtm: "", mitigators: [] };
}

export function rowsOf(document: CounterpartiesDocument): readonly Row[] {
  return document.contrapartes.map((one, key) => ({
    key,
    cnpj: one.cnpj,
    sigla: one.sigla,
    mtm: shown(one.mtm),
    mitigators: one.mitigadores.map((each, index) => ({
      key: index,
      kind: each.tipo,
      value: shown(each.valor),
      description: each.descricao,
    })),
  }));
}

export function fieldOf(row: number, member: string): string {
  return `contraparte-${row}-${member}`;
}

/** Read what was typed and hold it to every rule of `aval/prudential/counterparties.py`; a test holds them together. */
export function judged(rows: readonly Row[], about: { readonly event: string; readonly company: string }): Judged {
  const faults: Placed[] = [];
  const read = rows.map((row, index) => rowRead(row, index, faults));
  const companies = rows.map((row) => parsedCnpj(row.cnpj));
  for (const [index, cnpj] of companies.entries()) {
    const place = fieldOf(index, "cnpj");
    if (cnpj === null) continue;
    if (cnpj === about.company) {
      faults.push({ field: place, rule: "propria", detail: "a contraparte tem o CNPJ do próprio agente; informe o da outra parte" });
    } else if (companies.slice(0, index).includes(cnpj)) {
      faults.push({ field: place, rule: "repetido", detail: "a contraparte já está na lista; some o MtM dela num só lugar" });
    }
  }
  const outOfOrder = orderFaults(rows);
  faults.push(...outOfOrder);
  const whole = read.every((one) => one !== null);
  return {
    document: whole ? { evento: about.event, cnpj: about.company, contrapartes: read as CounterpartyDocument[] } : null,
    faults,
    exposures: rows.map(exposureOf),
    ordered: outOfOrder.length === 0,
  };
}

/** The largest first, whatever its sign; rows whose figure cannot be read go last, as they stood. */
export function inOrder(rows: readonly Row[]): readonly Row[] {
  const size = (row: Row): bigint => {
    const figure = figureOf(row.mtm);
    if (figure === null) return -1n;
    return magnitude(figure);
  };
  return [...rows].sort((one, other) => {
    const [first, second] = [size(one), size(other)];
    return first === second ? 0 : first > second ? -1 : 1;
  });
}

/** The field of a fault that the enclave told by a JSON pointer; null for the file as a whole. */
export function fieldAt(pointer: string): string | null {
  const [list, row, member, mitigator, part] = pointer.split("/").filter(Boolean);
  if (list !== "contrapartes" || row === undefined) return null;
  if (member !== "mitigadores" || mitigator === undefined) return fieldOf(Number(row), member ?? "cnpj");
  return fieldOf(Number(row), `mitigador-${mitigator}-${part ?? "valor"}`);
}

function rowRead(row: Row, index: number, faults: Placed[]): CounterpartyDocument | null {
  const before = faults.length;
  const cnpj = parsedCnpj(row.cnpj);
  if (cnpj === null) {
    const detail = row.cnpj.trim() === "" ? "informe o CNPJ da contraparte" : "o CNPJ não confere: são 12 letras ou algarismos e 2 dígitos verificadores";
    faults.push({ field: fieldOf(index, "cnpj"), rule: "cnpj", detail });
  }
  const sigla = row.sigla.trim();
  if (sigla === "" || [...sigla].length > LONGEST_NAME) {
    const detail = sigla === "" ? "informe a sigla da contraparte" : `a sigla tem até ${LONGEST_NAME} caracteres`;
    faults.push({ field: fieldOf(index, "sigla"), rule: "texto", detail });
  }
  const mtm = figureOf(row.mtm);
  if (mtm === null) faults.push(noNumber(fieldOf(index, "mtm"), row.mtm, "informe o MtM de M+0 a M+2"));
  const mitigadores = row.mitigators.map((one, at) => mitigatorRead(one, index, at, faults));
  if (cnpj === null || mtm === null || faults.length > before) return null;
  return { ordem: index + 1, cnpj, sigla, mtm, mitigadores };
}

function mitigatorRead(one: Mitigator, row: number, at: number, faults: Placed[]): CounterpartyDocument["mitigadores"][number] {
  const place = (part: string): string => fieldOf(row, `mitigador-${at}-${part}`);
  if (!MITIGATORS.some((kind) => kind.value === one.kind)) {
    faults.push({ field: place("tipo"), rule: "tipo", detail: "escolha o tipo do mitigador" });
  }
  const value = figureOf(one.value);
  if (value === null) faults.push(noNumber(place("valor"), one.value, "informe o valor do mitigador"));
  else if (scaled(value) < 0n) {
    const detail = `o valor do mitigador deve ser maior ou igual a zero, e veio ${told(scaled(value))}`;
    faults.push({ field: place("valor"), rule: "nao-negativo", detail });
  } else if (one.kind === "NENHUM" && scaled(value) !== 0n) {
    const detail = `o tipo NENHUM não cobre nada, e veio ${told(scaled(value))}; informe 0 ou o tipo do mitigador`;
    faults.push({ field: place("valor"), rule: "nenhum-mitigador", detail });
  }
  if ([...one.description].length > LONGEST_DESCRIPTION) {
    faults.push({ field: place("descricao"), rule: "texto", detail: `a descrição tem até ${LONGEST_DESCRIPTION} caracteres` });
  }
  return { tipo: one.kind, valor: value ?? "0", descricao: one.description.trim() };
}

function orderFaults(rows: readonly Row[]): readonly Placed[] {
  const faults: Placed[] = [];
  let wrongBefore = false;
  for (const [index, row] of rows.entries()) {
    const [larger, mtm] = [figureOf(rows[index - 1]?.mtm ?? ""), figureOf(row.mtm)];
    // What stands out of order itself is no measure for the next one.
    const fault: Placed | null = larger === null || mtm === null || wrongBefore ? null : disorder(larger, mtm, fieldOf(index, "mtm"));
    if (fault) faults.push(fault);
    wrongBefore = fault !== null;
  }
  return faults;
}

function disorder(larger: string, mtm: string, field: string): Placed | null {
  if (magnitude(mtm) <= magnitude(larger)) return null;
  const [after, before] = [told(scaled(mtm)), told(scaled(larger))];
  const found = `a ordem é do maior MtM em módulo para o menor, e ${after} vem depois de ${before}`;
  return { field, rule: "ordem", detail: `${found}; reordene as contrapartes` };
}

function exposureOf(row: Row): string | null {
  const mtm = figureOf(row.mtm);
  const covered = row.mitigators.map((one) => figureOf(one.value));
  if (mtm === null || covered.includes(null)) return null;
  const open = scaled(mtm) - sumOf(covered as string[]);
  return spelled(open > 0n ? open : 0n);
}

function figureOf(typed: string): string | null {
  const figure = parsedDecimal(typed);
  return figure !== null && isFigure(figure) ? figure : null;
}

function magnitude(figure: string): bigint {
  const value = scaled(figure);
  return value < 0n ? -value : value;
}

function noNumber(field: string, typed: string, missing: string): Placed {
  if (typed.trim() === "") return { field, rule: "obrigatorio", detail: missing };
  return { field, rule: "numero", detail: `“${typed.slice(0, 40)}” não é um número: escreva como 1.234,56` };
}

function shown(figure: string): string {
  return isFigure(figure) ? decimalText(spelled(scaled(figure))) : figure;
}
