import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

import { Button } from "./button.tsx";

export interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Absent where there is no way out but through. */
  readonly onClose?: () => void;
  /** To be read rather than answered: the focus is on its title, or what has the first button would be scrolled to. */
  readonly wide?: boolean;
}

/** Over everything else and holding the focus, which goes back to where it was. */
export function Dialog({ title, children, onClose, wide }: DialogProps): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = element.current;
    const before = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={`dialog${wide ? " wide" : ""}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <div class="stack">
        <h2 id={heading} {...(wide && { tabIndex: -1, autofocus: true })}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

export interface ConfirmationProps {
  /** A question that names the thing. */
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly confirm: string;
  readonly kind?: "primary" | "danger";
  readonly onConfirm: () => void | Promise<unknown>;
  readonly onCancel: () => void;
}

export function Confirmation(given: ConfirmationProps): JSX.Element {
  return (
    <Dialog title={given.title} onClose={given.onCancel}>
      {given.children}
      <div class="row">
        <Button kind={given.kind ?? "primary"} onPress={given.onConfirm}>
          {given.confirm}
        </Button>
        <Button onPress={given.onCancel}>Voltar</Button>
      </div>
    </Dialog>
  );
}
