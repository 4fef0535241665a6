import type { ReadersTold } from "../../../api/messages.ts";
import { companyOfList, LARGEST_SIGNED_LIST } from "../../../sealing/reader-lists.ts";
import { readReader, Readers, type Reader } from "../../../sealing/readers.ts";
import { malformed } from "../../../sealing/refusals.ts";

/** The list that a company stands for, as the platform tells it. */
export interface Authorised {
  readonly told: ReadersTold;
  /** Null where none stands. Their names and fingerprints are found here, from the keys. */
  readonly readers: Readers | null;
}

export interface ListChange {
  readonly entering: readonly Reader[];
  readonly leaving: readonly Reader[];
}

/** Throws `SealRefused` where the keys are not those that the platform names the list by. */
export async function authorisedIn(told: ReadersTold): Promise<Authorised> {
  if (told.resumo === null) return { told, readers: null };
  const listed = await Promise.all(told.leitores.map(({ id, enc, sig }) => readReader({ id, enc, sig })));
  const readers = await Readers.of(listed);
  if (readers.digest !== told.resumo) throw malformed("A lista autorizada que a plataforma diz não tem o resumo dela.");
  return { told, readers };
}

/** Who comes in and who goes out; other keys under the same name are somebody else. */
export function changeOf(from: Readers, to: Readers): ListChange {
  const isIn = (list: Readers, reader: Reader): boolean => list.listed.some((one) => isSame(one, reader));
  return {
    entering: to.listed.filter((reader) => !isIn(from, reader)),
    leaving: from.listed.filter((reader) => !isIn(to, reader)),
  };
}

export interface SignedList {
  readonly text: string;
  readonly company: string;
}

/** The signed list in a file, and whose it is; throws `SealRefused` for any other file. */
export async function signedListIn(file: File): Promise<SignedList> {
  // What is larger is no list, and need not be read to be refused.
  const text = file.size > 2 * LARGEST_SIGNED_LIST ? "" : (await file.text()).trim();
  return { text, company: companyOfList(text) };
}

function isSame(one: Reader, other: Reader): boolean {
  return one.id === other.id && one.enc.x === other.enc.x && one.enc.y === other.enc.y && one.sig.x === other.sig.x && one.sig.y === other.sig.y;
}
