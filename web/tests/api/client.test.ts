import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiClient, type Tokens } from "../../src/api/client.ts";
import { Problem, sentenceOf, transactionOf, Unreachable } from "../../src/api/problem.ts";

const PROBLEM = {
  type: "urn:aval:problema:pedido-recusado",
  title: "Pedido recusado",
  status: 422,
  detail: "Há faltas no pedido.",
  transacao: "5f9b0a52-6e4d-4a9a-8f2c-0d5f4b7a9c01",
  errors: [{ rule: "forma", detail: "falta a senha", pointer: "/senha" }],
};

function answer(status: number, body: unknown, type = "application/json", headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": type, ...headers } });
}

function tokens(): Tokens & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    current: async () => "first",
    renewed: async (refused) => {
      asked.push(refused);
      return "second";
    },
  };
}

function client(answers: Response[], given: Tokens = tokens()): { api: ApiClient; sent: Request[] } {
  const sent: Request[] = [];
  const api = new ApiClient(given, async (path, request) => {
    sent.push(new Request(new URL(String(path), "https://aval.example"), request));
    const next = answers.shift();
    if (next === undefined) throw new TypeError("Failed to fetch");
    return next;
  });
  return { api, sent };
}

test("sends the token and a body, and never a cookie", async () => {
  const { api, sent } = client([answer(200, { n: 1 })]);
  assert.deepEqual(await api.json("/x", { method: "PUT", body: { a: 1 } }), { n: 1 });
  assert.equal(sent[0]?.headers.get("Authorization"), "Bearer first");
  assert.equal(sent[0]?.credentials, "omit");
  assert.deepEqual(await sent[0]?.json(), { a: 1 });
});

for (const status of [401, 403]) {
  test(`asks once more with a new token after the gateway's ${status}`, async () => {
    const given = tokens();
    const { api, sent } = client([answer(status, { message: "Forbidden" }), answer(200, {})], given);
    await api.json("/x");
    assert.deepEqual(given.asked, ["first"]);
    assert.equal(sent[1]?.headers.get("Authorization"), "Bearer second");
  });
}

test("the platform's own 403 is an answer and not a token refused", async () => {
  const given = tokens();
  const { api } = client([answer(403, { ...PROBLEM, status: 403 }, "application/problem+json")], given);
  await assert.rejects(api.json("/x"), Problem);
  assert.deepEqual(given.asked, []);
});

test("a refusal tells sentence, faults and transaction", async () => {
  const { api } = client([answer(422, PROBLEM, "application/problem+json", { "Retry-After": "3" })]);
  const refusal = await api.json("/x").then(
    () => assert.fail("it was refused"),
    (error: unknown) => error as Problem,
  );
  assert.equal(refusal.slug, "pedido-recusado");
  assert.deepEqual(refusal.faults, PROBLEM.errors);
  assert.equal(refusal.retryAfterSeconds, 3);
  assert.equal(sentenceOf(refusal), "Há faltas no pedido.");
  assert.equal(transactionOf(refusal), PROBLEM.transacao);
});

test("an answer that is none of ours is told with the gateway's number", async () => {
  const { api } = client([answer(502, "<html>", "text/html", { "apigw-requestid": "abc=" })]);
  await assert.rejects(api.json("/x"), (error) => error instanceof Unreachable && error.transaction === "abc=");
});

test("no answer, and half an answer, leave a way to ask again", async () => {
  const { api } = client([]);
  await assert.rejects(api.json("/x"), Unreachable);
  const broken = client([new Response("{", { status: 200 })]);
  await assert.rejects(broken.api.json("/x"), Unreachable);
});

test("what the page itself gave up is not told as a failure of the platform", async () => {
  const { api } = client([]);
  const given = new AbortController();
  given.abort();
  await assert.rejects(api.json("/x", { signal: given.signal }), (error) => !(error instanceof Unreachable));
});
