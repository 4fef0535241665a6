/** What the pool of logins asks of a password (cdk/components/people_pool.py); Cognito judges it again. */
export interface Rule {
  readonly text: string;
  readonly holds: (password: string) => boolean;
}

export const RULES: readonly Rule[] = [
  { text: "ao menos 12 caracteres", holds: (password) => password.length >= 12 },
  { text: "letra minúscula", holds: (password) => /[a-z]/.test(password) },
  { text: "letra maiúscula", holds: (password) => /[A-Z]/.test(password) },
  { text: "número", holds: (password) => /[0-9]/.test(password) },
  { text: "símbolo, como - ! @ # % & *", holds: (password) => /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/.test(password) },
];

export interface NewPassword {
  readonly first: string;
  readonly again: string;
}

/** What is wrong, by its field. */
export type WrongPassword = { readonly [field in keyof NewPassword]?: string };

export const NOTHING_TYPED: NewPassword = { first: "", again: "" };

/** Null for a password that does. */
export function judged({ first, again }: NewPassword): WrongPassword | null {
  const lacking = RULES.filter((rule) => !rule.holds(first)).map((rule) => rule.text);
  if (lacking.length > 0) return { first: `Falta à senha: ${lacking.join("; ")}.` };
  return first === again ? null : { again: "Não é igual à nova senha." };
}
