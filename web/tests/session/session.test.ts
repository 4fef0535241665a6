import assert from "node:assert/strict";
import { test } from "node:test";

import { LoginRefused, type Tokens } from "../../src/session/cognito.ts";
import { type Login, secondsLeft, Session } from "../../src/session/session.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");

function token(seconds: number, mark = "x"): string {
  const body = Buffer.from(JSON.stringify({ exp: NOW / 1000 + seconds, mark })).toString("base64url");
  return `e30.${body}.sig`;
}

function of(subject: string, seconds: number): string {
  const body = Buffer.from(JSON.stringify({ exp: NOW / 1000 + seconds, sub: subject })).toString("base64url");
  return `e30.${body}.sig`;
}

interface Made {
  readonly session: Session;
  readonly kept: (Login | null)[];
  readonly renewals: string[];
}

function made(renew: (refresh: string) => Promise<Tokens>, start: Login | null = null): Made {
  const kept: (Login | null)[] = [start];
  const renewals: string[] = [];
  const session = new Session(
    { read: () => kept.at(-1) ?? null, write: (login) => kept.push(login) },
    (refresh) => {
      renewals.push(refresh);
      return renew(refresh);
    },
    () => NOW,
  );
  return { session, kept, renewals };
}

const never = (): Promise<Tokens> => Promise.reject(new Error("nobody asked for this"));
const refused = (): Promise<Tokens> => Promise.reject(new LoginRefused("NotAuthorizedException"));

test("a token that lasts is given as it is", async () => {
  const { session } = made(never);
  session.enter("ana", { access: token(600), refresh: "r" });
  assert.equal(await session.current(), token(600));
});

test("a token about to end is renewed once for all who ask at the same time", async () => {
  const { session, renewals } = made(async () => ({ access: token(3600, "new"), refresh: null }));
  session.enter("ana", { access: token(30), refresh: "r" });
  const both = await Promise.all([session.current(), session.current()]);
  assert.deepEqual(both, [token(3600, "new"), token(3600, "new")]);
  assert.deepEqual(renewals, ["r"]);
});

test("a login that ended holds what waits until somebody logs in again", async () => {
  const { session } = made(refused);
  session.enter("ana", { access: token(30), refresh: "r" });
  const waiting = session.current();
  await new Promise(setImmediate);
  assert.equal(session.standing.value, "lapsed");
  assert.equal(session.name, "ana");
  session.enter("ana", { access: token(3600, "again"), refresh: "r2" });
  assert.equal(await waiting, token(3600, "again"));
  assert.equal(session.standing.value, "in");
});

test("leaving refuses what waited and forgets everything", async () => {
  const { session, kept } = made(refused);
  session.enter("ana", { access: token(30), refresh: "r" });
  const waiting = session.current();
  await new Promise(setImmediate);
  assert.equal(session.leave(), "r");
  await assert.rejects(waiting, LoginRefused);
  assert.equal(kept.at(-1), null);
  assert.equal(session.shareable, null);
  await assert.rejects(session.current(), LoginRefused);
});

test("a line that fails while renewing ends no login", async () => {
  const { session } = made(() => Promise.reject(new TypeError("offline")));
  session.enter("ana", { access: token(30), refresh: "r" });
  await assert.rejects(session.current(), TypeError);
  assert.equal(session.standing.value, "in");
});

test("a reload goes on with the login of its tab, and keeps the refresh token", async () => {
  const start = { name: "ana", refresh: "r" };
  const { session, kept } = made(async () => ({ access: token(3600), refresh: null }), start);
  assert.equal(session.isKept, true);
  await session.resume();
  assert.equal(session.standing.value, "in");
  assert.deepEqual(kept.at(-1), start);
});

test("a reload with a login that ended begins at the entrance, and forgets it", async () => {
  const { session, kept } = made(refused, { name: "ana", refresh: "r" });
  await session.resume();
  assert.equal(session.standing.value, "out");
  assert.equal(session.isKept, false);
  assert.equal(kept.at(-1), null);
});

test("a reload without a line keeps the login, and says whose it is instead of looking as if nobody were in", async () => {
  const { session, kept } = made(() => Promise.reject(new TypeError("offline")), { name: "ana", refresh: "r" });
  await session.resume();
  assert.equal(session.standing.value, "lapsed");
  assert.equal(session.name, "ana");
  assert.deepEqual(kept, [{ name: "ana", refresh: "r" }]);
  assert.equal(session.leave(), "r");
  assert.equal(kept.at(-1), null);
});

