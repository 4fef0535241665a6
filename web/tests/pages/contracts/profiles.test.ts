import assert from "node:assert/strict";
import { test } from "node:test";

import { session } from "../../../src/application.ts";
import { siglas, wantSigla } from "../../../src/pages/contracts/profiles.ts";
import { StorageInMemory } from "../../sealing/storage.ts";

Object.defineProperty(globalThis, "sessionStorage", { value: new StorageInMemory() });

function enter(name: string): void {
  const body = Buffer.from(JSON.stringify({ exp: Date.now() / 1000 + 3600, sub: name })).toString("base64url");
  session.enter(name, { access: `e30.${body}.sig`, refresh: null });
}

async function settled(): Promise<void> {
  await new Promise(setImmediate);
}

/** What the platform is asked from now on; each request is answered by hand. */
function asked(context: { mock: typeof import("node:test").mock }): PromiseWithResolvers<Response>[] {
  const requests: PromiseWithResolvers<Response>[] = [];
  context.mock.method(globalThis, "fetch", () => {
    const request = Promise.withResolvers<Response>();
    requests.push(request);
    return request.promise;
  });
  return requests;
}

function naming(codigo: number, sigla: string): Response {
  return Response.json({ perfis: [{ codigo, sigla }], proxima: null });
}

test("siglas that were asked for by who left are not kept for who comes next", async (context) => {
  const requests = asked(context);
  enter("ana");
  wantSigla(1);
  await settled();
  session.leave();
  enter("bia");
  requests[0]?.resolve(naming(1, "DE ANA"));
  await settled();
  assert.deepEqual([...siglas.value], []);
  wantSigla(1);
  await settled();
  requests[1]?.resolve(naming(1, "DE BIA"));
  await settled();
  assert.deepEqual([...siglas.value], [[1, "DE BIA"]]);
});
