import { passphraseFault } from "../../../sealing/reader-file.ts";

export const FEWEST_DIFFERENT = 6;

/** What of a passphrase does not do yet, as a sentence for its field; null where it does. */
export function weaknessOf(passphrase: string, readerId: string): string | null {
  const short = passphraseFault(passphrase);
  if (short !== null) return sentence(short);
  if (new Set(passphrase.toLowerCase()).size < FEWEST_DIFFERENT) {
    return `A senha repete sempre os mesmos caracteres: use ao menos ${FEWEST_DIFFERENT} diferentes.`;
  }
  if (readerId.length > 3 && passphrase.toLowerCase().includes(readerId.toLowerCase())) {
    return "A senha contém o nome da chave: escolha outra.";
  }
  return null;
}

function sentence(detail: string): string {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
}
