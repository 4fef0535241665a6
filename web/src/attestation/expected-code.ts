import type { Accepted } from "./measurements.ts";
import { isHardware } from "./roots.ts";
import { verifyLive, verifyReplay } from "./verification.ts";
import type { VerifiedDocument } from "./verified-document.ts";

/** A pinned root and the measurements that are believed under it: by these alone a document is judged. */
export class ExpectedCode {
  /** SHA-256 of the root, lower-case hex. */
  readonly root: string;
  readonly accepted: Accepted;

  constructor(root: string, accepted: Accepted) {
    this.root = root;
    this.accepted = accepted;
  }

  get isHardware(): boolean {
    return isHardware(this.root);
  }

  /** Throws `AttestationRefused` unless released code attests now, to whoever chose the nonce. */
  async verifyNow(
    document: Uint8Array,
    asked: { readonly at: Date; readonly nonce: Uint8Array },
  ): Promise<VerifiedDocument> {
    return verifyLive(document, { ...asked, root: this.root, accepted: this.accepted });
  }

  /** Throws `AttestationRefused` unless the document is of code that was released when it was made. */
  async verifyThen(document: Uint8Array): Promise<VerifiedDocument> {
    return verifyReplay(document, { root: this.root, accepted: this.accepted });
  }
}
