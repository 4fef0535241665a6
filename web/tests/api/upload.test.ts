import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Unreachable } from "../../src/api/problem.ts";
import { sha256Of, uploadForm, type UploadProgress } from "../../src/api/upload.ts";

/** As much of XMLHttpRequest as a form needs; the test says what comes of it. */
class Wire {
  static last: Wire | null = null;
  readonly upload: { onprogress?: (told: { loaded: number; total: number }) => void } = {};
  onloadend: (() => void) | null = null;
  status = 0;
  timeout = 0;
  opened = "";
  form: FormData | null = null;

  constructor() {
    Wire.last = this;
  }

  open(method: string, url: string): void {
    this.opened = `${method} ${url}`;
  }

  send(form: FormData): void {
    this.form = form;
  }

  abort(): void {
    this.end(0);
  }

  end(status: number): void {
    this.status = status;
    this.onloadend?.();
  }
}

Object.assign(globalThis, { XMLHttpRequest: Wire });
afterEach(() => {
  Wire.last = null;
});

const file = new Blob(["<a/>"]);

function wire(): Wire {
  assert.ok(Wire.last);
  return Wire.last;
}

test("a file goes after the form's fields, in their order", async () => {
  const sent = uploadForm("https://bucket/", { key: "a", policy: "b" }, file);
  assert.equal(wire().opened, "POST https://bucket/");
  assert.deepEqual([...(wire().form?.keys() ?? [])], ["key", "policy", "file"]);
  wire().end(204);
  await sent;
});

test("progress counts the file's bytes and not those of the form around it", async () => {
  const told: UploadProgress[] = [];
  const sent = uploadForm("https://bucket/", {}, file, { onProgress: (progress) => told.push(progress) });
  wire().upload.onprogress?.({ loaded: 50, total: 104 });
  wire().upload.onprogress?.({ loaded: 102, total: 104 });
  wire().upload.onprogress?.({ loaded: 104, total: 104 });
  wire().end(201);
  await sent;
  assert.deepEqual(told, [
    { sent: 0, of: 4 },
    { sent: 2, of: 4 },
    { sent: 4, of: 4 },
  ]);
});

for (const [status, words] of [
  [0, "interrompido"],
  [400, "tamanho"],
  [403, "prazo"],
  [503, "503"],
] as const) {
  test(`an answer of ${status} is told as a sentence`, async () => {
    const sent = uploadForm("https://bucket/", {}, file);
    wire().end(status);
    await assert.rejects(sent, (failure) => failure instanceof Unreachable && failure.detail.includes(words));
  });
}

test("what was aborted ends with the abort's own reason", async () => {
  const controller = new AbortController();
  const sent = uploadForm("https://bucket/", {}, file, { signal: controller.signal });
  controller.abort(new Error("cancelado"));
  await assert.rejects(sent, /cancelado/);
});

test("what was aborted before it began sends nothing", async () => {
  await assert.rejects(uploadForm("https://bucket/", {}, file, { signal: AbortSignal.abort(new Error("antes")) }), /antes/);
  assert.equal(Wire.last, null);
});

test("a digest is the file's SHA-256 in small hex", async () => {
  const known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.equal(await sha256Of(new Blob(["abc"])), known);
});
