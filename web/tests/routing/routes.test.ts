import assert from "node:assert/strict";
import { test } from "node:test";

import { matched, type Route } from "../../src/routing/routes.ts";

const page = (): null => null;
const ROUTES: readonly Route[] = [
  { path: "/", page },
  { path: "/contratos/consulta", page },
  { path: "/contratos/:id", page },
];

test("finds a page with what its address tells", () => {
  assert.deepEqual(matched(ROUTES, "/contratos/77")?.parameters, { id: "77" });
  assert.deepEqual(matched(ROUTES, "/contratos/a%2Fb")?.parameters, { id: "a/b" });
});

test("an address of its own wins over a pattern after it", () => {
  assert.equal(matched(ROUTES, "/contratos/consulta")?.route.path, "/contratos/consulta");
});

test("takes no address that is longer, shorter or unreadable for a page", () => {
  assert.equal(matched(ROUTES, "/contratos"), null);
  assert.equal(matched(ROUTES, "/contratos/77/montantes"), null);
  assert.deepEqual(matched(ROUTES, "/contratos/%E0%A4%A")?.parameters, { id: "%E0%A4%A" });
});
