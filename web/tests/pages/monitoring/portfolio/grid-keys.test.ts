import assert from "node:assert/strict";
import { test } from "node:test";

import { goneTo, type Pressed } from "../../../../src/pages/monitoring/portfolio/grid-keys.ts";
import { LINES } from "../../../../src/pages/monitoring/portfolio/lines.ts";

const MIDDLE = { line: 5, month: 3 };

function pressed(key: string, { from = 0, to = 2 }: { from?: number; to?: number } = {}): Pressed {
  const held = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  return { key, ...held, currentTarget: { value: "10", selectionStart: from, selectionEnd: to } };
}

test("arrows and Enter go to the next cell", () => {
  assert.deepEqual(goneTo(pressed("ArrowUp"), MIDDLE), { line: 4, month: 3 });
  assert.deepEqual(goneTo(pressed("ArrowDown"), MIDDLE), { line: 6, month: 3 });
  assert.deepEqual(goneTo(pressed("Enter"), MIDDLE), { line: 6, month: 3 });
  assert.deepEqual(goneTo({ ...pressed("Enter"), shiftKey: true }, MIDDLE), { line: 4, month: 3 });
  assert.deepEqual(goneTo(pressed("ArrowLeft"), MIDDLE), { line: 5, month: 2 });
  assert.deepEqual(goneTo(pressed("ArrowRight"), MIDDLE), { line: 5, month: 4 });
});

test("inside a figure that is being mended left and right move the caret", () => {
  assert.equal(goneTo(pressed("ArrowLeft", { from: 1, to: 1 }), MIDDLE), null);
  assert.equal(goneTo(pressed("ArrowRight", { from: 1, to: 1 }), MIDDLE), null);
  assert.deepEqual(goneTo(pressed("ArrowRight", { from: 2, to: 2 }), MIDDLE), { line: 5, month: 4 });
});

test("nothing leads out of the grid", () => {
  assert.equal(goneTo(pressed("ArrowUp"), { line: 0, month: 0 }), null);
  assert.equal(goneTo(pressed("ArrowLeft"), { line: 0, month: 0 }), null);
  assert.equal(goneTo(pressed("Enter"), { line: LINES.length - 1, month: 6 }), null);
  assert.equal(goneTo(pressed("ArrowRight"), { line: 0, month: 6 }), null);
});

test("keys with Ctrl, and keys of other kinds, are the field's own", () => {
  assert.equal(goneTo({ ...pressed("ArrowUp"), ctrlKey: true }, MIDDLE), null);
  assert.equal(goneTo(pressed("Tab"), MIDDLE), null);
  assert.equal(goneTo(pressed("5"), MIDDLE), null);
});
