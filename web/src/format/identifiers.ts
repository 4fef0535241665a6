/** CNPJ with its mask, `33.047.509/0001-49`; what is no CNPJ stays as it is. The first twelve may be letters. */
export function cnpjText(cnpj: string): string {
  const parts = /^([0-9A-Z]{2})([0-9A-Z]{3})([0-9A-Z]{3})([0-9A-Z]{4})(\d{2})$/.exec(cnpj);
  return parts === null ? cnpj : `${parts[1]}.${parts[2]}.${parts[3]}/${parts[4]}-${parts[5]}`;
}

/** Fourteen signs without the mask, or null: the check digits must hold (Receita Federal, IN 2.229/2024). */
export function parsedCnpj(typed: string): string | null {
  const bare = typed.toUpperCase().replace(/[\s./-]/g, "");
  if (!/^[0-9A-Z]{12}\d{2}$/.test(bare)) return null;
  const values = [...bare].map((sign) => sign.charCodeAt(0) - 48);
  const first = checkDigit(values.slice(0, 12));
  const second = checkDigit([...values.slice(0, 12), first]);
  return values[12] === first && values[13] === second ? bare : null;
}

/** `202611003` → `2026-11/003`: year, month, number. */
export function eventText(event: string): string {
  return /^\d{9}$/.test(event) ? `${event.slice(0, 4)}-${event.slice(4, 6)}/${event.slice(6)}` : event;
}

/** The first bytes of a digest in groups, to be compared by eye. */
export function fingerprintText(hex: string, groups = 8): string {
  return (hex.match(/.{1,4}/g) ?? []).slice(0, groups).join(" ");
}

function checkDigit(values: readonly number[]): number {
  const sum = values.reduceRight((total, value, index) => {
    const weight = ((values.length - 1 - index) % 8) + 2;
    return total + value * weight;
  }, 0);
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}
