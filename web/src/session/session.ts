import { signal, type ReadonlySignal } from "@preact/signals";

import type { Tokens as TokenSource } from "../api/client.ts";
import { LoginRefused, type Tokens } from "./cognito.ts";

/** `lapsed`: whoever was in must log in again, and what waits for a token goes on after that. */
export type Standing = "unknown" | "out" | "in" | "lapsed";

/** Where a login lies between two loads of the page: this tab alone, gone when it closes. */
export interface Keeping {
  read(): string | null;
  write(refresh: string | null): void;
}

export type Renewal = (refresh: string) => Promise<Tokens>;

const RENEWED_BEFORE_SECONDS = 60;

/** One login of one person. The access token is in memory alone. */
export class Session implements TokenSource {
  private access: string | null = null;
  private refresh: string | null = null;
  private renewing: Promise<string> | null = null;
  private waiting: ((token: string) => void)[] = [];
  private refusing: ((reason: Error) => void)[] = [];
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

  /** What another tab is given so that it need not log in: null where nobody is in. */
  get shareable(): string | null {
    return this.stood.value === "in" ? this.refresh : null;
  }

  /** Go on with what this tab kept, or what another tab gave. */
  async resume(given: string | null = this.keeping.read()): Promise<void> {
    if (given === null) {
      this.stood.value = "out";
      return;
    }
    this.refresh = given;
    try {
      const tokens = await this.renew(given);
      this.enter({ ...tokens, refresh: tokens.refresh ?? given });
    } catch (failure) {
      this.refresh = null;
      if (failure instanceof LoginRefused) this.keeping.write(null);
      this.stood.value = "out";
    }
  }

  enter(tokens: Tokens): void {
    this.access = tokens.access;
    this.refresh = tokens.refresh ?? this.refresh;
    this.keeping.write(this.refresh);
    this.stood.value = "in";
    const waiting = this.waiting;
    this.forgetWaiting();
    for (const goOn of waiting) goOn(tokens.access);
  }

  /** Forget everything; what waited is refused. Returns the refresh token, to be revoked. */
  leave(): string | null {
    const refresh = this.refresh;
    const refusing = this.refusing;
    this.access = this.refresh = null;
    this.keeping.write(null);
    this.forgetWaiting();
    this.stood.value = "out";
    for (const refuse of refusing) refuse(new LoginRefused("SessionLeft"));
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

  private async renewedOrLogin(): Promise<string> {
    if (this.stood.value === "lapsed" || this.refresh === null) return this.untilLogin();
    this.renewing ??= this.renewOnce(this.refresh).finally(() => {
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
    return new Promise((goOn, refuse) => {
      this.waiting.push(goOn);
      this.refusing.push(refuse);
    });
  }

  private forgetWaiting(): void {
    this.waiting = [];
    this.refusing = [];
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
