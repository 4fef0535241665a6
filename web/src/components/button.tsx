import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { hrefOf } from "../routing/location.ts";

export interface ButtonProps {
  readonly children: ComponentChildren;
  /** A promise keeps the button busy until it settles: a second click does nothing. */
  readonly onPress?: () => void | Promise<unknown>;
  readonly kind?: "plain" | "primary" | "danger" | "quiet";
  readonly type?: "button" | "submit";
  readonly busy?: boolean;
  readonly disabled?: boolean;
  /** Read instead of the text, where the text alone does not say what it is about. */
  readonly label?: string;
  readonly describedBy?: string;
  /** Where a summary of errors leads to it. */
  readonly id?: string | undefined;
}

export function Button(given: ButtonProps): JSX.Element {
  const [working, setWorking] = useState(false);
  // State is a render late; two clicks of one double click are not.
  const held = useRef(false);
  const busy = working || given.busy === true;
  const off = busy || given.disabled === true;

  async function press(event: Event): Promise<void> {
    if (off || held.current) {
      event.preventDefault();
      return;
    }
    const outcome = given.onPress?.();
    if (!(outcome instanceof Promise)) return;
    held.current = true;
    setWorking(true);
    try {
      await outcome;
    } finally {
      held.current = false;
      setWorking(false);
    }
  }

  return (
    <button
      id={given.id}
      type={given.type ?? "button"}
      class={`button ${given.kind ?? "plain"}`}
      aria-disabled={off}
      aria-busy={busy}
      aria-label={given.label}
      aria-describedby={given.describedBy}
      onClick={(event) => void press(event)}
    >
      {busy && <span class="spinner" aria-hidden="true" />}
      {given.children}
    </button>
  );
}

export interface LinkButtonProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly kind?: "plain" | "primary" | "quiet";
  readonly label?: string;
}

/** Leads to another page, and looks like a button. */
export function LinkButton(given: LinkButtonProps): JSX.Element {
  return (
    <a class={`button ${given.kind ?? "plain"}`} href={hrefOf(given.to)} aria-label={given.label}>
      {given.children}
    </a>
  );
}
