import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { guardLeaving } from "../routing/location.ts";
import { Confirmation } from "./dialog.tsx";

/** While `unsaved`, leaving this page asks first, and closing the window asks in the browser's own way. */
export function LeaveGuard({ unsaved, what }: { readonly unsaved: boolean; readonly what: string }): JSX.Element | null {
  const [asking, setAsking] = useState(false);
  const answer = useRef<((leaves: boolean) => void) | null>(null);
  useEffect(() => {
    if (!unsaved) return;
    guardLeaving(
      () =>
        new Promise((resolve) => {
          answer.current = resolve;
          setAsking(true);
        }),
    );
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => {
      guardLeaving(null);
      removeEventListener("beforeunload", warn);
      // Nothing is lost any more by going where somebody wanted to go meanwhile.
      answer.current?.(true);
      answer.current = null;
    };
  }, [unsaved]);

  function decide(leaves: boolean): void {
    setAsking(false);
    answer.current?.(leaves);
    answer.current = null;
  }

  if (!asking) return null;
  return (
    <Confirmation
      title="Sair sem enviar?"
      confirm="Sair e perder o que preparei"
      kind="danger"
      onConfirm={() => decide(true)}
      onCancel={() => decide(false)}
    >
      <p>{what} ainda não foi enviado à plataforma e existe só nesta página.</p>
    </Confirmation>
  );
}
