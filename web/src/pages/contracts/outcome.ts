import { useEffect, useState } from "preact/hooks";

import type { ProcessingOutcome, RowStatus } from "../../api/messages.ts";
import { Unreachable } from "../../api/problem.ts";
import { api } from "../../application.ts";
import { followingFrom, isBehind, nextStep, withAnswer, withMore, type Following } from "./outcome-following.ts";

const POLL_MILLISECONDS = 1500;
const POLL_AFTER_FAILURE_MILLISECONDS = 5000;

export interface Followed {
  readonly following: Following;
  /** Why the last question was not answered; an unreachable platform is asked again by itself. */
  readonly failure: unknown;
  readonly retry: () => void;
  readonly more: () => void;
}

/** Follow import `code` until it is over and its rows are there. */
export function useOutcome(code: string, status: RowStatus | ""): Followed {
  const [following, setFollowing] = useState(() => followingFrom(code, status));
  const [failure, setFailure] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const same = following.code === code && following.status === status;
  // The state is the import's, whichever rows of it are shown.
  const current = same ? following : { ...followingFrom(code, status), head: following.head };

  useEffect(() => {
    const controller = new AbortController();
    void follow(current, controller.signal, setFollowing, setFailure);
    return () => controller.abort();
  }, [code, status, current.wanted, attempt]);

  return {
    following: current,
    failure,
    retry: () => setAttempt((before) => before + 1),
    more: () => setFollowing(withMore),
  };
}

async function follow(
  start: Following,
  signal: AbortSignal,
  tell: (following: Following) => void,
  fail: (failure: unknown) => void,
): Promise<void> {
  let following = start;
  for (let step = nextStep(following); step !== null && !signal.aborted; step = nextStep(following)) {
    try {
      const answer = await api.json<ProcessingOutcome>(step.path, { signal });
      if (signal.aborted) return;
      following = withAnswer(following, step, answer);
      tell(following);
      fail(null);
      if (!isBehind(following) && nextStep(following) !== null) await pause(POLL_MILLISECONDS, signal);
    } catch (error) {
      if (signal.aborted) return;
      fail(error);
      if (!(error instanceof Unreachable)) return;
      await pause(POLL_AFTER_FAILURE_MILLISECONDS, signal);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
