import assert from "node:assert/strict";
import test from "node:test";

import { verifyCode } from "../../src/attestation/expectation.ts";
import type { Measurement, Registers } from "../../src/attestation/measurements.ts";

const register = (value: number): Uint8Array => new Uint8Array(48).fill(value);
const IMAGE: Registers = new Map([0, 1, 2, 8].map((index) => [index, register(index + 1)]));
const EXPECTED: Measurement = { pcrs: IMAGE };

function measured(index: number, value: Uint8Array | null): Registers {
  const changed = new Map(IMAGE);
  if (value === null) changed.delete(index);
  else changed.set(index, value);
  return changed;
}

function refuses(pcrs: Registers, measurements: readonly Measurement[], code: string, detail = /./): void {
  assert.throws(() => verifyCode(pcrs, measurements), { name: "AttestationRefused", code, detail });
}

test("takes the expected code, with registers beside it that nobody asked for", () => {
  verifyCode(measured(3, register(9)), [EXPECTED]);
});

test("takes either of two measurements during a roll-out, and no mix of them", () => {
  const newer: Measurement = { pcrs: new Map([...IMAGE].map(([index]) => [index, register(7)])) };
  verifyCode(IMAGE, [EXPECTED, newer]);
  verifyCode(IMAGE, [newer, EXPECTED]);
  refuses(measured(0, register(7)), [EXPECTED, newer], "PCR_DIVERGENTE", /PCR1/);
});

test("refuses when nothing is expected, or a measurement names no register", () => {
  refuses(IMAGE, [], "SEM_MEDIDA_ESPERADA");
  refuses(IMAGE, [{ pcrs: new Map() }], "SEM_MEDIDA_ESPERADA");
  refuses(IMAGE, [EXPECTED, { pcrs: new Map() }], "SEM_MEDIDA_ESPERADA");
});

test("refuses a register that is other, absent or zero, and names it", () => {
  for (const index of IMAGE.keys()) {
    const named = new RegExp(`PCR${index} `);
    refuses(measured(index, register(0x77)), [EXPECTED], "PCR_DIVERGENTE", named);
    refuses(measured(index, null), [EXPECTED], "PCR_AUSENTE", named);
    refuses(measured(index, register(0)), [EXPECTED], "PCR_ZERO", named);
    refuses(measured(index, register(0)), [{ pcrs: measured(index, register(0)) }], "PCR_ZERO", named);
  }
});
