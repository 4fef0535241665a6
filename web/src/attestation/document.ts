import { utf8, type Bytes } from "./bytes.ts";
import { decode, Tagged, type CborMap, type CborValue } from "./cbor.ts";
import { AttestationRefused } from "./refusals.ts";

export const MAX_PCRS = 32;
export const PCR_BYTES = 48;
/** The code: boot image, kernel, application. */
export const IMAGE_PCRS: readonly number[] = [0, 1, 2];

const MAX_DOCUMENT_BYTES = 16 * 1024;
const MAX_FIELD_BYTES = 1024;
const MAX_CERTIFICATE_BYTES = 2048;
const MAX_AUTHORITIES = 8;
const SIGNATURE_BYTES = 96;
// AWS measures these into every enclave; a document that leaves one out is no document of an enclave.
const ALWAYS_MEASURED: readonly number[] = [0, 1, 2, 3, 4];
const SIGN1_TAG = 18;
const ALGORITHM_LABEL = 1;
const ES384 = -35;
const MODULE = /^i-[0-9a-f]{8,32}-enc[0-9a-f]{1,32}$/;
// As far as the calendar of the other verifier goes: the last millisecond of the year 9999.
const LAST_MOMENT = 253_402_300_799_999;

/** What a document says; nothing of it is proven by having been read. */
export interface AttestationDocument {
  readonly moduleId: string;
  readonly instant: Date;
  readonly pcrs: ReadonlyMap<number, Uint8Array>;
  readonly certificate: Uint8Array;
  /** Root first. */
  readonly cabundle: readonly Uint8Array[];
  readonly publicKey: Uint8Array | null;
  readonly userData: Uint8Array | null;
  readonly nonce: Uint8Array | null;
}

/** The parts that the signature is over, as they came: encoding again could say something else. */
export interface SignedDocument {
  readonly toBeSigned: Bytes;
  readonly signature: Uint8Array;
  readonly content: AttestationDocument;
}

/** Whether nothing was measured in a register. */
export function isZero(measured: Uint8Array | undefined): boolean {
  return measured !== undefined && measured.length === PCR_BYTES && measured.every((byte) => byte === 0);
}

/** Reads the form alone: COSE_Sign1 around a map (RFC 9052, section 4.2); throws `AttestationRefused`. */
export function parseDocument(data: Uint8Array): SignedDocument {
  // (1) Size, before a byte is looked at.
  if (data.length > MAX_DOCUMENT_BYTES) {
    throw new AttestationRefused("DOCUMENTO_GRANDE", "o atestado passa de 16 KiB");
  }
  // (2) COSE_Sign1, tagged or not: RFC 9052, section 4.2.
  const parts = untagged(decode(data));
  if (!Array.isArray(parts) || parts.length !== 4) {
    throw new AttestationRefused("COSE_FORMA", "não é um COSE_Sign1: faltam ou sobram partes");
  }
  const [head, unprotected, payload, signature] = parts as readonly CborValue[];
  if (!(head instanceof Uint8Array && payload instanceof Uint8Array && signature instanceof Uint8Array)) {
    throw new AttestationRefused("COSE_FORMA", "não é um COSE_Sign1: uma parte não é de bytes");
  }
  if (!(unprotected instanceof Map) || unprotected.size > 0) {
    throw new AttestationRefused("COSE_FORMA", "o cabeçalho não protegido deve ser vazio");
  }
  // (3) ES384 and nothing beside it: RFC 9053, section 2.1.
  const told = decode(head);
  if (!(told instanceof Map) || told.size !== 1 || told.get(ALGORITHM_LABEL) !== ES384) {
    throw new AttestationRefused("COSE_ALGORITMO", "o cabeçalho protegido deve dizer ES384, e nada mais");
  }
  if (signature.length !== SIGNATURE_BYTES) {
    throw new AttestationRefused("ASSINATURA_TAMANHO", "a assinatura ES384 deve ter 96 bytes");
  }
  // (4) The map inside.
  return { toBeSigned: toBeSigned(head, payload), signature, content: content(decode(payload)) };
}

