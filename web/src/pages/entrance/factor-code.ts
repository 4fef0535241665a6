import { sentenceOf } from "../../api/problem.ts";
import { LoginRefused } from "../../session/cognito.ts";

export const NO_FACTOR_CODE = "Digite os seis números que o aplicativo mostra.";

// Cognito has the same names for codes that it mails, where another one can be asked for.
const OF_AN_APPLICATION: Readonly<Record<string, string>> = {
  CodeMismatchException: "O código não confere. Digite o que o aplicativo mostra agora.",
  ExpiredCodeException: "Este código já foi usado. Espere o aplicativo mostrar o próximo.",
};

/** Why a code of an application was refused. */
export function factorRefusal(error: unknown): string {
  const own = error instanceof LoginRefused ? OF_AN_APPLICATION[error.kind] : undefined;
  return own ?? sentenceOf(error);
}
