import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { countText } from "../format/numbers.ts";
import { Button } from "./button.tsx";
import { Shown, useLoaded, type Loading } from "./loading.tsx";
import { Failure } from "./notice.tsx";

/** Rows of a list that the platform gives page by page; `next` is null at its end. */
export interface Listed<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

export interface CursorList<T> {
  readonly loading: Loading<Listed<T>>;
  readonly more: () => Promise<void>;
  /** Why the last `more` brought nothing; what was there is still there. */
  readonly failure: unknown;
}

/** The first page when one of `inputs` changes, each further one when it is asked for. */
export function useCursorList<T>(
  load: (cursor: string | null, signal: AbortSignal) => Promise<Listed<T>>,
  inputs: readonly unknown[],
): CursorList<T> {
  const loading = useLoaded((signal) => load(null, signal), inputs);
  const [failure, setFailure] = useState<unknown>(null);
  const following = useRef<AbortController | null>(null);
  useEffect(() => {
    setFailure(null);
    return () => following.current?.abort();
  }, inputs);

  async function more(): Promise<void> {
    if (loading.loaded.state !== "ready") return;
    const { rows, next } = loading.loaded.value;
    if (next === null) return;
    const controller = new AbortController();
    following.current = controller;
    setFailure(null);
    try {
      const page = await load(next, controller.signal);
      if (!controller.signal.aborted) loading.put({ rows: [...rows, ...page.rows], next: page.next });
    } catch (error) {
      if (!controller.signal.aborted) setFailure(error);
    }
  }

  return { loading, more, failure };
}

export interface ListShownProps<T> {
  readonly list: CursorList<T>;
  /** Of what there are rows, in small letters: of one, and of many. */
  readonly one: string;
  readonly what: string;
  readonly empty: JSX.Element;
  readonly children: (rows: readonly T[], next: string | null) => JSX.Element;
}

/** A list that is on its way, failed, empty or there, with how much of it is there and a way to the rest. */
export function ListShown<T>({ list, one, what, empty, children }: ListShownProps<T>): JSX.Element {
  return (
    <Shown loading={list.loading} what={what}>
      {({ rows, next }) =>
        rows.length === 0 && next === null ? (
          <div class="panel empty">{empty}</div>
        ) : (
          <div class="stack tight">
            {children(rows, next)}
            <MoreRows list={list} one={one} what={what} count={rows.length} more={next !== null} />
          </div>
        )
      }
    </Shown>
  );
}

interface MoreRowsProps<T> {
  readonly list: CursorList<T>;
  readonly one: string;
  readonly what: string;
  readonly count: number;
  readonly more: boolean;
}

function MoreRows<T>({ list, one, what, count, more }: MoreRowsProps<T>): JSX.Element {
  const told = `${countText(count)} ${count === 1 ? one : what}`;
  return (
    <>
      {list.failure !== null && <Failure error={list.failure} />}
      <div class="row ends">
        <span class="small soft" role="status">
          {more ? `Mostrando ${told}; há mais.` : `${told}.`}
        </span>
        {more && <Button onPress={list.more}>Carregar mais</Button>}
      </div>
    </>
  );
}
