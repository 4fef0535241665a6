/** Decimal text as people here write it. Figures stay text: no binary fraction comes between. */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** `1234567.5` → `1.234.567,50` with `places` 2 (half to even, as the platform rounds); `places` null keeps all. */
export function decimalText(value: string, places: number | null = null): string {
  const parts = DECIMAL.exec(value);
  if (parts === null) return value;
  const [, sign = "", whole = "0", fraction = ""] = parts;
  const [shownWhole, shownFraction] = places === null ? [whole, fraction] : rounded(whole, fraction, places);
  const zero = /^0*$/.test(shownWhole + shownFraction);
  const grouped = shownWhole.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ".");
  return `${zero ? "" : sign}${grouped}${shownFraction ? `,${shownFraction}` : ""}`;
}

/** As `decimalText`, with a real minus: for what is read. What is typed over keeps the sign of the keyboard. */
export function figureText(value: string, places: number | null = null): string {
  return decimalText(value, places).replace(/^-/, "−");
}

/** `R$ 1.234,50`, with a real minus before the sign of the currency. */
export function moneyText(value: string): string {
  const shown = figureText(value, 2);
  return shown.startsWith("−") ? `−R$ ${shown.slice(1)}` : `R$ ${shown}`;
}

export function countText(count: number): string {
  return decimalText(String(count));
}

/** What a person typed or pasted, as plain decimal text; null for what is no number. */
export function parsedDecimal(typed: string): string | null {
  const bare = typed.trim().replace(/[\s\u00a0]/g, "").replace(/^R\$/, "").replace(/^[−–]/, "-");
  const brazilian = /^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/;
  const plain = /^-?\d+\.\d+$/;
  if (brazilian.test(bare)) return tidied(bare.replaceAll(".", "").replace(",", "."));
  // `1.234` is a thousand and so on; a point is decimal only where it cannot separate thousands.
  if (plain.test(bare)) return tidied(bare);
  return null;
}

function tidied(value: string): string {
  const [, sign = "", whole = "0", fraction = ""] = DECIMAL.exec(value) ?? [];
  const kept = fraction.replace(/0+$/, "");
  const stripped = whole.replace(/^0+(?=\d)/, "");
  const zero = stripped === "0" && kept === "";
  return `${zero ? "" : sign}${stripped}${kept ? `.${kept}` : ""}`;
}

function rounded(whole: string, fraction: string, places: number): [string, string] {
  const padded = fraction.padEnd(places + 1, "0");
  const kept = BigInt(whole + padded.slice(0, places));
  const rest = padded.slice(places);
  const half = rest.startsWith("5") && /^50*$/.test(rest);
  const up = half ? kept % 2n === 1n : rest[0] !== undefined && rest[0] >= "5";
  const digits = String(up ? kept + 1n : kept).padStart(places + 1, "0");
  return places === 0 ? [digits, ""] : [digits.slice(0, -places), digits.slice(-places)];
}
