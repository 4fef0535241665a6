import type { Configuration } from "../api/messages.ts";
import { Unreachable } from "../api/problem.ts";

export interface Tokens {
  readonly access: string;
  /** Null where a renewal keeps the one there is. */
  readonly refresh: string | null;
}

/** What the platform tells of it that its calls need. */
export type CognitoPlace = Pick<Configuration, "cognitoEndereco" | "cognitoCliente">;

export interface Challenge {
  readonly name: "NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA";
  readonly session: string;
  readonly username: string;
}

/** Refused by Amazon Cognito; `kind` is its own name of the reason. */
export class LoginRefused extends Error {
  override readonly name = "LoginRefused";
  readonly kind: string;
  readonly detail: string;

  constructor(kind: string) {
    super(kind);
    this.kind = kind;
    this.detail = SENTENCES[kind] ?? "O acesso foi recusado. Tente de novo; se continuar, redefina o acesso.";
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  AnotherPerson: "Este acesso é de outra pessoa. Use “Sair” antes de entrar com ele.",
  SessionLeft: "O acesso terminou antes da resposta. Entre de novo.",
  ChallengeOver: "O tempo para responder acabou. Entre de novo com o login e a senha.",
  ProvisionalPasswordOver: "A senha provisória venceu. Peça outra em “Criar / Redefinir acesso”.",
  NotAuthorizedException: "O login ou a senha não confere. Confira os dois e tente de novo.",
  UserNotFoundException: "O login ou a senha não confere. Confira os dois e tente de novo.",
  UserNotConfirmedException: "O acesso ainda não foi confirmado. Use “Criar / Redefinir acesso”.",
  PasswordResetRequiredException: "A senha precisa ser redefinida. Use “Criar / Redefinir acesso”.",
  CodeMismatchException: "O código não confere. Digite o da mensagem mais recente.",
  ExpiredCodeException: "Este código não vale mais: venceu ou já foi usado. Peça outra mensagem.",
  InvalidPasswordException:
    "A senha não serve: use ao menos 12 caracteres, com letras maiúsculas e minúsculas, número e símbolo.",
  LimitExceededException: "Houve tentativas demais. Espere alguns minutos e tente de novo.",
  TooManyRequestsException: "Houve tentativas demais. Espere alguns minutos e tente de novo.",
  EnableSoftwareTokenMFAException: "O código não confere. Digite o que o aplicativo mostra agora.",
  TooManyFailedAttemptsException: "Houve tentativas demais. Espere alguns minutos e tente de novo.",
};

// Told apart by their messages alone, which nothing promises: one that changes reads as a wrong password again.
const KINDS_BY_MESSAGE: readonly (readonly [start: string, kind: string])[] = [
  ["Temporary password has expired", "ProvisionalPasswordOver"],
  ["Password attempts exceeded", "TooManyFailedAttemptsException"],
];

/** Amazon Cognito's public calls, which need no signature. */
export class Cognito {
  private readonly endpoint: string;
  private readonly client: string;
  private readonly fetcher: typeof fetch;

  constructor(place: CognitoPlace, fetcher: typeof fetch = (...given) => fetch(...given)) {
    this.endpoint = place.cognitoEndereco;
    this.client = place.cognitoCliente;
    this.fetcher = fetcher;
  }

  async enter(username: string, password: string): Promise<Tokens | Challenge> {
    const told = await this.call("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: this.client,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
    return outcome(told, username);
  }

  async answer(challenge: Challenge, answers: Readonly<Record<string, string>>): Promise<Tokens | Challenge> {
    const told = await this.call("RespondToAuthChallenge", {
      ClientId: this.client,
      ChallengeName: challenge.name,
      Session: challenge.session,
      ChallengeResponses: { USERNAME: challenge.username, ...answers },
    });
    return outcome(told, challenge.username);
  }

  async renew(refresh: string): Promise<Tokens> {
    const told = await this.call("InitiateAuth", {
      AuthFlow: "REFRESH_TOKEN_AUTH",
      ClientId: this.client,
      AuthParameters: { REFRESH_TOKEN: refresh },
    });
    return tokensOf(told);
  }

  async confirmNewPassword(username: string, code: string, password: string): Promise<void> {
    await this.call("ConfirmForgotPassword", {
      ClientId: this.client,
      Username: username,
      ConfirmationCode: code,
      Password: password,
    });
  }

  /** A secret for an application of codes, told to nobody else. */
  async beginFactor(access: string): Promise<string> {
    const told = await this.call("AssociateSoftwareToken", { AccessToken: access });
    return String(told["SecretCode"]);
  }

  async confirmFactor(access: string, code: string): Promise<void> {
    await this.call("VerifySoftwareToken", { AccessToken: access, UserCode: code });
    await this.preferFactor(access, true);
  }

  async preferFactor(access: string, enabled: boolean): Promise<void> {
    const settings = { Enabled: enabled, PreferredMfa: enabled };
    await this.call("SetUserMFAPreference", { AccessToken: access, SoftwareTokenMfaSettings: settings });
  }

  async hasFactor(access: string): Promise<boolean> {
    const told = await this.call("GetUser", { AccessToken: access });
    const factors: unknown = told["UserMFASettingList"];
    return Array.isArray(factors) && factors.includes("SOFTWARE_TOKEN_MFA");
  }

  async changePassword(access: string, before: string, after: string): Promise<void> {
    await this.call("ChangePassword", { AccessToken: access, PreviousPassword: before, ProposedPassword: after });
  }

  async revoke(refresh: string): Promise<void> {
    await this.call("RevokeToken", { ClientId: this.client, Token: refresh });
  }

  /** One call by its name; throws `LoginRefused` or `Unreachable`. */
  async call(action: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    let answer: Response;
    try {
      answer = await this.fetcher(this.endpoint, {
        method: "POST",
        headers: {
          "Content-Type": "application/x-amz-json-1.1",
          "X-Amz-Target": `AWSCognitoIdentityProviderService.${action}`,
        },
        body: JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
      });
    } catch {
      throw new Unreachable("Não foi possível falar com o serviço de login. Verifique a conexão e tente de novo.");
    }
    const told = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
    if (answer.ok) return told;
    if (answer.status >= 500) throw new Unreachable("O serviço de login não respondeu. Tente de novo em instantes.");
    throw new LoginRefused(kindOf(told));
  }
}

function kindOf(told: Readonly<Record<string, unknown>>): string {
  const kind = String(told["__type"] ?? "").replace(/^.*#/, "");
  if (kind !== "NotAuthorizedException") return kind;
  const message = String(told["message"] ?? "");
  return KINDS_BY_MESSAGE.find(([start]) => message.startsWith(start))?.[1] ?? kind;
}

function outcome(told: Readonly<Record<string, unknown>>, username: string): Tokens | Challenge {
  const name = told["ChallengeName"];
  if (name === undefined || name === null) return tokensOf(told);
  if (name !== "NEW_PASSWORD_REQUIRED" && name !== "SOFTWARE_TOKEN_MFA") throw new LoginRefused("ChallengeNotKnown");
  const asked = (told["ChallengeParameters"] ?? {}) as Record<string, unknown>;
  return { name, session: String(told["Session"]), username: String(asked["USER_ID_FOR_SRP"] ?? username) };
}

function tokensOf(told: Readonly<Record<string, unknown>>): Tokens {
  const result = (told["AuthenticationResult"] ?? {}) as Record<string, unknown>;
  const access = result["AccessToken"];
  if (typeof access !== "string") throw new LoginRefused("NoTokens");
  const refresh = result["RefreshToken"];
  return { access, refresh: typeof refresh === "string" ? refresh : null };
}
