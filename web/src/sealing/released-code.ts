import type { VerifiedDocument } from "../attestation/verified-document.ts";

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
