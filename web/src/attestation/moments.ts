const SPELT = new Intl.DateTimeFormat("pt-BR", {
  timeZone: "America/Sao_Paulo",
  dateStyle: "short",
  timeStyle: "medium",
});

/** A moment as the sentences of refusals tell it: `01/07/2026 09:00:00`, in São Paulo. */
export function spelt(at: Date): string {
  return SPELT.format(at).replace(",", "");
}
