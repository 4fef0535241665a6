import { signal, type ReadonlySignal } from "@preact/signals";

import type { Tokens as TokenSource } from "../api/client.ts";
import { LoginRefused, type Tokens } from "./cognito.ts";

/** `lapsed`: whoever was in must log in again, and what waits for a token goes on after that. */
export type Standing = "unknown" | "out" | "in" | "lapsed";

/** What a tab goes on with after a reload, and what it gives to another tab. */
export interface Login {
  /** The e-mail, which a dialog over the page asks no second time. */
  readonly name: string;
  readonly refresh: string;
}

/** Where a login lies between two loads of the page: this tab alone, gone when it closes. */
export interface Keeping {
  read(): Login | null;
  write(login: Login | null): void;
}

export type Renewal = (refresh: string) => Promise<Tokens>;

const RENEWED_BEFORE_SECONDS = 60;

/** The tokens of one login: refused once it was left, whoever is in by then. */
export interface LoginTokens extends TokenSource {
  /** Whether that login is still the one there is. */
  stands(): boolean;
}

/** One login of one person. The access token is in memory alone. */
export class Session implements TokenSource {
  private access: string | null = null;
  /** Whose login it is, by the platform's own name of them. */
  private subject: string | null = null;
  /** Raised by each leaving: what was begun before it ends with it. */
  private generation = 0;
  private login: Login | null = null;
  private renewing: Promise<string> | null = null;
  private waiting: PromiseWithResolvers<string>[] = [];
  private readonly stood = signal<Standing>("unknown");
  private readonly keeping: Keeping;
  private readonly renew: Renewal;
  private readonly now: () => number;

  constructor(keeping: Keeping, renew: Renewal, now: () => number = Date.now) {
    this.keeping = keeping;
    this.renew = renew;
    this.now = now;
  }

  get standing(): ReadonlySignal<Standing> {
    return this.stood;
  }

  /** Of whoever is in, or was until the login lapsed. */
  get name(): string | null {
    return this.login?.name ?? null;
  }

  /** Whether a login lies here, though nobody may yet know whether it still stands. */
  get isKept(): boolean {
    return this.keeping.read() !== null;
  }

  /** What another tab is given so that it need not log in: null where nobody is in. */
  get shareable(): Login | null {
    return this.stood.value === "in" ? this.login : null;
  }

  /** Go on with what this tab kept, or with what another tab gave. */
  async resume(given: Login | null = this.keeping.read()): Promise<void> {
    const { generation } = this;
    try {
      const tokens = given === null ? null : await this.renew(given.refresh);
      // Left meanwhile, in this tab or another: a login that comes late is nobody's.
      if (generation !== this.generation) return;
      if (given !== null && tokens !== null) return this.enter(given.name, tokens, given.refresh);
    } catch (failure) {
      if (generation !== this.generation) return;
      if (failure instanceof LoginRefused) {
        if (this.stood.value !== "lapsed") this.keeping.write(null);
      } else if (this.stood.value === "unknown") return this.lapse(given);
    }
    if (this.stood.value === "unknown") this.stood.value = "out";
  }

  /**
   * `before` stands where Cognito gave no new refresh token, as it does at a renewal. Throws `LoginRefused` where
   * another person's login has lapsed: what they have open is not for whoever comes after them.
   */
  enter(name: string, tokens: Tokens, before: string | null = null): void {
    const subject = subjectOf(tokens.access);
    if (this.stood.value === "lapsed" && this.isOfAnother(subject)) throw new LoginRefused("AnotherPerson");
    const refresh = tokens.refresh ?? before;
    this.access = tokens.access;
    this.subject = subject;
    this.login = refresh === null ? null : { name, refresh };
    this.keeping.write(this.login);
    this.stood.value = "in";
    for (const one of this.forgetWaiting()) one.resolve(tokens.access);
  }

