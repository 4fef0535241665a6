/** The rules of a system user's password, as `aval/adhesion/password.py` has them; the platform judges it again. */

export type PasswordPoint = "composition" | "runs" | "piece" | "cnpj";

export interface PasswordFault {
  readonly point: PasswordPoint;
  readonly detail: string;
}

export interface PointJudged {
  readonly point: PasswordPoint;
  /** What is asked, in positive words. */
  readonly text: string;
  readonly met: boolean;
}

const MIN_LENGTH = 8;
const MAX_LENGTH = 64;
const LONGEST_RUN = 5;
const ROOT_LENGTH = 8;
const STEPS: readonly (readonly [number, string])[] = [
  [0, "repetições"],
  [1, "sequências crescentes"],
  [-1, "sequências decrescentes"],
];
const ASKED: readonly (readonly [PasswordPoint, string])[] = [
  ["composition", "8 algarismos, ou de 8 a 64 caracteres com letra e algarismo"],
  ["runs", "sem repetição nem sequência de mais de 5 caracteres"],
  ["piece", "não é um mesmo trecho repetido"],
  ["cnpj", "sem os oito primeiros caracteres do CNPJ"],
];

/** Every refusal, in the platform's words and order; none for a password that may be. */
export function passwordFaults(typed: string, cnpj: string): readonly PasswordFault[] {
  const text = typed.normalize("NFC");
  const lowered = folded(text);
  return [
    ...compositionFaults(text),
    ...runFaults(lowered),
    ...pieceFaults(lowered),
    ...(lowered.includes(folded(cnpj.slice(0, ROOT_LENGTH)))
      ? [{ point: "cnpj", detail: "a senha não pode conter os oito primeiros caracteres do CNPJ" } as const]
      : []),
  ];
}

/** Each point with how it stands, for whoever is typing. */
export function judgedPoints(typed: string, cnpj: string): readonly PointJudged[] {
  const broken = new Set(passwordFaults(typed, cnpj).map((fault) => fault.point));
  // Nothing typed breaks no rule of what is typed, but meets none either.
  return ASKED.map(([point, text]) => ({ point, text, met: typed !== "" && !broken.has(point) }));
}

function compositionFaults(text: string): readonly PasswordFault[] {
  const signs = [...text];
  const found: string[] = [];
  if (signs.length < MIN_LENGTH || signs.length > MAX_LENGTH) {
    found.push(`a senha deve ter de ${MIN_LENGTH} a ${MAX_LENGTH} caracteres`);
  }
  if (!/^(?:[^\p{C}\p{Z}]| )*$/u.test(text)) found.push("a senha não pode ter caracteres de controle");
  if (/^[0-9]+$/.test(text)) {
    if (signs.length > MIN_LENGTH) {
      found.push("a senha só de algarismos deve ter exatamente 8; para uma mais longa, misture letras");
    }
  } else if (!(/\p{L}/u.test(text) && /\p{Nd}/u.test(text))) {
    found.push("a senha deve ter exatamente 8 algarismos, ou ao menos uma letra e um algarismo");
  }
  return found.map((detail) => ({ point: "composition", detail }));
}

function runFaults(lowered: string): readonly PasswordFault[] {
  const points = [...lowered].map((sign) => sign.codePointAt(0) ?? 0);
  return STEPS.filter(([step]) => longestRun(points, step) > LONGEST_RUN).map(([, pattern]) => ({
    point: "runs",
    detail: `a senha não pode ter ${pattern} de mais de ${LONGEST_RUN} caracteres`,
  }));
}

function pieceFaults(lowered: string): readonly PasswordFault[] {
  const signs = [...lowered];
  const within = [...signs, ...signs].slice(1, -1).join("");
  if (new Set(signs).size < 2 || !within.includes(lowered)) return [];
  return [{ point: "piece", detail: "a senha não pode ser um mesmo trecho repetido" }];
}

function longestRun(points: readonly number[], step: number): number {
  let longest = 1;
  let current = 1;
  for (const [index, point] of points.entries()) {
    if (index === 0) continue;
    current = point - (points[index - 1] ?? 0) === step ? current + 1 : 1;
    longest = Math.max(longest, current);
  }
  return longest;
}

/** Python's `casefold`, near enough: sign by sign, since a final sigma would be lowered by its place. */
function folded(text: string): string {
  return [...text].map((sign) => (sign === "ı" ? sign : sign.toUpperCase().toLowerCase())).join("");
}
