import type { Period } from "../../api/messages.ts";

const ZONE = "America/Sao_Paulo";
const DAY = new Intl.DateTimeFormat("pt-BR", { timeZone: ZONE, day: "2-digit", month: "2-digit", year: "numeric" });
const HOUR = new Intl.DateTimeFormat("pt-BR", { timeZone: ZONE, hour: "2-digit", hourCycle: "h23" });
const HOUR_MILLISECONDS = 3_600_000;

/** A period as import files write it, the last hour included: `01/01/2027 a 31/12/2027`, or with its hours. */
export function periodText({ inicio, fim }: Period): string {
  const begins = Date.parse(inicio);
  const last = Date.parse(fim) - HOUR_MILLISECONDS;
  if (Number.isNaN(begins) || Number.isNaN(last)) return `${inicio} a ${fim}`;
  // Where clocks went on at midnight, a day begins at one.
  const wholeDays = dayOf(begins - HOUR_MILLISECONDS) !== dayOf(begins) && dayOf(last + HOUR_MILLISECONDS) !== dayOf(last);
  return wholeDays ? `${dayOf(begins)} a ${dayOf(last)}` : `${hourOf(begins)} a ${hourOf(last)}`;
}

/** How many hours really pass: days of 23 and of 25 hours count as such. */
export function hoursOf({ inicio, fim }: Period): number {
  return Math.round((Date.parse(fim) - Date.parse(inicio)) / HOUR_MILLISECONDS);
}

/** The day of the last hour of something whose first instant outside is `end`. */
export function lastDayText(end: string): string {
  const last = Date.parse(end) - HOUR_MILLISECONDS;
  return Number.isNaN(last) ? end : dayOf(last);
}

function dayOf(at: number): string {
  return DAY.format(at);
}

function hourOf(at: number): string {
  return `${DAY.format(at)} ${HOUR.format(at)}h`;
}
