import { hex } from "../attestation/bytes.ts";
import { canonicalDigest } from "./canonical.ts";
import { requireOffered } from "./declaration.ts";
import { newRequestId, seal, type Sealed, type SealedKind } from "./envelope.ts";
import type { Head } from "./head.ts";
import type { SeenHeads } from "./heads.ts";
import { isObject } from "./json-members.ts";
import { readOffer, verifyOffer, type AttestedKey } from "./offered-key.ts";
import type { PublicJwk } from "./ec-keys.ts";
import { pastSigners, type PastKeys } from "./past-keys.ts";
import type { Platform } from "./platform.ts";
import type { ReaderKeys } from "./reader-keys.ts";
import type { Readers } from "./readers.ts";
import { malformed } from "./refusals.ts";
import type { ReleasedCode } from "./released-code.ts";
import type { SealedHere } from "./sealed-here.ts";

/** What a desk is opened with: one sender's, in one week, by one reader. */
export interface DeskGiven {
  readonly platform: Platform;
  /** The week, nine digits. */
  readonly event: string;
  /** CNPJ, without its mask, of the company that the person answers for and in whose name is sealed. */
  readonly sender: string;
  /** Who signs and opens. */
  readonly keys: ReaderKeys;
  /** The list to seal with: who may read. It has the reader of `keys` in it. */
  readonly readers: Readers;
  readonly code: ReleasedCode;
  readonly heads: SeenHeads;
  readonly sealedHere: SealedHere;
  /** Absent where nothing outlives a change of the enclave's keys. */
  readonly pastKeys?: PastKeys;
  readonly now?: () => Date;
  /** Told each time that a key was attested, for the lock's panel. */
  readonly onKey?: (key: AttestedKey) => void;
}

/** What a calculation of the week is made with now, found here from the whole set and not believed. */
export interface InForce {
  /** SHA-256 of the canonical parameters, hex. */
  readonly parameters: string;
  readonly method: string;
}

const NONCE_BYTES = 32;
/** As old as an attestation may be to seal to its key. */
const FRESH_MS = 5 * 60_000;

/** The enclave's key with a nonce of our own; throws `AttestationRefused`, `SealRefused` or what `platform` throws. */
export async function obtainKey(
  platform: Platform,
  code: ReleasedCode,
  now: () => Date,
  past?: PastKeys,
): Promise<AttestedKey> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const answer = await platform.answer(`/prudencial/chave?nonce=${hex(nonce)}`);
  const text = await answer.text();
  const key = await verifyOffer(await readOffer(text), code, { at: now(), nonce });
  past?.keep(key.keyId, text);
  return key;
}

/** Holds all that is asked and answered in a week against what this reader knows. */
export class WeekDesk {
  readonly given: DeskGiven;
  readonly now: () => Date;
  #key: Promise<AttestedKey> | null = null;
  #obtainedAt = 0;
  #inForce: Promise<InForce> | null = null;

  /** Throws `SealRefused` where the list to seal with has other keys under the reader's name, or none. */
  constructor(given: DeskGiven) {
    const listed = given.readers.named(given.keys.reader.id);
    const { enc, sig } = given.keys.reader;
    if (listed.enc.x !== enc.x || listed.enc.y !== enc.y || listed.sig.x !== sig.x || listed.sig.y !== sig.y) {
      throw malformed("a lista de leitores tem outras chaves sob o nome de quem assina");
    }
    this.given = given;
    this.now = given.now ?? (() => new Date());
  }

  /** A key that was attested in the last five minutes: what may be sealed to. */
  sealingKey(): Promise<AttestedKey> {
    const age = this.now().getTime() - this.#obtainedAt;
    // A clock that was put back would make a key look fresh for as long.
    return age >= 0 && age < FRESH_MS ? this.signer() : this.#obtained();
  }

  /** A key that was attested since the desk was opened: whose answers are believed. */
  signer(): Promise<AttestedKey> {
    return this.#key ?? this.#obtained();
  }

  /** Whose answers are believed that were made before, too: the key of now first, then those on offer earlier. */
  async *signers(): AsyncGenerator<PublicJwk> {
    const { code, pastKeys } = this.given;
    yield (await this.signer()).signing;
    if (pastKeys) yield* pastSigners(pastKeys, code);
  }

  /** The newest head of the event that this reader saw. */
  get seen(): Head | null {
    return this.given.heads.of(this.given.event);
  }

  /** Seals to a freshly attested key, for the desk's week, sender and readers. */
  async sealed(
    content: Uint8Array,
    kind: SealedKind,
    about: { readonly requestId?: string; readonly seen: Head | null },
  ): Promise<Sealed> {
    const { event, sender, readers, sealedHere } = this.given;
    const key = await this.sealingKey();
    requireOffered(key.declaration, event);
    const { requestId = newRequestId(), seen } = about;
    const header = { keyId: key.keyId, event, sender, kind, issuedAt: this.now(), requestId, readers, seen };
    const made = await seal(content, header, key.sealing);
    sealedHere.add(event, made.identity);
    return made;
  }

  /** Parameters and method that are in force; asked anew where the last ones did not fit. */
  inForce(anew = false): Promise<InForce> {
    if (anew) this.#inForce = null;
    this.#inForce ??= inForceOf(this.given).catch((failure: unknown) => {
      this.#inForce = null;
      throw failure;
    });
    return this.#inForce;
  }

  #obtained(): Promise<AttestedKey> {
    const { platform, code, onKey, pastKeys } = this.given;
    const asked = this.now().getTime();
    const found = obtainKey(platform, code, this.now, pastKeys);
    this.#key = found;
    this.#obtainedAt = asked;
    found.then(onKey, () => {
      // Nothing is sealed to a key that failed, and the next one is asked for.
      if (this.#key === found) this.#key = null;
      this.#obtainedAt = 0;
    });
    return found;
  }
}

async function inForceOf({ platform, event }: DeskGiven): Promise<InForce> {
  const answer = await platform.answer(`/prudencial/semanas/${event}`);
  const told: unknown = await answer.json();
  const parameters = isObject(told) ? told["parametros"] : undefined;
  if (!isObject(parameters) || parameters["evento"] !== event || typeof parameters["metodo"] !== "string") {
    throw malformed("os parâmetros que a plataforma diz não são um conjunto deste evento");
  }
  const options = parameters["opcoes"];
  const netting = isObject(options) ? options["compensacaoEntreMeses"] : undefined;
  if (typeof netting !== "string") throw malformed("os parâmetros não dizem como se compensam os meses");
  // The version alone means its defaults; a switch turned is told after it.
  const method = netting === "SEM_SINAL" ? parameters["metodo"] : `${parameters["metodo"]}+${netting}`;
  return { parameters: await canonicalDigest(parameters), method };
}
