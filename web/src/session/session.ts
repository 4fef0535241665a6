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

/** One login of one person. The access token is in memory alone. */
export class Session implements TokenSource {
  private access: string | null = null;
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

  /** What another tab is given so that it need not log in: null where nobody is in. */
  get shareable(): Login | null {
    return this.stood.value === "in" ? this.login : null;
  }

  /** Go on with what this tab kept, or with what another tab gave. */
  async resume(given: Login | null = this.keeping.read()): Promise<void> {
    try {
      if (given !== null) return this.enter(given.name, await this.renew(given.refresh), given.refresh);
    } catch (failure) {
      if (failure instanceof LoginRefused && this.stood.value !== "lapsed") this.keeping.write(null);
    }
    if (this.stood.value === "unknown") this.stood.value = "out";
  }

  /** `before` stands where Cognito gave no new refresh token, as it does at a renewal. */
  enter(name: string, tokens: Tokens, before: string | null = null): void {
    const refresh = tokens.refresh ?? before;
    this.access = tokens.access;
    this.login = refresh === null ? null : { name, refresh };
    this.keeping.write(this.login);
    this.stood.value = "in";
    for (const one of this.forgetWaiting()) one.resolve(tokens.access);
  }

  /** Forget everything; what waited is refused. Returns the refresh token, to be revoked. */
  leave(): string | null {
    const refresh = this.login?.refresh ?? null;
    this.access = this.login = null;
    this.keeping.write(null);
    this.stood.value = "out";
    for (const one of this.forgetWaiting()) one.reject(new LoginRefused("SessionLeft"));
    return refresh;
  }

  async current(): Promise<string> {
    if (this.access !== null && secondsLeft(this.access, this.now()) > RENEWED_BEFORE_SECONDS) return this.access;
    return this.renewedOrLogin();
  }

  async renewed(refused: string): Promise<string> {
    // Another request may have renewed it meanwhile.
    if (this.access !== null && this.access !== refused) return this.access;
    this.access = null;
    return this.renewedOrLogin();
  }

  private renewedOrLogin(): Promise<string> {
    if (this.stood.value === "lapsed" || this.login === null) return this.untilLogin();
    this.renewing ??= this.renewOnce(this.login.refresh).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async renewOnce(refresh: string): Promise<string> {
    try {
      const tokens = await this.renew(refresh);
      this.access = tokens.access;
      return tokens.access;
    } catch (failure) {
      if (!(failure instanceof LoginRefused)) throw failure;
      return this.untilLogin();
    }
  }

  private untilLogin(): Promise<string> {
    if (this.stood.value === "out") return Promise.reject(new LoginRefused("SessionLeft"));
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
  try {
    const body = token.split(".")[1] ?? "";
    const claims = JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/"))) as { exp?: number };
    return (claims.exp ?? 0) - now / 1000;
  } catch {
    return 0;
  }
}
