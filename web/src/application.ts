import { effect, signal, untracked } from "@preact/signals";

import { ApiClient } from "./api/client.ts";
import type { Configuration, Session as WhoAmI } from "./api/messages.ts";
import { Unreachable } from "./api/problem.ts";
import { Cognito, type CognitoPlace } from "./session/cognito.ts";
import { type Login, Session } from "./session/session.ts";

/** What was deployed beside the page: what its verifier pins (docs/web.md). */
export interface Pinned {
  readonly raiz: string;
  readonly chaveMedidas: string;
  readonly hardware: boolean;
}

const LOGIN_PLACE = "aval.login";
const GIVEN_AT_PLACE = "aval.login.de";

/** Where this tab's login was given, once that was told. */
let givenAt: CognitoPlace | null = null;
let cognitoFound: Promise<Cognito> | null = null;
let pinnedFound: Promise<Pinned> | null = null;

/** Found once; asked again after a failure. */
export function cognito(): Promise<Cognito> {
  cognitoFound ??= open
    .json<Configuration>("/configuracao", { authenticated: false })
    .then((configuration) => {
      givenAt = configuration;
      return new Cognito(configuration);
    })
    .catch((failure: unknown) => {
      cognitoFound = null;
      throw failure;
    });
  return cognitoFound;
}

/**
 * To renew or revoke a login there is. Where it was given is kept beside it, so that a reload need not ask that first;
 * who enters anew does so where the platform tells it now, by `cognito`.
 */
export async function cognitoOfLogin(): Promise<Cognito> {
  givenAt ??= placeOf(sessionStorage.getItem(GIVEN_AT_PLACE));
  return givenAt === null ? cognito() : new Cognito(givenAt);
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
    write: (login) => {
      keep(LOGIN_PLACE, login);
      keep(GIVEN_AT_PLACE, login && givenAt);
    },
  },
  async (refresh) => (await cognitoOfLogin()).renew(refresh),
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

function keep(place: string, value: object | null): void {
  if (value === null) sessionStorage.removeItem(place);
  else sessionStorage.setItem(place, JSON.stringify(value));
}

function placeOf(kept: string | null): CognitoPlace | null {
  const told: unknown = kept === null ? null : JSON.parse(kept);
  return typeof told === "object" && told !== null && "cognitoEndereco" in told && "cognitoCliente" in told
    ? { cognitoEndereco: String(told.cognitoEndereco), cognitoCliente: String(told.cognitoCliente) }
    : null;
}

function loginOf(kept: string | null): Login | null {
  const told: unknown = kept === null ? null : JSON.parse(kept);
  return typeof told === "object" && told !== null && "name" in told && "refresh" in told
    ? { name: String(told.name), refresh: String(told.refresh) }
    : null;
}
