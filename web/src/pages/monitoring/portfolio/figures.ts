/** Decimals of a portfolio: exact, as text outside and scaled whole numbers inside (docs/prudential.md, “Figures”). */

const PLACES = 12;
const FORM = /^[+-]?[0-9]{1,20}(?:\.[0-9]{1,12})?$/;

/** Whether a file may carry it: up to 20 digits, and 12 after the point. */
export function isFigure(text: string): boolean {
  return FORM.test(text);
}

/** As a whole number of 10⁻¹². */
export function scaled(figure: string): bigint {
  const negative = figure.startsWith("-");
  const [whole = "0", fraction = ""] = figure.replace(/^[+-]/, "").split(".");
  const value = BigInt(whole + fraction.padEnd(PLACES, "0"));
  return negative ? -value : value;
}

/** The shortest plain spelling, with a point. */
export function spelled(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  const whole = digits.slice(0, -PLACES);
  return `${value < 0n ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}

export function sumOf(figures: readonly string[]): bigint {
  return figures.reduce((total, figure) => total + scaled(figure), 0n);
}
