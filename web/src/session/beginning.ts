import type { Session as WhoAmI } from "../api/messages.ts";
import { api, cognito, person, session } from "../application.ts";
import { openTabs } from "./tabs.ts";

/** Go on with the login of this tab, or of another tab that is open. */
export async function begin(): Promise<void> {
  const tabs = openTabs(session);
  session.standing.subscribe((standing) => {
    if (standing === "out") person.value = null;
  });
  await session.resume();
  if (session.standing.value === "out") {
    const shared = await tabs.ask();
    if (shared !== null) await session.resume(shared);
  }
}

/** Who is logged in, as the platform tells it. */
export async function learnPerson(): Promise<void> {
  person.value = await api.json<WhoAmI>("/sessao");
}

/** Out in every tab, and the login is of no use to anybody any more. */
export async function leave(): Promise<void> {
  const refresh = session.leave();
  if (refresh !== null) await (await cognito()).revoke(refresh);
}
