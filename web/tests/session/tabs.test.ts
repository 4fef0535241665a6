import assert from "node:assert/strict";
import { after, test } from "node:test";

import { LoginRefused } from "../../src/session/cognito.ts";
import { type Login, Session } from "../../src/session/session.ts";
import { openTabs, type Tabs } from "../../src/session/tabs.ts";

const channels: BroadcastChannel[] = [];
after(() => channels.forEach((channel) => channel.close()));

function tab(name: string): { session: Session; tabs: Tabs } {
  const session = new Session({ read: () => null, write: () => undefined }, async (refresh) => {
    if (refresh.startsWith("ended")) throw new LoginRefused("NotAuthorizedException");
    return { access: "access", refresh: null };
  });
  const channel = new BroadcastChannel(name);
  channels.push(channel);
  return { session, tabs: openTabs(session, channel) };
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 200; waited += 1) await new Promise((wake) => setTimeout(wake, 10));
  assert.ok(holds());
}

test("a new tab goes on with the login of one that is open", async () => {
  const [first, second] = [tab("a"), tab("a")];
  first.session.enter("ana", { access: "access", refresh: "r" });
  const login: Login | null = await second.tabs.ask();
  assert.deepEqual(login, { name: "ana", refresh: "r" });
});

test("alone, a new tab is told of no login", async () => {
  assert.equal(await tab("b").tabs.ask(), null);
});

test("leaving one tab leaves them all", async () => {
  const [first, second] = [tab("c"), tab("c")];
  first.session.enter("ana", { access: "access", refresh: "r" });
  second.session.enter("ana", { access: "access", refresh: "r" });
  first.session.leave();
  await until(() => second.session.standing.value === "out");
});

test("logging in again in one tab goes on in the others, for the same person alone", async () => {
  const [first, second, other] = [tab("d"), tab("d"), tab("d")];
  for (const [one, name] of [
    [first, "ana"],
    [second, "ana"],
    [other, "bia"],
  ] as const) {
    one.session.enter(name, { access: "old", refresh: "ended" });
    one.session.current().catch(() => undefined);
    await until(() => one.session.standing.value === "lapsed");
  }
  first.session.enter("ana", { access: "access", refresh: "r2" });
  await until(() => second.session.standing.value === "in");
  assert.equal(other.session.standing.value, "lapsed");
});
