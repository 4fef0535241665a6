import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { Problem } from "../../../api/problem.ts";
import { Failure, Notice } from "../../../components/notice.tsx";
import { momentText } from "../../../format/moments.ts";
import { Caveats } from "../factor/caveats.tsx";
import type { Delivery } from "./delivery.ts";
import "./delivery.css";

export interface DeliveryOutcomeProps {
  readonly delivery: Delivery;
  /** What was delivered, as `Portfólio de BOLT`. */
  readonly what: string;
  /** What comes next, once it was taken. */
  readonly children: ComponentChildren;
}

/** How a delivery ended; how far it is stands beside its button. Faults of the file are shown where they are, not here. */
export function DeliveryOutcome(given: DeliveryOutcomeProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const { state } = given.delivery;
  useEffect(() => {
    if (state !== "done" && state !== "failed") return;
    // What is told may be longer than what is in sight below the button.
    place.current?.scrollIntoView({ block: "nearest" });
    // The way on is in it, and the button may be far above; who went on to a field meanwhile stays there.
    const isIdle = document.activeElement instanceof HTMLButtonElement || document.activeElement === document.body;
    if (isIdle && place.current?.hasChildNodes()) place.current.focus({ preventScroll: true });
  }, [state]);
  return (
    <div ref={place} class="delivery-outcome" tabIndex={-1}>
      <Ended {...given} />
    </div>
  );
}

function Ended({ delivery, what, children }: DeliveryOutcomeProps): JSX.Element | null {
  switch (delivery.state) {
    case "idle":
    case "working":
      return null;
    case "failed":
      return hasFaults(delivery.error) ? null : <Failure error={delivery.error} />;
    case "done":
      return (
        <Notice tone="good" headline={`${what}: entregue`} live>
          <p>
            O enclave abriu, conferiu e guardou cifrado, em {momentText(new Date().toISOString())}.
          </p>
          {delivery.request.identity && (
            <p class="small soft">
              Identidade do que foi cifrado: <code>{delivery.request.identity}</code>
            </p>
          )}
          <Caveats codes={delivery.done.answer.caveats} />
          {children}
        </Notice>
      );
  }
}

export function hasFaults(error: unknown): error is Problem {
  return error instanceof Problem && error.faults.length > 0;
}