function untagged(value: CborValue): CborValue {
  if (!(value instanceof Tagged)) return value;
  if (value.tag !== SIGN1_TAG) {
    throw new AttestationRefused("COSE_ETIQUETA", `a etiqueta ${value.tag} não é a de COSE_Sign1 (18)`);
  }
  return value.value;
}

/** `Sig_structure`: RFC 9052, section 4.4. */
function toBeSigned(head: Uint8Array, payload: Uint8Array): Bytes {
  const parts = [[0x84, 0x6a], utf8("Signature1"), byteString(head), [0x40], byteString(payload)];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** RFC 8949, section 4.2.1: a head as short as can be. */
function byteString(content: Uint8Array): number[] {
  const { length } = content;
  if (length < 24) return [0x40 + length, ...content];
  if (length < 0x100) return [0x58, length, ...content];
  return [0x59, length >> 8, length & 0xff, ...content];
}

function content(members: CborValue): AttestationDocument {
  // A member that AWS may add is passed over: it is signed, and refusing it would stop every client at once.
  if (!(members instanceof Map)) throw refused("o conteúdo não é um mapa");
  if (members.get("digest") !== "SHA384") throw refused("digest deve ser SHA384");
  const bundle: CborValue | undefined = members.get("cabundle");
  if (!Array.isArray(bundle) || bundle.length < 1 || bundle.length > MAX_AUTHORITIES) {
    throw refused(`cabundle deve ter de 1 a ${MAX_AUTHORITIES} certificados`);
  }
  return {
    moduleId: moduleOf(members.get("module_id")),
    instant: moment(members.get("timestamp")),
    pcrs: registers(members.get("pcrs")),
    certificate: certificate(members.get("certificate")),
    cabundle: (bundle as readonly CborValue[]).map(certificate),
    publicKey: optional(members, "public_key", 1),
    userData: optional(members, "user_data", 0),
    nonce: optional(members, "nonce", 0),
  };
}

function moduleOf(value: CborValue | undefined): string {
  if (typeof value !== "string" || !MODULE.test(value)) {
    throw refused("module_id não nomeia uma instância e seu enclave");
  }
  return value;
}

function moment(value: CborValue | undefined): Date {
  if ((typeof value !== "number" && typeof value !== "bigint") || value <= 0) {
    throw refused("timestamp não é um número de milissegundos");
  }
  if (value > LAST_MOMENT) throw refused("timestamp passa do fim do calendário");
  return new Date(Number(value));
}

function registers(value: CborValue | undefined): ReadonlyMap<number, Uint8Array> {
  if (!(value instanceof Map) || value.size > MAX_PCRS) {
    throw refused(`pcrs deve ser um mapa de até ${MAX_PCRS} medidas`);
  }
  const pcrs = new Map<number, Uint8Array>();
  for (const [index, measured] of value as CborMap) {
    if (typeof index !== "number" || index < 0 || index >= MAX_PCRS) {
      throw refused("o índice de um PCR vai de 0 a 31");
    }
    if (!(measured instanceof Uint8Array) || measured.length !== PCR_BYTES) {
      throw refused(`o PCR${index} deve ter 48 bytes`);
    }
    pcrs.set(index, measured);
  }
  const absent = ALWAYS_MEASURED.find((index) => !pcrs.has(index));
  if (absent !== undefined) throw new AttestationRefused("PCR_AUSENTE", `o PCR${absent} falta no atestado`);
  return pcrs;
}

function certificate(value: CborValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length < 1 || value.length > MAX_CERTIFICATE_BYTES) {
    throw refused(`um certificado deve ter de 1 a ${MAX_CERTIFICATE_BYTES} bytes`);
  }
  return value;
}

function optional(members: CborMap, name: string, least: number): Uint8Array | null {
  const value = members.get(name) ?? null;
  if (value === null) return null;
  if (!(value instanceof Uint8Array) || value.length < least || value.length > MAX_FIELD_BYTES) {
    throw refused(`${name} deve ter de ${least} a ${MAX_FIELD_BYTES} bytes`);
  }
  return value;
}

function refused(detail: string): AttestationRefused {
  return new AttestationRefused("CONTEUDO", detail);
}
