import assert from "node:assert/strict";
import { test } from "node:test";

import type { Configuration } from "../../src/api/messages.ts";
import { Cognito, LoginRefused } from "../../src/session/cognito.ts";

const CONFIGURATION = { cognitoEndereco: "https://login.example/", cognitoCliente: "pagina" } as Configuration;

/** What somebody is told whose login Cognito answers with `told`. */
async function refusalOf(told: object): Promise<LoginRefused> {
  const answering: typeof fetch = () => Promise.resolve(Response.json(told, { status: 400 }));
  try {
    await new Cognito(CONFIGURATION, answering).enter("ana@empresa.example", "uma-senha");
  } catch (error) {
    if (error instanceof LoginRefused) return error;
    throw error;
  }
  assert.fail("it was let in");
}

const NOT_AUTHORIZED = "NotAuthorizedException";

for (const [message, told] of [
  ["Incorrect username or password.", /não confere/],
  ["Temporary password has expired and must be reset by an administrator.", /provisória venceu\. Peça outra/],
  ["Password attempts exceeded", /tentativas demais/],
  [undefined, /não confere/],
] as const) {
  test(`a login refused with ${JSON.stringify(message)} is told as what it is`, async () => {
    assert.match((await refusalOf({ __type: NOT_AUTHORIZED, message })).detail, told);
  });
}

test("a message counts for the refusal that has it alone", async () => {
  const refused = await refusalOf({ __type: "com.amazonaws#ExpiredCodeException", message: "Password attempts exceeded" });
  assert.equal(refused.kind, "ExpiredCodeException");
  assert.match(refused.detail, /já foi usado\. Peça outra mensagem/);
});

test("a refusal that nobody knows still says what to do", async () => {
  assert.match((await refusalOf({})).detail, /Tente de novo/);
});
