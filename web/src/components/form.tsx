import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";

export interface Submission {
  readonly busy: boolean;
  /** What the last attempt threw; null before one and while one is under way. */
  readonly failure: unknown;
  /** For a form: what is sent twice is done once. */
  readonly onSubmit: (event: Event) => void;
}

/** `work` is done when the form is sent, never twice at once; it returns early where something is missing. */
export function useSubmission(work: () => Promise<void>): Submission {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
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
    }
  }

  return {
    busy,
    failure,
    onSubmit: (event) => {
      event.preventDefault();
      void submit();
    },
  };
}

export interface FormProps {
  readonly submission: Submission;
  readonly children: ComponentChildren;
}

/** Fields and the button that sends them. What is missing is told by us, beside the field, and not by the browser. */
export function Form({ submission, children }: FormProps): JSX.Element {
  return (
    <form class="stack" noValidate onSubmit={submission.onSubmit}>
      {children}
    </form>
  );
}
