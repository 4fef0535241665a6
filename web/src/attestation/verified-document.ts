/** An attestation document whose form, chain, signature and code were found right. */
export interface VerifiedDocument {
  readonly moduleId: string;
  /** When the module made it, by the module's clock. */
  readonly instant: Date;
  readonly pcrs: ReadonlyMap<number, Uint8Array>;
  /** The key that the document vouches for: SubjectPublicKeyInfo in DER; empty where it names none. */
  readonly publicKey: Uint8Array;
  readonly userData: Uint8Array | null;
  readonly nonce: Uint8Array | null;
  /** SHA-256 of the root it stands under, lower-case hex. */
  readonly root: string;
}
