import type { Amount, AmountKind } from "../../api/messages.ts";
import { pathWith } from "../../api/query.ts";
import { countText } from "../../format/numbers.ts";

export interface AmountFilters {
  readonly kind: AmountKind;
  readonly from: string;
  readonly until: string;
  readonly pendingOnly: boolean;
}

export function amountsPath(id: number, filters: AmountFilters, cursor: string | null, limit: number): string {
  return pathWith(`/contratos/${id}/montantes`, {
    tipo: filters.kind,
    inicio: filters.from,
    fim: filters.until,
    naoValidados: filters.pendingOnly,
    limite: limit,
    cursor,
  });
}

/** What names an amount within its contract: amounts never begin at the same moment. */
export function beginOf(amount: Amount): string {
  return amount.periodoVigencia.inicio;
}

export function isPending({ situacao }: Amount): boolean {
  return situacao?.nome === "INSERIDO_NAO_VALIDADO" || situacao?.nome === "AJUSTADO_NAO_VALIDADO";
}

export function amountsText(count: number): string {
  return count === 1 ? "1 montante" : `${countText(count)} montantes`;
}

export interface HourRow {
  readonly begins: string;
  readonly energy: string;
}

/** Each hour that passes in the amount's period with its energy, as the seller declared it. */
export function hourRows({ periodoVigencia, modulacao }: Amount): readonly HourRow[] {
  const first = Date.parse(periodoVigencia.inicio);
  return (modulacao?.montantesHorarios ?? []).map((energy, index) => ({
    begins: new Date(first + index * 3_600_000).toISOString(),
    energy,
  }));
}
