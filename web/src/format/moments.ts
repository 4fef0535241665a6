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

/** `2026-06-30` of a day typed or pasted as `30/06/2026`, `30.6.2026` or that very way; null for what is none. */
export function typedDay(typed: string): string | null {
  const here = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(typed);
  const day = here === null ? typed.trim() : `${here[3]}-${here[2]?.padStart(2, "0")}-${here[1]?.padStart(2, "0")}`;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const at = new Date(`${day}T00:00:00Z`);
  // The 31st of June would be told as the 1st of July.
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day ? null : day;
}

/** What is typed of a day, with the bars that nobody should have to type; one that is taken away stays away. */
export function maskedDay(before: string, now: string): string {
  if (/^\d{8}$/.test(now)) return `${now.slice(0, 2)}/${now.slice(2, 4)}/${now.slice(4)}`;
  const single = now.replaceAll("//", "/");
  return single.length > before.length && /^\d{2}(\/\d{2})?$/.test(single) ? `${single}/` : single;
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
