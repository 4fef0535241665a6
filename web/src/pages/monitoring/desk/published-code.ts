import { ExpectedCode } from "../../../attestation/expected-code.ts";
import { MeasurementLog, type LogEntry } from "../../../attestation/measurements.ts";
import type { VerifiedDocument } from "../../../attestation/verified-document.ts";
import type { Pinned, ReleasedCode } from "../../../sealing/released-code.ts";
import type { SeenLog } from "../../../sealing/seen-log.ts";

/** Code that the signed log of measurements releases: the log is read anew for each judgement of the moment. */
export class PublishedCode implements ReleasedCode {
  readonly root: string;
  readonly #pinned: Pinned;
  readonly #log: () => Promise<string>;
  readonly #seen: SeenLog;
  #read: MeasurementLog | null = null;

  constructor(pinned: Pinned, log: () => Promise<string>, seen: SeenLog) {
    this.root = pinned.raiz;
    this.#pinned = pinned;
    this.#log = log;
    this.#seen = seen;
  }

  get isHardware(): boolean {
    return new ExpectedCode(this.root, () => []).isHardware;
  }

  async verifyNow(
    document: Uint8Array,
    asked: { readonly at: Date; readonly nonce: Uint8Array },
  ): Promise<VerifiedDocument> {
    return new ExpectedCode(this.root, (await this.#current()).accepted).verifyNow(document, asked);
  }

  async verifyThen(document: Uint8Array): Promise<VerifiedDocument> {
    const log = this.#read ?? (await this.#current());
    try {
      return await new ExpectedCode(this.root, log.accepted).verifyThen(document);
    } catch (refusal) {
      // What signed may have been released since the log was read.
      const newer = await this.#current();
      if (newer.head.digest === log.head.digest) throw refusal;
      return new ExpectedCode(this.root, newer.accepted).verifyThen(document);
    }
  }

  /** The line of the log that released what `document` shows; null where none that was read did. */
  releaseOf(document: VerifiedDocument): LogEntry | null {
    const entries = this.#read?.entries ?? [];
    return entries.findLast((entry) => entry.act === "LIBERAR" && isShown(entry, document)) ?? null;
  }

  async #current(): Promise<MeasurementLog> {
    const log = await MeasurementLog.parse(await this.#log(), this.#pinned.chaveMedidas, this.#seen.get());
    this.#seen.keep(log.head);
    this.#read = log;
    return log;
  }
}

function isShown({ measurement }: LogEntry, document: VerifiedDocument): boolean {
  return [...measurement.pcrs].every(([index, expected]) => {
    const measured = document.pcrs.get(index);
    return measured?.length === expected.length && measured.every((byte, at) => byte === expected[at]);
  });
}
