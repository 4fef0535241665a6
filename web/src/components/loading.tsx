import type { JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { Failure } from "./notice.tsx";
import { Waiting } from "./progress.tsx";

/** `stale`: an older value is shown while a newer one is on its way, or after it failed to come. */
export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly error: unknown }
  | { readonly state: "ready"; readonly value: T; readonly stale: unknown };

export interface Loading<T> {
  readonly loaded: Loaded<T>;
  readonly reload: () => Promise<void>;
  /** Put a value in place, as the platform has just told it. */
  readonly put: (value: T) => void;
}

/** Load by `load` when the page comes and whenever one of `inputs` changes; an answer that comes late is left. */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
  { every }: { readonly every?: number | null } = {},
): Loading<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  const running = useRef<AbortController | null>(null);
  const latest = useRef(load);
  latest.current = load;

  const reload = useCallback(async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    try {
      const value = await latest.current(controller.signal);
      if (!controller.signal.aborted) setLoaded({ state: "ready", value, stale: null });
    } catch (error) {
      if (controller.signal.aborted) return;
      setLoaded((before) => (before.state === "ready" ? { ...before, stale: error } : { state: "failed", error }));
    } finally {
      if (running.current === controller) running.current = null;
    }
  }, []);

  useEffect(() => {
    setLoaded({ state: "loading" });
    void reload();
    return () => running.current?.abort();
  }, inputs);

  useEffect(() => {
    if (!every) return;
    const timer = setInterval(() => {
      // On a line slower than the beat, an answer that is on its way must be let come.
      if (document.visibilityState === "visible" && running.current === null) void reload();
    }, every);
    return () => clearInterval(timer);
  }, [every, reload]);

  const put = useCallback((value: T) => {
    running.current?.abort();
    setLoaded({ state: "ready", value, stale: null });
  }, []);
  return { loaded, reload, put };
}

export interface ShownProps<T> {
  readonly loading: Loading<T>;
  readonly what: string;
  readonly children: (value: T) => JSX.Element;
}

/** The three states of something that is loaded: on its way, failed with a way on, there. */
export function Shown<T>({ loading, what, children }: ShownProps<T>): JSX.Element {
  const { loaded, reload } = loading;
  if (loaded.state === "loading") return <Waiting>{`Carregando ${what}…`}</Waiting>;
  if (loaded.state === "failed") return <Failure error={loaded.error} onRetry={() => void reload()} />;
  return (
    <>
      {loaded.stale !== null && <Failure error={loaded.stale} onRetry={() => void reload()} />}
      {children(loaded.value)}
    </>
  );
}
