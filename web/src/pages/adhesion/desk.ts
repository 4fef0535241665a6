import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { Verification } from "../../api/messages.ts";
import { verifyFile, type CompanyRecord } from "./record.ts";
import { NOTHING_STAGED, pruned, type Check, type Staged, type StagedFile } from "./staging.ts";

/** As much as one request holds (docs/adhesion.md); a certificate is a thousandth of it. */
const MOST_BYTES = 3_000_000;

export interface Desk {
  readonly staged: Staged;
  setPassword(text: string): void;
  toggleDeletion(fingerprint: string): void;
  add(files: readonly File[]): Promise<void>;
  setWithdrawn(id: string, withdrawn: boolean): void;
  recheck(id: string): void;
  clear(): void;
  /** What is staged once every file has its verdict. */
  settled(): Promise<Staged>;
}

/** What is put together for one company. A file is judged when it comes, and again when deletions change its verdict. */
export function useDesk(record: CompanyRecord): Desk {
  const [staged, setStaged] = useState<Staged>(NOTHING_STAGED);
  const bench = useMemo(() => new Bench(setStaged), []);
  useEffect(() => () => bench.leave(), [bench]);
  const first = useRef(true);
  const deletions = staged.deletions.join();
  useEffect(() => {
    bench.follow(record);
    if (!first.current) bench.recheckAll();
    first.current = false;
  }, [record.company.cnpj, record.version, deletions]);
  return { staged, ...bench.acts };
}

/** Holds what is staged beside the rendering, so that work that ends later sees it as it is then. */
class Bench {
  private staged: Staged = NOTHING_STAGED;
  private record: CompanyRecord | null = null;
  private made = 0;
  private readonly running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  private readonly show: (staged: Staged) => void;
  readonly acts: Omit<Desk, "staged">;

  constructor(show: (staged: Staged) => void) {
    this.show = show;
    this.acts = {
      setPassword: (password) => this.put({ ...this.staged, password }),
      toggleDeletion: (fingerprint) => this.toggle(fingerprint),
      add: (files) => this.add(files),
      setWithdrawn: (id, withdrawn) => this.setWithdrawn(id, withdrawn),
      recheck: (id) => this.check(id),
      clear: () => this.clear(),
      settled: () => this.settled(),
    };
  }

  follow(record: CompanyRecord): void {
    this.record = record;
    this.put(pruned(this.staged, record.company));
  }

  leave(): void {
    for (const { stop } of this.running.values()) stop.abort();
    this.running.clear();
  }

  recheckAll(): void {
    for (const file of this.staged.files) if (!file.withdrawn) this.check(file.id);
  }

  private toggle(fingerprint: string): void {
    const { deletions } = this.staged;
    const staysOut = deletions.includes(fingerprint);
    const next = staysOut ? deletions.filter((one) => one !== fingerprint) : [...deletions, fingerprint];
    this.put({ ...this.staged, deletions: next });
  }

  private async add(files: readonly File[]): Promise<void> {
    for (const file of files) {
      const staged = await stagedFile(`arquivo-${++this.made}`, file);
      this.put({ ...this.staged, files: [...this.staged.files, staged] });
      if (staged.check.state === "checking") this.check(staged.id);
    }
  }

  private setWithdrawn(id: string, withdrawn: boolean): void {
    this.change(id, { withdrawn });
    if (withdrawn) this.running.get(id)?.stop.abort();
    else this.check(id);
  }

  private clear(): void {
    this.leave();
    this.put(NOTHING_STAGED);
  }

  private check(id: string): void {
    const file = this.staged.files.find((one) => one.id === id);
    if (file === undefined || this.record === null || file.content === "") return;
    this.running.get(id)?.stop.abort();
    const stop = new AbortController();
    this.change(id, { check: { state: "checking" } });
    const asked = verifyFile(this.record.company.cnpj, file, this.staged.deletions, stop.signal);
    const done = judged(asked).then((check) => {
      if (this.running.get(id)?.stop === stop) this.running.delete(id);
      if (!stop.signal.aborted) this.change(id, { check });
    });
    this.running.set(id, { stop, done });
  }

  private async settled(): Promise<Staged> {
    // A check that is begun meanwhile is waited for, too.
    while (this.running.size > 0) await Promise.all([...this.running.values()].map((one) => one.done));
    return this.staged;
  }

  private change(id: string, changed: Partial<StagedFile>): void {
    const files = this.staged.files.map((file) => (file.id === id ? { ...file, ...changed } : file));
    this.put({ ...this.staged, files });
  }

  private put(staged: Staged): void {
    this.staged = staged;
    this.show(staged);
  }
}

async function judged(asked: Promise<Verification>): Promise<Check> {
  try {
    return { state: "judged", verification: await asked };
  } catch (error) {
    return { state: "failed", error };
  }
}

async function stagedFile(id: string, file: File): Promise<StagedFile> {
  const known = { id, name: file.name, size: file.size, withdrawn: false };
  if (file.size > MOST_BYTES) return { ...known, content: "", check: tooLarge(file.size) };
  if (file.size === 0) return { ...known, content: "", check: EMPTY };
  try {
    return { ...known, content: base64(new Uint8Array(await file.arrayBuffer())), check: { state: "checking" } };
  } catch {
    const detail = `Não foi possível ler ${file.name}. Retire-o e escolha o arquivo de novo.`;
    return { ...known, content: "", check: { state: "failed", error: { detail } } };
  }
}

const EMPTY = refused("formato", "o arquivo está vazio; escolha o arquivo .cer");

function tooLarge(size: number): Check {
  return refused("tamanho", `o arquivo tem ${size} bytes e não é um certificado; escolha o arquivo .cer`);
}

function refused(regra: "tamanho" | "formato", detalhe: string): Check {
  return { state: "judged", verification: { aceito: false, regras: [{ regra, ok: false, detalhe }], avisos: [] } };
}

function base64(bytes: Uint8Array): string {
  let text = "";
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
