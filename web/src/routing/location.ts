import { signal } from "@preact/signals";

/** Where the person is: behind the `#`, so that it is in no request and in no server's log. */
export const path = signal(current());

/** Asked before a page with unsaved work is left; true lets go. */
let guard: (() => Promise<boolean>) | null = null;

export function follow(): void {
  addEventListener("hashchange", () => void arrive());
}

export function go(to: string): void {
  location.hash = to;
}

export function hrefOf(to: string): string {
  return `#${to}`;
}

/** Ask `mayLeave` before the page changes; null asks nothing any more. */
export function guardLeaving(mayLeave: (() => Promise<boolean>) | null): void {
  guard = mayLeave;
}

/** Asks whoever guards unsaved work before a page changes without a change of its address; true lets go. */
export async function mayLeave(): Promise<boolean> {
  return guard === null || guard();
}

async function arrive(): Promise<void> {
  const next = current();
  if (next === path.value) return;
  if (guard !== null) {
    const asked = guard;
    // The address goes back at once and forward again when the person agrees.
    history.replaceState(null, "", hrefOf(path.value));
    if (!(await asked())) return;
    guard = null;
    history.replaceState(null, "", hrefOf(next));
  }
  path.value = next;
  scrollTo(0, 0);
}

function current(): string {
  const hash = location.hash.slice(1);
  return hash.startsWith("/") ? hash : "/";
}
