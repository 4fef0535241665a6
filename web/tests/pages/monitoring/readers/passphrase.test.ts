import assert from "node:assert/strict";
import { test } from "node:test";

import { weaknessOf } from "../../../../src/pages/monitoring/readers/passphrase.ts";

test("twelve characters, six of them different, do", () => {
  assert.equal(weaknessOf("abcdefabcdef", "ana"), null);
  assert.notEqual(weaknessOf("abcdeabcdeab", "ana"), null);
  assert.notEqual(weaknessOf("abcdefghijk", "ana"), null);
});

test("the name of the key is no part of its passphrase", () => {
  assert.notEqual(weaknessOf("Fabio entra na serra", "fabio"), null);
});
