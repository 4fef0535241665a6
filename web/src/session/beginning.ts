import { ApiClient } from "../api/client.ts";
import type { Session as WhoAmI } from "../api/messages.ts";
import { Problem, Unreachable } from "../api/problem.ts";
import { cognitoOfLogin, person, session } from "../application.ts";
import { LoginRefused } from "./cognito.ts";
import { openTabs } from "./tabs.ts";

/** Go on with the login of this tab, or of another tab that is open. */
export async function begin(): Promise<void> {
  const tabs = openTabs(session);
  // A page that the browser put aside whole was told of nothing that happened meanwhile.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });
  await session.resume();
  if (session.standing.value === "out") {
    const shared = await tabs.ask();
    if (shared !== null) await session.resume(shared);
  }
}

/** Who is logged in, as the platform tells it. */
export async function learnPerson(): Promise<void> {
  const login = session.ofThisLogin();
  const told = await new ApiClient(login).json<WhoAmI>("/sessao");
  if (login.stands()) person.value = told;
}

/** Out in every tab, and the login is of no use to anybody any more. */
export async function leave(): Promise<void> {
  const refresh = session.leave();
  if (refresh === null) return;
  try {
    await (await cognitoOfLogin()).revoke(refresh);
  } catch (failure) {
    // Whoever leaves is out all the same: without a line the token ends by itself, and lies nowhere here.
    if (!(failure instanceof Unreachable || failure instanceof LoginRefused || failure instanceof Problem)) throw failure;
  }
}
