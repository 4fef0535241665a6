import assert from "node:assert/strict";
import { test } from "node:test";

import { dayText, maskedDay, momentText, typedDay, untilText } from "../../src/format/moments.ts";

test("moments are São Paulo's whatever zone they are written in", () => {
  assert.equal(momentText("2026-11-21T02:30:00Z"), "20/11/2026 23:30");
  assert.equal(dayText("2026-11-21T02:30:00Z"), "20/11/2026");
});

test("a plain date belongs to no zone", () => assert.equal(dayText("2026-11-21"), "21/11/2026"));

test("what is no moment stays as it is", () => assert.equal(momentText("ontem"), "ontem"));

for (const typed of ["30/06/2026", "30/6/2026", "30.06.2026", "2026-06-30", " 30-6-2026 "]) {
  test(`a day typed as ${typed} is read`, () => assert.equal(typedDay(typed), "2026-06-30"));
}

for (const typed of ["", "30/06/26", "31/06/2026", "29/02/2026", "00/01/2026", "06/30/2026", "20260630", "ontem"]) {
  test(`what is no day is none: “${typed}”`, () => assert.equal(typedDay(typed), null));
}

test("the bars of a day come by themselves, and go as they are taken away", () => {
  const typed = [..."30062026"].reduce((before, digit) => maskedDay(before, before + digit), "");
  assert.equal(typed, "30/06/2026");
  assert.equal([..."30/06/2026"].reduce((before, sign) => maskedDay(before, before + sign), ""), "30/06/2026");
  assert.equal(maskedDay("30/", "30"), "30");
  assert.equal(maskedDay("", "30062026"), "30/06/2026");
});

const NOW = new Date("2026-11-21T12:00:00Z");
for (const [until, expected] of [
  ["2026-11-23T15:30:00Z", "2 dias e 3 horas"],
  ["2026-11-22T12:00:00Z", "1 dia"],
  ["2026-11-21T13:01:00Z", "1 hora e 1 minuto"],
  ["2026-11-21T12:14:59Z", "14 minutos"],
  ["2026-11-21T12:00:59Z", "menos de um minuto"],
  ["2026-11-21T11:59:59Z", null],
] as const) {
  test(`from noon until ${until} it is ${expected}`, () => assert.equal(untilText(until, NOW), expected));
}
