import { canonicalDigest } from "./canonical.ts";
import { publicHalf, readPublicJwk, thumbprint, type PublicJwk } from "./ec-keys.ts";
import { hasExactly, type Members } from "./json-members.ts";
import { SealRefused } from "./refusals.ts";

/** One reader: a name of its own choosing, a key to seal to and a key that signs. */
export interface Reader {
  readonly id: string;
  readonly enc: PublicJwk;
  readonly sig: PublicJwk;
}

export const MOST_READERS = 8;
const ID_FORM = /^[A-Za-z0-9._-]{1,64}$/;

/** One to eight readers, sorted by name; the order in which they were told means nothing. */
export class Readers {
  readonly listed: readonly Reader[];
  /** SHA-256 of the canonical list, hex: what answers and the platform's lists name it by. */
  readonly digest: string;

  private constructor(listed: readonly Reader[], digest: string) {
    this.listed = listed;
    this.digest = digest;
  }

  /** Throws `SealRefused` for none, more than eight, or a name or key that is there twice. */
  static async of(told: readonly Reader[]): Promise<Readers> {
    if (told.length < 1 || told.length > MOST_READERS) throw invalid(`são de 1 a ${MOST_READERS} leitores`);
    if (new Set(told.map((reader) => reader.id)).size !== told.length) throw invalid("dois leitores têm o mesmo id");
    const prints = await Promise.all(told.flatMap((reader) => [thumbprint(reader.enc), thumbprint(reader.sig)]));
    // One key for two readers or two uses would let an answer or a signature of one pass for another's.
    if (new Set(prints).size !== prints.length) throw invalid("cada chave serve a um só leitor e a um só uso");
    const listed = [...told].sort((one, other) => (one.id < other.id ? -1 : 1)).map(exactly);
    return new Readers(listed, await canonicalDigest(listed));
  }

  static async read(value: unknown): Promise<Readers> {
    if (!Array.isArray(value) || value.length > MOST_READERS) {
      throw invalid(`leitores deve ser uma lista de 1 a ${MOST_READERS}`);
    }
    return Readers.of(await Promise.all(value.map(readReader)));
  }

  toJson(): readonly Members[] {
    return this.listed.map((reader) => ({ ...reader }));
  }

  /** Throws `SealRefused` for who is not in the list. */
  named(id: string): Reader {
    const found = this.listed.find((reader) => reader.id === id);
    if (found === undefined) throw new SealRefused("NAO_E_LEITOR", "não é leitor destes dados");
    return found;
  }
}

/** Throws `SealRefused` for anything but id, enc and sig, or a key that is no public P-256 key. */
export async function readReader(value: unknown): Promise<Reader> {
  if (!hasExactly(value, ["id", "enc", "sig"]) || typeof value["id"] !== "string") {
    throw invalid("um leitor deve ter exatamente id, enc e sig");
  }
  try {
    const [enc, sig] = await Promise.all([readPublicJwk(value["enc"]), readPublicJwk(value["sig"])]);
    return { id: requireReaderId(value["id"]), enc, sig };
  } catch (failure) {
    if (failure instanceof SealRefused && failure.code === "MALFORMADO") throw invalid(`leitor: ${failure.detail}`);
    throw failure;
  }
}

export function requireReaderId(id: string): string {
  if (!ID_FORM.test(id)) throw invalid("o id de um leitor tem de 1 a 64 letras, algarismos, ponto, - ou _");
  return id;
}

/** What two people compare before one adds the other: 64 hexadecimal digits, the same that `aval` shows. */
export function fingerprintOf(reader: Reader): Promise<string> {
  return canonicalDigest(exactly(reader));
}

function exactly(reader: Reader): Reader {
  return { id: requireReaderId(reader.id), enc: publicHalf(reader.enc), sig: publicHalf(reader.sig) };
}

function invalid(detail: string): SealRefused {
  return new SealRefused("LEITORES_INVALIDOS", detail);
}
