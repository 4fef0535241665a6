import { isSame } from "./bytes.ts";
import { isZero } from "./document.ts";
import type { Measurement, Registers } from "./measurements.ts";
import { AttestationRefused } from "./refusals.ts";

/** Throws `AttestationRefused` unless one of `measurements` is shown whole. */
export function verifyCode(pcrs: Registers, measurements: readonly Measurement[]): void {
  // An empty list of checks is a failure, never a pass.
  if (measurements.length === 0 || measurements.some(({ pcrs: expected }) => expected.size === 0)) {
    throw new AttestationRefused("SEM_MEDIDA_ESPERADA", "nenhuma medida esperada foi informada");
  }
  const faults = measurements.map((measurement) => faultOf(pcrs, measurement));
  if (faults.includes(null)) return;
  // Of several, the newest tells best what differs.
  throw faults.at(-1);
}

function faultOf(pcrs: Registers, { pcrs: expected }: Measurement): AttestationRefused | null {
  for (const index of [...expected.keys()].sort((one, other) => one - other)) {
    const fault = registerFault(pcrs.get(index), expected.get(index), index);
    if (fault !== null) return fault;
  }
  return null;
}

function registerFault(
  measured: Uint8Array | undefined,
  expected: Uint8Array | undefined,
  index: number,
): AttestationRefused | null {
  // A PCR that is left out does not match anything: CVE-2025-64186 took it for a match.
  if (measured === undefined || expected === undefined) {
    return new AttestationRefused("PCR_AUSENTE", `o PCR${index} falta no atestado`);
  }
  if (isZero(measured) || isZero(expected)) {
    return new AttestationRefused("PCR_ZERO", `o PCR${index} é zero: nada foi medido nele`);
  }
  if (!isSame(measured, expected)) {
    return new AttestationRefused("PCR_DIVERGENTE", `o PCR${index} não é o esperado: outro código`);
  }
  return null;
}
