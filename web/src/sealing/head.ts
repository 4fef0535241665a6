import { hasExactly, type Members } from "./json-members.ts";
import { malformed, SealRefused } from "./refusals.ts";

/** How far an event's journal goes, and a digest of all of it; nothing of it is confidential. */
export interface Head {
  readonly counter: number;
  /** SHA-256, hex. */
  readonly digest: string;
}

const DIGEST_FORM = /^[0-9a-f]{64}$/;

export function readHead(value: unknown): Head {
  if (hasExactly(value, ["contador", "resumo"])) {
    const { contador: counter, resumo: digest } = value;
    if (Number.isSafeInteger(counter) && (counter as number) >= 0 && typeof digest === "string") {
      if (DIGEST_FORM.test(digest)) return { counter: counter as number, digest };
    }
  }
  throw malformed("a cabeça do diário tem contador e resumo de 64 algarismos");
}

export function headToJson(head: Head): Members {
  return { contador: head.counter, resumo: head.digest };
}

/** Throws `SealRefused` when `head` goes back behind what was seen, or tells the same place otherwise. */
export function requireNotOlder(head: Head, seen: Head | null): void {
  if (seen === null) return;
  if (head.counter < seen.counter) {
    throw new SealRefused("DIARIO_ANTERIOR", "o diário é anterior a um que este leitor já viu");
  }
  if (head.counter === seen.counter && head.digest !== seen.digest) {
    throw new SealRefused("DIARIO_BIFURCADO", "o diário tem, no mesmo lugar, outro conteúdo que o já visto");
  }
}
