import { createInterface } from "node:readline";

import { fromHex } from "../../src/attestation/bytes.ts";
import { ExpectedCode } from "../../src/attestation/expected-code.ts";
import { AttestationRefused, MeasurementLogRefused } from "../../src/attestation/refusals.ts";
import { Problem } from "../../src/api/problem.ts";
import { ActNotEnded } from "../../src/sealing/asking.ts";
import { SealRefused } from "../../src/sealing/refusals.ts";

/** The tests in Python tell each member as the operation takes it. */
export type Told = Readonly<Record<string, unknown>>;

const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();

export async function nextLine(): Promise<Told | null> {
  const { value, done } = await lines.next();
  return done ? null : (JSON.parse(value) as Told);
}

export function say(told: object): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

/** What the tests compare with Python's refusal of the same; anything else fails them with its own words. */
export function refusal(failure: unknown): Told {
  if (
    failure instanceof SealRefused ||
    failure instanceof AttestationRefused ||
    failure instanceof MeasurementLogRefused
  ) {
    return { refused: failure.code, detail: failure.detail };
  }
  if (failure instanceof Problem) {
    const { code, detail, faults, state, name } = failure;
    return { refused: code, detail, faults, state, name: failure.constructor.name, kind: name };
  }
  if (failure instanceof ActNotEnded) return { refused: failure.name, detail: failure.detail };
  return { failed: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure) };
}

/** One measurement that was released at a moment, under a root. */
export function codeOf({ root, released, pcrs }: Told): ExpectedCode {
  const registers = Object.entries(pcrs as Record<string, string>).map(
    ([index, value]): [number, Uint8Array] => [Number(index), fromHex(value)],
  );
  const measurement = { pcrs: new Map(registers) };
  return new ExpectedCode(root as string, (at) => (at.getTime() >= (released as number) ? [measurement] : []));
}
