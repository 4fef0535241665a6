import { ExpectedCode } from "../../../attestation/expected-code.ts";
import { MeasurementLog, type LogEntry } from "../../../attestation/measurements.ts";
import { AttestationRefused } from "../../../attestation/refusals.ts";
import { isHardware } from "../../../attestation/roots.ts";
import type { VerifiedDocument } from "../../../attestation/verified-document.ts";
import type { Pinned, ReleasedCode } from "../../../sealing/released-code.ts";
import type { SeenLog } from "../../../sealing/seen-log.ts";

/** What the page was deployed with, as `pagina.json` tells it. */
export interface Deployed extends Pinned {
  readonly hardware: boolean;
}

const ROOT_FORM = /^[0-9a-f]{64}$/;

/** Throws `AttestationRefused` unless it names a root and a keeper, and says of the root what is so. */
export function requireDeployed(told: Partial<Deployed>): Pinned {
  const { raiz, chaveMedidas, hardware } = told;
  if (typeof raiz !== "string" || !ROOT_FORM.test(raiz) || typeof chaveMedidas !== "string" || chaveMedidas === "") {
    throw new AttestationRefused("RAIZ_DESCONHECIDA", "a página foi publicada sem a raiz e a chave das medidas em que confia");
  }
  // Whoever swaps the root and leaves the rest, or boasts of hardware under another, is not believed at all.
  if (hardware !== isHardware(raiz)) {
    throw new AttestationRefused("RAIZ_DESCONHECIDA", "a página foi publicada com uma raiz que não é a do ambiente que ela diz");
  }
  return { raiz, chaveMedidas };
}

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
