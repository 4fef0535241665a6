import { fromHex, hex, isSame, sha256, utf8 } from "./bytes.ts";
import { IMAGE_PCRS, isZero, MAX_PCRS } from "./document.ts";
import { isObject, malformed, readLine, readSigner, type LineContent } from "./log-lines.ts";
import { MeasurementLogRefused } from "./refusals.ts";

export type Registers = ReadonlyMap<number, Uint8Array>;

/** PCRs that must all be there and equal; what it does not name may be anything. */
export interface Measurement {
  readonly pcrs: Registers;
}

/** The measurements that were released at a moment, as `MeasurementLog.accepted` tells them. */
export type Accepted = (at: Date) => readonly Measurement[];

/** How far a log goes, and SHA-256 of its last line in lower-case hex. */
export interface LogHead {
  readonly count: number;
  readonly digest: string;
}

export interface LogEntry {
  readonly act: "LIBERAR" | "RETIRAR";
  readonly at: Date;
  readonly version: string;
  readonly measurement: Measurement;
}

// What a roll-out needs: the measurement that goes, and the one that comes.
const MOST_ACCEPTED = 2;
const MAX_VERSION = 64;
const START: LogHead = { count: 0, digest: "0".repeat(64) };

/**
 * Entries that were verified, and the head that they lead to: append-only, each line signed and chained.
 *
 * A log cut short at its end is one that is older, which nobody can tell who has not seen a longer one: for
 * that, a head that was seen is kept and given.
 */
export class MeasurementLog {
  readonly entries: readonly LogEntry[];
  readonly head: LogHead;

  constructor(entries: readonly LogEntry[] = [], head: LogHead = START) {
    this.entries = entries;
    this.head = head;
  }

  /** Reads and verifies every line under a key in PEM; throws `MeasurementLogRefused`, for no line too. */
  static async parse(
    text: string,
    signer: string,
    seen: LogHead | null = null,
  ): Promise<MeasurementLog> {
    const key = await readSigner(signer);
    let log = new MeasurementLog();
    for (const line of linesOf(text)) {
      log = await log.followedBy(line, key);
      if (log.head.count === seen?.count && log.head.digest !== seen.digest) {
        throw new MeasurementLogRefused(
          "REGISTRO_BIFURCADO",
          "o registro de medidas não é a continuação do que já foi visto",
        );
      }
    }
    if (seen !== null && log.head.count < seen.count) {
      throw new MeasurementLogRefused(
        "REGISTRO_CORTADO",
        `o registro de medidas já teve ${seen.count} linhas, e aqui é mais curto`,
      );
    }
    return log;
  }

  /** This log and one line more; throws `MeasurementLogRefused`. */
  async followedBy(line: string, key: CryptoKey): Promise<MeasurementLog> {
    const count = this.head.count + 1;
    // (1) The signature, before anything in it is believed.
    const content = await readLine(line, key);
    // (2) Its place: a number that is missing, repeated or out of order; then what came before.
    if (content.n !== count) {
      throw new MeasurementLogRefused(
        "REGISTRO_FORA_DE_ORDEM",
        `a linha ${count} do registro diz ser a ${content.n}`,
      );
    }
    if (content.anterior !== this.head.digest) {
      throw new MeasurementLogRefused(
        "REGISTRO_QUEBRADO",
        `a linha ${count} do registro não continua a anterior`,
      );
    }
    // (3) Its meaning.
    const entry = entryOf(content);
    this.#verifyNext(entry);
    return new MeasurementLog([...this.entries, entry], { count, digest: hex(await sha256(utf8(line))) });
  }

  /** What was released and not retired at the moment `at`, oldest first. */
  readonly accepted: Accepted = (at) => inForce(this.entries.filter((entry) => entry.at <= at));

  #verifyNext(entry: LogEntry): void {
    const last = this.entries.at(-1);
    if (last !== undefined && entry.at < last.at) {
      throw new MeasurementLogRefused(
        "REGISTRO_INSTANTE",
        "uma linha do registro é mais antiga que a anterior",
      );
    }
    const standing = inForce(this.entries);
    const isStanding = standing.some((one) => isEqual(one, entry.measurement));
    if (entry.act === "RETIRAR") {
      if (isStanding) return;
      throw new MeasurementLogRefused("REGISTRO_NAO_LIBERADA", "a medida a retirar não está em vigor");
    }
    verifyRelease(entry.measurement);
    if (isStanding) throw new MeasurementLogRefused("REGISTRO_JA_LIBERADA", "a medida já está em vigor");
    if (standing.length === MOST_ACCEPTED) {
      throw new MeasurementLogRefused(
        "REGISTRO_MEDIDAS_DEMAIS",
        `já há ${MOST_ACCEPTED} medidas em vigor: retire uma antes`,
      );
    }
  }
}

function inForce(entries: readonly LogEntry[]): readonly Measurement[] {
  let standing: readonly Measurement[] = [];
  for (const { act, measurement } of entries) {
    standing =
      act === "LIBERAR" ? [...standing, measurement] : standing.filter((one) => !isEqual(one, measurement));
  }
  return standing;
}

function isEqual(one: Measurement, other: Measurement): boolean {
  if (one.pcrs.size !== other.pcrs.size) return false;
  return [...one.pcrs].every(([index, value]) => isSame(value, other.pcrs.get(index) ?? new Uint8Array()));
}

function verifyRelease({ pcrs }: Measurement): void {
  // Less than the image, the kernel and the application would let other code pass.
  if (IMAGE_PCRS.some((index) => !pcrs.has(index) || isZero(pcrs.get(index)))) {
    throw new MeasurementLogRefused(
      "REGISTRO_FORMA",
      "uma medida liberada traz os PCRs 0, 1 e 2, não zerados",
    );
  }
  if ([...pcrs.values()].some(isZero)) {
    throw new MeasurementLogRefused("REGISTRO_FORMA", "uma medida liberada não traz PCR zerado");
  }
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) {
    throw new MeasurementLogRefused("REGISTRO_VAZIO", "o registro de medidas está vazio");
  }
  return lines;
}

function entryOf({ ato, instante, versao, medida }: LineContent): LogEntry {
  const isVersion = typeof versao === "string" && [...versao].length <= MAX_VERSION && isPrintable(versao);
  if (!isVersion || (ato !== "LIBERAR" && ato !== "RETIRAR")) throw malformed();
  return { act: ato, at: momentOf(instante), version: versao, measurement: readMeasurement(medida) };
}

/** One sign or more, none that is not seen, and of the spaces only the plain one. */
function isPrintable(text: string): boolean {
  return /^(?: |[^\p{C}\p{Z}])+$/u.test(text);
}

function momentOf(told: unknown): Date {
  if (typeof told !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(told)) throw malformed();
  const at = new Date(told);
  // Days that a month has not got would be taken for days of the next.
  if (Number.isNaN(at.getTime()) || at.toISOString() !== told.replace("Z", ".000Z")) throw malformed();
  return at;
}

/** `{"0": "lower hex", …}`; throws `MeasurementLogRefused`. */
function readMeasurement(told: unknown): Measurement {
  if (!isObject(told)) throw malformed();
  const pcrs = new Map<number, Uint8Array>();
  for (const [name, value] of Object.entries(told)) {
    const isRegister = /^(?:0|[1-9]\d?)$/.test(name) && Number(name) < MAX_PCRS;
    if (!isRegister || typeof value !== "string" || !/^[0-9a-f]{96}$/.test(value)) throw malformed();
    pcrs.set(Number(name), fromHex(value));
  }
  return { pcrs };
}
