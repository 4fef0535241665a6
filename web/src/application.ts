import { effect, signal, untracked } from "@preact/signals";

import { ApiClient } from "./api/client.ts";
import type { Configuration, Session as WhoAmI } from "./api/messages.ts";
import { Unreachable } from "./api/problem.ts";
import { Cognito } from "./session/cognito.ts";
import { type Login, Session } from "./session/session.ts";

/** What was deployed beside the page: what its verifier pins (docs/web.md). */
export interface Pinned {
  readonly raiz: string;
  readonly chaveMedidas: string;
  readonly hardware: boolean;
}

const LOGIN_PLACE = "aval.login";

let cognitoFound: Promise<Cognito> | null = null;
let pinnedFound: Promise<Pinned> | null = null;

/** Found once; asked again after a failure. */
export function cognito(): Promise<Cognito> {
  cognitoFound ??= open
    .json<Configuration>("/configuracao", { authenticated: false })
    .then((configuration) => new Cognito(configuration))
    .catch((failure: unknown) => {
      cognitoFound = null;
      throw failure;
    });
  return cognitoFound;
}

export function pinned(): Promise<Pinned> {
  pinnedFound ??= open.json<Pinned>("/pagina.json", { authenticated: false }).catch((failure: unknown) => {
    pinnedFound = null;
    throw failure;
  });
  return pinnedFound;
}

export const session = new Session(
  {
    read: () => loginOf(sessionStorage.getItem(LOGIN_PLACE)),
    write: (login) =>
      login === null
        ? sessionStorage.removeItem(LOGIN_PLACE)
        : sessionStorage.setItem(LOGIN_PLACE, JSON.stringify(login)),
  },
  async (refresh) => (await cognito()).renew(refresh),
);

/** The platform, as the person who is logged in. */
export const api = new ApiClient(session);

/** Who is logged in and for whom they answer; null until the platform has told. */
export const person = signal<WhoAmI | null>(null);

/** The platform as whoever is logged in now: refused once they have left, for work that goes on over several requests. */
export function apiOfThisLogin(): ApiClient {
  return new ApiClient(session.ofThisLogin());
}

/** What a module keeps of who is logged in goes when they leave: somebody else may come next. */
export function whenLeft(forget: () => void): void {
  effect(() => {
    if (session.standing.value === "out") untracked(forget);
  });
}

whenLeft(() => {
  person.value = null;
});

const open = new ApiClient({
  current: () => Promise.reject(new Unreachable("Este pedido não leva login.")),
  renewed: () => Promise.reject(new Unreachable("Este pedido não leva login.")),
});

function loginOf(kept: string | null): Login | null {
  const told: unknown = kept === null ? null : JSON.parse(kept);
  return typeof told === "object" && told !== null && "name" in told && "refresh" in told
    ? { name: String(told.name), refresh: String(told.refresh) }
    : null;
}