  /** `enter` by what Cognito is asked from now on: throws `LoginRefused` where somebody left before it answered. */
  entering(): (name: string, tokens: Tokens) => void {
    const { generation } = this;
    return (name, tokens) => {
      if (generation !== this.generation) throw left();
      this.enter(name, tokens);
    };
  }

  /** Forget everything; what waited is refused. Returns the refresh token, to be revoked. */
  leave(): string | null {
    const refresh = this.login?.refresh ?? null;
    this.generation++;
    this.access = this.login = this.subject = this.renewing = null;
    this.keeping.write(null);
    this.stood.value = "out";
    for (const one of this.forgetWaiting()) one.reject(left());
    return refresh;
  }

  /** For work of several requests, which must not go on as somebody else. */
  ofThisLogin(): LoginTokens {
    const { generation } = this;
    const stands = (): boolean => generation === this.generation;
    const given = async (asked: () => Promise<string>): Promise<string> => {
      if (!stands()) throw left();
      const token = await asked();
      if (!stands()) throw left();
      return token;
    };
    return { stands, current: () => given(() => this.current()), renewed: (token) => given(() => this.renewed(token)) };
  }

  async current(): Promise<string> {
    if (this.access !== null && secondsLeft(this.access, this.now()) > RENEWED_BEFORE_SECONDS) return this.access;
    return this.renewedOrLogin();
  }

  async renewed(refused: string): Promise<string> {
    // A request of who was in before goes on as nobody else.
    if (this.isOfAnother(subjectOf(refused))) throw left();
    // Another request may have renewed it meanwhile.
    if (this.access !== null && this.access !== refused) return this.access;
    this.access = null;
    return this.renewedOrLogin();
  }

  private renewedOrLogin(): Promise<string> {
    if (this.stood.value === "lapsed" || this.login === null) return this.untilLogin();
    if (this.renewing === null) {
      const renewing = this.renewOnce(this.login.refresh).finally(() => {
        if (this.renewing === renewing) this.renewing = null;
      });
      this.renewing = renewing;
    }
    return this.renewing;
  }

  private async renewOnce(refresh: string): Promise<string> {
    const { generation } = this;
    let tokens: Tokens;
    try {
      tokens = await this.renew(refresh);
    } catch (failure) {
      if (generation !== this.generation) throw left();
      if (!(failure instanceof LoginRefused)) throw failure;
      return this.untilLogin();
    }
    if (generation !== this.generation) throw left();
    this.access = tokens.access;
    return tokens.access;
  }

  /** The page may not look as if nobody were in while a login lies here that the next reload goes on with. */
  private lapse(login: Login | null): void {
    this.login = login;
    this.stood.value = login === null ? "out" : "lapsed";
  }

  private isOfAnother(subject: string | null): boolean {
    return subject !== null && this.subject !== null && subject !== this.subject;
  }

  private untilLogin(): Promise<string> {
    if (this.stood.value === "out") return Promise.reject(left());
    this.stood.value = "lapsed";
    const turn = Promise.withResolvers<string>();
    this.waiting.push(turn);
    return turn.promise;
  }

  private forgetWaiting(): readonly PromiseWithResolvers<string>[] {
    const waiting = this.waiting;
    this.waiting = [];
    return waiting;
  }
}

/** Of a JWT; 0 for what cannot be read, so that it is renewed. The platform judges it, not the page. */
export function secondsLeft(token: string, now: number): number {
  const { exp } = claimsOf(token);
  return typeof exp === "number" ? exp - now / 1000 : 0;
}

/** Who the token is of: it never changes, as names and addresses do. Null for what cannot be read. */
export function subjectOf(token: string): string | null {
  const { sub } = claimsOf(token);
  return typeof sub === "string" && sub !== "" ? sub : null;
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const body = token.split(".")[1] ?? "";
    const told: unknown = JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof told === "object" && told !== null ? (told as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function left(): LoginRefused {
  return new LoginRefused("SessionLeft");
}
