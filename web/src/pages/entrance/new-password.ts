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

/** The sentence for a password that does not do, or null. */
export function judged(password: string, again: string): string | null {
  const lacking = RULES.filter((rule) => !rule.holds(password)).map((rule) => rule.text);
  if (lacking.length > 0) return `Falta à senha: ${lacking.join("; ")}.`;
  return password === again ? null : "As duas senhas não são iguais.";
}
