import assert from "node:assert/strict";
import { test } from "node:test";

import { dayText, momentText, untilText } from "../../src/format/moments.ts";

test("moments are São Paulo's whatever zone they are written in", () => {
  assert.equal(momentText("2026-11-21T02:30:00Z"), "20/11/2026 23:30");
  assert.equal(dayText("2026-11-21T02:30:00Z"), "20/11/2026");
});

test("a plain date belongs to no zone", () => assert.equal(dayText("2026-11-21"), "21/11/2026"));

test("what is no moment stays as it is", () => assert.equal(momentText("ontem"), "ontem"));

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
