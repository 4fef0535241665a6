import { ExpectedCode } from "../attestation/expected-code.ts";
import { MeasurementLog } from "../attestation/measurements.ts";
import type { VerifiedDocument } from "../attestation/verified-document.ts";
import type { Platform } from "./platform.ts";
import type { SeenLog } from "./seen-log.ts";

/** Which code is believed, under which root: what sealing needs of the verifier of attestations. */
export interface ReleasedCode {
  /** SHA-256 of the pinned root, lower-case hex. */
  readonly root: string;
  /** Whether that is AWS's: under any other root all is labelled NÃO ATESTADO POR HARDWARE. */
  readonly isHardware: boolean;
  /** Throws `AttestationRefused` unless released code attests now, to whoever chose the nonce. */
  verifyNow(document: Uint8Array, asked: { readonly at: Date; readonly nonce: Uint8Array }): Promise<VerifiedDocument>;
  /** Throws `AttestationRefused` unless the document is of code that was released when it was made. */
  verifyThen(document: Uint8Array): Promise<VerifiedDocument>;
}

/** What the page was deployed with. */
export interface Pinned {
  /** SHA-256 of the root, lower-case hex. */
  readonly raiz: string;
  /** PEM of the key of who keeps the log of measurements. */
  readonly chaveMedidas: string;
}

/** By the log that the platform publishes, signed; throws `MeasurementLogRefused`, or what `platform` throws. */
export async function releasedCode(platform: Platform, pinned: Pinned, seen: SeenLog): Promise<ReleasedCode> {
  const answer = await platform.answer("/prudencial/medidas");
  const log = await MeasurementLog.parse(await answer.text(), pinned.chaveMedidas, seen.get());
  seen.keep(log.head);
  return new ExpectedCode(pinned.raiz, log.accepted);
}
