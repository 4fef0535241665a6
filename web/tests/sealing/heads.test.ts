import assert from "node:assert/strict";
import test from "node:test";

import { HeadsInMemory, HeadsInStorage, type SeenHeads } from "../../src/sealing/heads.ts";
import { LogSeenInMemory, LogSeenInStorage } from "../../src/sealing/seen-log.ts";
import { SealedInMemory, SealedInStorage } from "../../src/sealing/sealed-here.ts";
import { StorageInMemory } from "./storage.ts";

const EVENT = "202611003";
const head = (counter: number) => ({ counter, digest: `${counter % 10}`.repeat(64) });

const stores: readonly (readonly [string, () => SeenHeads])[] = [
  ["in memory", () => new HeadsInMemory()],
  ["in storage", () => new HeadsInStorage(new StorageInMemory(), "raiz")],
];

for (const [name, made] of stores) {
  test(`heads ${name}: the newest of an event is kept, and an older one does not take its place`, () => {
    const heads = made();
    assert.equal(heads.of(EVENT), null);
    heads.keep(EVENT, head(5));
    heads.keep(EVENT, head(7));
    heads.keep(EVENT, head(6));
    heads.keep("202611002", head(1));
    assert.deepEqual(heads.of(EVENT), head(7));
    assert.deepEqual(heads.of("202611002"), head(1));
  });
}

test("what one tab saw another one knows, and another root does not", () => {
  const storage = new StorageInMemory();
  const [here, there] = [new HeadsInStorage(storage, "a"), new HeadsInStorage(storage, "a")];
  here.keep(EVENT, head(3));
  there.keep(EVENT, head(2));
  assert.deepEqual(there.of(EVENT), head(3));
  assert.equal(new HeadsInStorage(storage, "b").of(EVENT), null);
});

test("a record of heads that is damaged is refused and not forgotten", () => {
  const storage = new StorageInMemory();
  const below = JSON.stringify({ [EVENT]: { contador: -1, resumo: "0".repeat(64) } });
  for (const damaged of ["", "{", "[]", below, `{"${EVENT}":7}`]) {
    storage.setItem("aval.vistos.a", damaged);
    assert.throws(() => new HeadsInStorage(storage, "a").of(EVENT), { code: "MALFORMADO" }, damaged);
  }
});

test("the log of measurements is known as far as it was seen", () => {
  for (const seen of [new LogSeenInMemory(), new LogSeenInStorage(new StorageInMemory(), "a")]) {
    assert.equal(seen.get(), null);
    seen.keep({ count: 2, digest: "2".repeat(64) });
    seen.keep({ count: 1, digest: "1".repeat(64) });
    assert.deepEqual(seen.get(), { count: 2, digest: "2".repeat(64) });
  }
});

test("what was sealed here is known by event and identity", () => {
  for (const known of [new SealedInMemory(), new SealedInStorage(new StorageInMemory(), "a")]) {
    known.add(EVENT, "a".repeat(64));
    known.add(EVENT, "b".repeat(64));
    assert.ok(known.has(EVENT, "a".repeat(64)));
    assert.ok(known.has(EVENT, "b".repeat(64)));
    assert.ok(!known.has(EVENT, "c".repeat(64)));
    assert.ok(!known.has("202611002", "a".repeat(64)));
    assert.throws(() => known.add(EVENT, "A".repeat(64)), { code: "MALFORMADO" });
  }
});

test("of what was sealed here the newest two thousand of an event are kept", () => {
  const storage = new StorageInMemory();
  const identity = (number: number) => number.toString(16).padStart(64, "0");
  const listed = Array.from({ length: 2000 }, (_, number) => identity(number));
  storage.setItem("aval.selados.a", JSON.stringify({ [EVENT]: listed }));
  const known = new SealedInStorage(storage, "a");
  assert.ok(known.has(EVENT, identity(0)));
  known.add(EVENT, identity(2000));
  assert.ok(!known.has(EVENT, identity(0)));
  assert.ok(known.has(EVENT, identity(1)));
  assert.ok(known.has(EVENT, identity(2000)));
});
