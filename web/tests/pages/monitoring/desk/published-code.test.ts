import assert from "node:assert/strict";
import { test } from "node:test";

import { AWS_ROOT } from "../../../../src/attestation/roots.ts";
import { requireDeployed } from "../../../../src/pages/monitoring/desk/published-code.ts";

const SIMULATED = { raiz: "ab".repeat(32), chaveMedidas: "PEM", hardware: false };

test("a page is believed that says of its root what is so", () => {
  assert.deepEqual(requireDeployed(SIMULATED), { raiz: SIMULATED.raiz, chaveMedidas: "PEM" });
  assert.equal(requireDeployed({ ...SIMULATED, raiz: AWS_ROOT, hardware: true }).raiz, AWS_ROOT);
});

for (const [what, told] of [
  ["boasts of hardware under another root", { ...SIMULATED, hardware: true }],
  ["has AWS's root and denies it", { ...SIMULATED, raiz: AWS_ROOT }],
  ["names no root", { chaveMedidas: "PEM", hardware: false }],
  ["names a root that is none", { ...SIMULATED, raiz: "ab" }],
  ["names nobody who keeps the log", { ...SIMULATED, chaveMedidas: "" }],
] as const) {
  test(`a page that ${what} verifies nothing`, () => {
    assert.throws(() => requireDeployed(told), { code: "RAIZ_DESCONHECIDA" });
  });
}