test("a reload that is still renewing when another tab leaves brings the login back in neither", async () => {
  const answer = Promise.withResolvers<Tokens>();
  const { session, kept } = made(() => answer.promise, { name: "ana", refresh: "r" });
  const resumed = session.resume();
  session.leave();
  answer.resolve({ access: token(3600), refresh: null });
  await resumed;
  assert.equal(session.standing.value, "out");
  assert.equal(kept.at(-1), null);
});

test("a renewal that ends after leaving gives nobody a token, and never the next person another's", async () => {
  const answer = Promise.withResolvers<Tokens>();
  const { session } = made(() => answer.promise);
  session.enter("ana", { access: of("ana", 30), refresh: "r" });
  const waiting = assert.rejects(session.current(), { kind: "SessionLeft" });
  session.leave();
  session.enter("bia", { access: of("bia", 600), refresh: "s" });
  answer.resolve({ access: of("ana", 3600), refresh: null });
  await waiting;
  assert.equal(await session.current(), of("bia", 600));
});

test("the next person's token is renewed by their own login, while one of the former's is still on its way", async () => {
  const answers = new Map(["r", "s"].map((refresh) => [refresh, Promise.withResolvers<Tokens>()]));
  const { session } = made((refresh) => answers.get(refresh)?.promise ?? never());
  session.enter("ana", { access: of("ana", 30), refresh: "r" });
  const former = assert.rejects(session.current(), { kind: "SessionLeft" });
  session.leave();
  session.enter("bia", { access: of("bia", 30), refresh: "s" });
  const next = session.current();
  answers.get("r")?.resolve({ access: of("ana", 3600), refresh: null });
  answers.get("s")?.resolve({ access: of("bia", 3600), refresh: null });
  await former;
  assert.equal(await next, of("bia", 3600));
});

test("a request of who left is not sent again as whoever came next", async () => {
  const { session } = made(never);
  session.enter("ana", { access: of("ana", 600), refresh: "r" });
  session.leave();
  session.enter("bia", { access: of("bia", 600), refresh: "s" });
  await assert.rejects(session.renewed(of("ana", 600)), { kind: "SessionLeft" });
});

test("a login that is answered after leaving brings nobody in, and one begun after it does", () => {
  const { session, kept } = made(never);
  session.enter("ana", { access: of("ana", 30), refresh: "r" });
  const late = session.entering();
  session.leave();
  assert.throws(() => late("ana", { access: of("ana", 600), refresh: "r2" }), { kind: "SessionLeft" });
  assert.equal(session.standing.value, "out");
  assert.equal(kept.at(-1), null);
  session.entering()("bia", { access: of("bia", 600), refresh: "s" });
  assert.equal(session.standing.value, "in");
});

test("work of several requests ends with the login that it was begun in", async () => {
  const { session } = made(never);
  session.enter("ana", { access: of("ana", 600), refresh: "r" });
  const tokens = session.ofThisLogin();
  assert.equal(await tokens.current(), of("ana", 600));
  session.leave();
  await assert.rejects(tokens.current(), { kind: "SessionLeft" });
  session.enter("ana", { access: of("ana", 600), refresh: "r2" });
  assert.equal(tokens.stands(), false);
  await assert.rejects(tokens.current(), { kind: "SessionLeft" });
  await assert.rejects(tokens.renewed(of("ana", 600)), { kind: "SessionLeft" });
});

test("work goes on after a login that lapsed, for the same person alone", async () => {
  const { session } = made(refused);
  session.enter("ana", { access: of("ana", 30), refresh: "r" });
  const tokens = session.ofThisLogin();
  const waiting = tokens.current();
  await new Promise(setImmediate);
  assert.throws(() => session.enter("ana", { access: of("bia", 600), refresh: "s" }), { kind: "AnotherPerson" });
  assert.equal(session.standing.value, "lapsed");
  session.enter("ana", { access: of("ana", 600), refresh: "r2" });
  assert.equal(await waiting, of("ana", 600));
});

test("a token refused by the platform is not given again", async () => {
  const { session } = made(async () => ({ access: token(3600, "new"), refresh: null }));
  session.enter("ana", { access: token(600), refresh: "r" });
  assert.equal(await session.renewed(token(600)), token(3600, "new"));
  assert.equal(await session.renewed("an older one"), token(3600, "new"));
});

test("what is no token has no time left", () => {
  assert.equal(secondsLeft("rubbish", NOW), 0);
  assert.ok(Math.abs(secondsLeft(token(90), NOW) - 90) < 0.001);
});
