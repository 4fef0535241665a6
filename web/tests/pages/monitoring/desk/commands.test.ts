import assert from "node:assert/strict";
import { test } from "node:test";

import { deliveringCommands, verifyingCommands } from "../../../../src/pages/monitoring/desk/commands.ts";

const TOLD = { origin: "https://aval.example", event: "202611001", sender: "33047509000149", isHardware: true };

test("the commands name this platform, week and sender", () => {
  assert.match(verifyingCommands(TOLD), /https:\/\/aval\.example\/prudencial\/chave\?nonce=\$NONCE/);
  assert.match(deliveringCommands(TOLD), /--evento 202611001 --remetente 33047509000149/);
});

test("a root is named where it is not AWS's, and nowhere else", () => {
  assert.doesNotMatch(verifyingCommands(TOLD) + deliveringCommands(TOLD), /--raiz/);
  const simulated = { ...TOLD, isHardware: false };
  assert.match(verifyingCommands(simulated), /--raiz raiz\.pem$/);
  assert.match(deliveringCommands(simulated), /--raiz raiz\.pem$/);
});
