import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export interface Submission {
  readonly busy: boolean;
  /** What the last attempt threw; null before one and while one is under way. */
  readonly failure: unknown;
  /** How many have come to an end. */
  readonly attempts: number;
  /** For a form: what is sent twice is done once. */
  readonly onSubmit: (event: Event) => void;
}

/** `work` is done when the form is sent, never twice at once; it returns early where something is missing. */
export function useSubmission(work: () => Promise<void>): Submission {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempts, setAttempts] = useState(0);
  // State is a render late; two presses of one double click are not.
  const held = useRef(false);

  async function submit(): Promise<void> {
    if (held.current) return;
    held.current = true;
    setFailure(null);
    setBusy(true);
    try {
      await work();
    } catch (error) {
      setFailure(error);
    } finally {
      held.current = false;
      setBusy(false);
      setAttempts((before) => before + 1);
    }
  }

  return {
    busy,
    failure,
    attempts,
    onSubmit: (event) => {
      event.preventDefault();
      void submit();
    },
  };
}

export interface FormProps {
  readonly submission: Submission;
  readonly children: ComponentChildren;
  /** Comes in the place of what had the focus: its first field takes it. */
  readonly inPlace?: boolean;
}

/**
 * Fields and the button that sends them. What is missing is told by us, beside the field, and not by the browser: as
 * the browser would, the first field that has something wrong takes the focus, and its sentence is read with it.
 */
export function Form({ submission, children, inPlace }: FormProps): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const focusOn = (field: string): void => form.current?.querySelector<HTMLElement>(field)?.focus();
  useEffect(() => {
    if (inPlace) focusOn("input:not([readonly])");
  }, []);
  useEffect(() => {
    if (submission.attempts > 0) focusOn('[aria-invalid="true"]');
  }, [submission.attempts]);
  return (
    <form class="stack" noValidate onSubmit={submission.onSubmit} ref={form}>
      {children}
    </form>
  );
}
