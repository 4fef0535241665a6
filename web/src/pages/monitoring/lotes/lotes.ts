import type { LoteKind, LoteState, LoteTold } from "../../../api/messages.ts";
import type { Tone } from "../../../components/notice.tsx";
import { countText } from "../../../format/numbers.ts";
import type { LoteAgent, LoteFault, LotePiece, SentLote } from "../../../sealing/lotes.ts";
import { SealRefused } from "../../../sealing/refusals.ts";

export interface LoteShown {
  readonly text: string;
  readonly tone: Tone;
  readonly hollow?: boolean;
}

const SHOWN: Readonly<Record<LoteState, LoteShown>> = {
  AGUARDANDO_ARQUIVO: { text: "Esperando o arquivo", tone: "calm", hollow: true },
  RECEBIDO: { text: "Recebido", tone: "accent", hollow: true },
  EM_PROCESSAMENTO: { text: "Em processamento", tone: "accent", hollow: true },
  PROCESSADO: { text: "Aceito", tone: "good" },
  PROCESSADO_COM_ERROS: { text: "Aceito em parte", tone: "warn" },
  REJEITADO: { text: "Recusado", tone: "bad" },
  EXPIRADO: { text: "Arquivo não chegou", tone: "bad" },
};

const ENDED: ReadonlySet<LoteState> = new Set(["PROCESSADO", "PROCESSADO_COM_ERROS", "REJEITADO", "EXPIRADO"]);

export const kindText: Readonly<Record<LoteKind, string>> = { PORTFOLIO: "Portfólio", CONTRAPARTES: "Contrapartes" };

export function hasEnded(lote: Pick<LoteTold, "estado">): boolean {
  return ENDED.has(lote.estado);
}

export function shownOf(lote: Pick<LoteTold, "estado" | "progresso">): LoteShown {
  const shown = SHOWN[lote.estado];
  return lote.estado === "EM_PROCESSAMENTO" ? { ...shown, text: `${shown.text}, ${lote.progresso} %` } : shown;
}

/** `34 aceitos, 3 recusados`; null while it is not known. */
export function countsText({ aceitos, recusados }: Pick<LoteTold, "aceitos" | "recusados">): string | null {
  if (aceitos === null && recusados === null) return null;
  return `${counted(aceitos ?? 0, "aceito")}, ${counted(recusados ?? 0, "recusado")}`;
}

/**
 * What its answers are held against: as it was sealed here, or else its identity, which is of the whole object.
 * Throws `SealRefused` where the platform tells another object than the one that was sealed here under its code.
 */
export function sentOf(lote: LoteTold, kept: SentLote | null): SentLote {
  if (kept !== null && (kept.identity !== lote.sha256 || kept.sender !== lote.remetente || kept.event !== lote.evento)) {
    throw new SealRefused("OBJETO_DIVERGE", "a plataforma diz outro arquivo que o cifrado aqui neste lote");
  }
  if (kept !== null) return kept;
  const { evento: event, remetente: sender, sha256: identity } = lote;
  return { event, sender, identity, requestId: null, readers: null, seen: null };
}

/** One line of what is wrong in a lote. */
export interface FaultRow extends LoteFault {
  /** Empty where it is of the file as a whole. */
  readonly company: string;
}

export function faultsIn(pieces: readonly LotePiece[]): readonly FaultRow[] {
  return pieces.flatMap((piece) => [
    ...piece.faults.map((fault) => ({ ...fault, company: "" })),
    ...piece.agents.flatMap((agent) => agent.faults.map((fault) => ({ ...fault, company: agent.company }))),
  ]);
}

export function takenIn(pieces: readonly LotePiece[]): readonly LoteAgent[] {
  return pieces.flatMap((piece) => piece.agents.filter((agent) => agent.faults.length === 0));
}

/** Faults whose company, place, rule or sentence has what was typed in it. */
export function faultsMatching(faults: readonly FaultRow[], typed: string): readonly FaultRow[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return faults;
  const bare = wanted.replace(/[./-]/g, "");
  return faults.filter(
    ({ company, place, rule, detail }) =>
      [place, rule, detail].some((text) => text.toLowerCase().includes(wanted)) ||
      (bare !== "" && company.toLowerCase().includes(bare)),
  );
}

function counted(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? "" : "s"}`;
}
