import assert from "node:assert/strict";
import { test } from "node:test";

import { hoursOf, lastDayText, periodText } from "../../../src/pages/contracts/periods.ts";

test("whole days are told without hours, the last day included", () => {
  const year = { inicio: "2027-01-01T00:00:00-03:00", fim: "2028-01-01T00:00:00-03:00" };
  assert.equal(periodText(year), "01/01/2027 a 31/12/2027");
});

test("hours are told where a period begins or ends amid a day, the last hour included", () => {
  const cut = { inicio: "2027-01-01T05:00:00-03:00", fim: "2027-01-02T00:00:00-03:00" };
  assert.equal(periodText(cut), "01/01/2027 05h a 01/01/2027 23h");
});

test("days are São Paulo's, whatever the offset that a moment is written with", () => {
  const year = { inicio: "2027-01-01T03:00:00Z", fim: "2027-02-01T03:00:00Z" };
  assert.equal(periodText(year), "01/01/2027 a 31/01/2027");
});

test("a day that began at one o'clock is a whole day of 23 hours", () => {
  // 2018-11-04: at midnight the clocks went on to 1.
  const day = { inicio: "2018-11-04T01:00:00-02:00", fim: "2018-11-05T00:00:00-02:00" };
  assert.equal(hoursOf(day), 23);
  assert.equal(periodText(day), "04/11/2018 a 04/11/2018");
});

test("the last day of an end at midnight is the day before", () => {
  assert.equal(lastDayText("2027-03-01T00:00:00-03:00"), "28/02/2027");
});

test("what is no moment stays as it came", () => {
  assert.equal(periodText({ inicio: "?", fim: "!" }), "? a !");
  assert.equal(lastDayText("!"), "!");
});
