import type { Login, Session } from "./session.ts";

type Word = { readonly kind: "who" } | { readonly kind: "login"; readonly login: Login } | { readonly kind: "left" };

const ANSWER_MILLISECONDS = 150;

/** Tabs of one browser tell one another of their login, and of its end; nothing is written down for it. */
export interface Tabs {
  ask(): Promise<Login | null>;
}

export function openTabs(session: Session, channel = new BroadcastChannel("aval.sessao")): Tabs {
  let before = session.standing.value;
  let answered: ((login: Login | null) => void) | null = null;
  session.standing.subscribe((now) => {
    if (before !== "out" && before !== "unknown" && now === "out") say({ kind: "left" });
    if (before === "lapsed" && now === "in") offer();
    before = now;
  });
  channel.addEventListener("message", ({ data }: MessageEvent<Word>) => {
    if (data.kind === "who") offer();
    else if (data.kind === "login") take(data.login);
    else if (session.standing.value !== "out") {
      before = "out";
      session.leave();
    }
  });

  function take(login: Login): void {
    if (answered !== null) answered(login);
    else if (session.standing.value === "lapsed" && login.name === session.name) void session.resume(login);
  }

  function offer(): void {
    const login = session.shareable;
    if (login !== null) say({ kind: "login", login });
  }

  function say(word: Word): void {
    channel.postMessage(word);
  }

  return {
    ask: () =>
      new Promise((resolve) => {
        answered = (login) => {
          answered = null;
          resolve(login);
        };
        say({ kind: "who" });
        setTimeout(() => answered?.(null), ANSWER_MILLISECONDS);
      }),
  };
}
