/** Moments for people are São Paulo's, whatever the computer's zone. */
const ZONE = "America/Sao_Paulo";

const DAY_AND_TIME = new Intl.DateTimeFormat("pt-BR", {
  timeZone: ZONE,
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
const DAY = new Intl.DateTimeFormat("pt-BR", { timeZone: ZONE, day: "2-digit", month: "2-digit", year: "numeric" });
const TIME = new Intl.DateTimeFormat("pt-BR", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** `07/12/2026 17:39` */
export function momentText(iso: string): string {
  return shown(iso, (at) => DAY_AND_TIME.format(at).replace(", ", " "));
}

/** `07/12/2026`, of a moment or of a plain date, which belongs to no zone. */
export function dayText(iso: string): string {
  const plain = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  return plain === null ? shown(iso, (at) => DAY.format(at)) : `${plain[3]}/${plain[2]}/${plain[1]}`;
}

export function timeText(at: Date): string {
  return TIME.format(at);
}

/** How long until `iso`: `2 dias e 3 horas`, `14 minutos`; null once it has passed. */
export function untilText(iso: string, now: Date): string | null {
  const minutes = Math.floor((Date.parse(iso) - now.getTime()) / 60_000);
  if (Number.isNaN(minutes) || minutes < 0) return null;
  if (minutes < 1) return "menos de um minuto";
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days > 0) return joined(counted(days, "dia"), hours > 0 ? counted(hours, "hora") : "");
  if (hours > 0) return joined(counted(hours, "hora"), minutes % 60 > 0 ? counted(minutes % 60, "minuto") : "");
  return counted(minutes, "minuto");
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function joined(first: string, second: string): string {
  return second ? `${first} e ${second}` : first;
}

function shown(iso: string, formatted: (at: Date) => string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : formatted(at);
}
