import { isSame, sha384, utf8 } from "./bytes.ts";
import { LEEWAY, verifyChain } from "./chain.ts";
import { IMAGE_PCRS, isZero, parseDocument, PCR_BYTES, type AttestationDocument } from "./document.ts";
import { verifyCode } from "./expectation.ts";
import type { Accepted } from "./measurements.ts";
import { spelt } from "./moments.ts";
import { isSignedBy } from "./p384.ts";
import { AttestationRefused } from "./refusals.ts";
import type { VerifiedDocument } from "./verified-document.ts";

/** In milliseconds: five minutes. */
export const MAX_AGE = 5 * 60_000;

/** The only root that is believed, and what code was released when. */
export interface Expected {
  /** SHA-256 of the root, lower-case hex. */
  readonly root: string;
  readonly accepted: Accepted;
}

/** Who asks, and when. */
export interface Question extends Expected {
  readonly at: Date;
  readonly nonce: Uint8Array;
  /** Milliseconds. */
  readonly maxAge?: number;
}

/** What the expected code attests now, to whoever chose the nonce; throws `AttestationRefused`. */
export async function verifyLive(data: Uint8Array, question: Question): Promise<VerifiedDocument> {
  const { root, at, nonce, accepted, maxAge = MAX_AGE } = question;
  const document = await verifyOrigin(data, { root, at, maxAge });
  verifyNonce(document, nonce);
  verifyCode(document.pcrs, accepted(at));
  return verified(document, root);
}

/**
 * What the expected code attested when the document was made; throws `AttestationRefused`.
 *
 * It does not promise that the document is fresh: whoever has it may show it again.
 */
export async function verifyReplay(data: Uint8Array, expected: Expected): Promise<VerifiedDocument> {
  const { root, accepted } = expected;
  const document = await verifyOrigin(data, { root, at: null });
  verifyCode(document.pcrs, accepted(document.instant));
  return verified(document, root);
}

/**
 * Form, chain and signature, at a moment or at the document's own; throws `AttestationRefused`.
 *
 * It does not promise which code it was: any enclave of anybody passes. Nothing may be sealed on its word.
 */
export async function verifyOrigin(
  data: Uint8Array,
  { root, at, maxAge }: { readonly root: string; readonly at: Date | null; readonly maxAge?: number },
): Promise<AttestationDocument> {
  // (1) Form.
  const { content: document, toBeSigned, signature } = parseDocument(data);
  // (2) What the measurements say of themselves.
  await verifyOwnMeasurements(document);
  // (3) From the pinned root to the key.
  const terms = { root, at: at ?? document.instant, leeway: at === null ? 0 : LEEWAY };
  const key = await verifyChain(document.cabundle, document.certificate, terms);
  // (4) The document under that key. A high s is lawful, and usual here.
  if (!(await isSignedBy(key, signature, toBeSigned))) {
    throw new AttestationRefused("ASSINATURA", "a assinatura do atestado não confere");
  }
  // (5) When it was made.
  if (at !== null) verifyAge(document, at, maxAge ?? null);
  return document;
}

function verifyNonce(document: AttestationDocument, nonce: Uint8Array): void {
  if (nonce.length === 0) {
    throw new AttestationRefused("NONCE_DIVERGENTE", "sem um nonce, não se sabe a quem o atestado responde");
  }
  if (document.nonce === null || !isSame(document.nonce, nonce)) {
    throw new AttestationRefused("NONCE_DIVERGENTE", "o atestado responde a outro nonce");
  }
}

async function verifyOwnMeasurements(document: AttestationDocument): Promise<void> {
  const zeros = IMAGE_PCRS.filter((index) => isZero(document.pcrs.get(index)));
  if (zeros.length === IMAGE_PCRS.length) {
    throw new AttestationRefused(
      "MODO_DEBUG",
      "o enclave está em modo de depuração: o operador pode ver dentro dele",
    );
  }
  if (zeros.length > 0) {
    throw new AttestationRefused("PCR_ZERO", `o PCR${zeros[0]} é zero: nada foi medido nele`);
  }
  // PCR4 is the instance, measured as any PCR is extended; the module is named after the instance.
  const [instance = ""] = document.moduleId.split("-enc");
  const extended = new Uint8Array([...new Uint8Array(PCR_BYTES), ...utf8(instance)]);
  if (!isSame(document.pcrs.get(4) ?? new Uint8Array(), await sha384(extended))) {
    throw new AttestationRefused("INSTANCIA_DIVERGENTE", "o PCR4 não é o da instância que module_id nomeia");
  }
}

function verifyAge(document: AttestationDocument, at: Date, maxAge: number | null): void {
  const age = at.getTime() - document.instant.getTime();
  if (-age > LEEWAY) {
    throw new AttestationRefused(
      "RELOGIO",
      `o atestado foi feito em ${spelt(document.instant)}, e aqui são ${spelt(at)}: ` +
        "o relógio está atrasado, ou o momento pedido é anterior",
    );
  }
  if (maxAge !== null && age > maxAge) {
    throw new AttestationRefused(
      "ANTIGO",
      `o atestado foi feito em ${spelt(document.instant)}, e só vale por ${maxAge / 60_000} minutos: ` +
        "é antigo, ou o relógio deste computador está adiantado",
    );
  }
}

function verified(document: AttestationDocument, root: string): VerifiedDocument {
  const { moduleId, instant, pcrs, publicKey, userData, nonce } = document;
  return { moduleId, instant, pcrs, publicKey: publicKey ?? new Uint8Array(), userData, nonce, root };
}
