import type { Problema } from "./messages.ts";

export interface Fault {
  readonly rule: string;
  readonly detail: string;
  readonly pointer?: string;
}

/** What the platform refused, in its own words (RFC 9457). */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly transaction: string;
  readonly code: string | null;
  readonly state: string | null;
  readonly sealedAnswer: string | null;
  readonly faults: readonly Fault[];
  readonly retryAfterSeconds: number | null;

  constructor(told: Problema, retryAfterSeconds: number | null = null) {
    super(told.title);
    this.status = told.status;
    this.slug = told.type.slice(told.type.lastIndexOf(":") + 1);
    this.title = told.title;
    this.detail = told.detail;
    this.transaction = told.transacao;
    this.code = told.codigo ?? null;
    this.state = told.estado ?? null;
    this.sealedAnswer = told.resposta ?? null;
    this.faults = told.errors ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No answer came, or one that is none of ours: nothing is known of what was asked. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  readonly detail: string;
  readonly transaction: string | null;

  constructor(detail: string, transaction: string | null = null) {
    super(detail);
    this.detail = detail;
    this.transaction = transaction;
  }
}

/** A sentence for whoever asked, whatever went wrong. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Problem || error instanceof Unreachable) return error.detail;
  if (hasDetail(error)) return error.detail;
  return "Algo falhou nesta página. Recarregue-a; se continuar, fale com o atendimento.";
}

/** What failed, where the sentence alone does not say it: the platform's own failures only say to try again. */
export function headlineOf(error: unknown): string | undefined {
  return error instanceof Problem && error.status >= 500 ? error.title : undefined;
}

export function transactionOf(error: unknown): string | null {
  return error instanceof Problem || error instanceof Unreachable ? error.transaction : null;
}

/** Refusals made in the page itself (of an attestation, of a seal) carry a sentence of the same name. */
function hasDetail(error: unknown): error is { readonly detail: string } {
  return typeof error === "object" && error !== null && "detail" in error && typeof error.detail === "string";
}
