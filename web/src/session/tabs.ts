import type { Session } from "./session.ts";

type Word = { readonly kind: "who" } | { readonly kind: "login"; readonly refresh: string } | { readonly kind: "left" };

const ANSWER_MILLISECONDS = 150;

/** Tabs of one browser tell one another of their login, and of its end; nothing is written down for it. */
export interface Tabs {
  ask(): Promise<string | null>;
}

export function openTabs(session: Session, channel = new BroadcastChannel("aval.sessao")): Tabs {
  let before = session.standing.value;
  let answered: ((refresh: string | null) => void) | null = null;
  session.standing.subscribe((now) => {
    if (before !== "out" && before !== "unknown" && now === "out") say({ kind: "left" });
    if (before === "lapsed" && now === "in") offer();
    before = now;
  });
  channel.addEventListener("message", ({ data }: MessageEvent<Word>) => {
    if (data.kind === "who") offer();
    else if (data.kind === "login") take(data.refresh);
    else if (session.standing.value !== "out") {
      before = "out";
      session.leave();
    }
  });

  function take(refresh: string): void {
    if (answered !== null) answered(refresh);
    else if (session.standing.value === "lapsed") void session.resume(refresh);
  }

  function offer(): void {
    const refresh = session.shareable;
    if (refresh !== null) say({ kind: "login", refresh });
  }

  function say(word: Word): void {
    channel.postMessage(word);
  }

  return {
    ask: () =>
      new Promise((resolve) => {
        answered = (refresh) => {
          answered = null;
          resolve(refresh);
        };
        say({ kind: "who" });
        setTimeout(() => answered?.(null), ANSWER_MILLISECONDS);
      }),
  };
}
