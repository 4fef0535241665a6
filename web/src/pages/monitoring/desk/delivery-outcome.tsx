import type { ComponentChildren, JSX } from "preact";

import { Problem } from "../../../api/problem.ts";
import { Failure, Notice } from "../../../components/notice.tsx";
import { momentText } from "../../../format/moments.ts";
import type { Delivery } from "./delivery.ts";

export interface DeliveryOutcomeProps {
  readonly delivery: Delivery;
  /** What was delivered, as `Portfólio de BOLT`. */
  readonly what: string;
  /** What comes next, once it was taken. */
  readonly children: ComponentChildren;
}

/** How far a delivery is, and how it ended. Faults of the file are shown where they are, not here. */
export function DeliveryOutcome({ delivery, what, children }: DeliveryOutcomeProps): JSX.Element | null {
  switch (delivery.state) {
    case "idle":
      return null;
    case "working":
      return (
        <div class="waiting" role="status">
          <span class="spinner" aria-hidden="true" />
          <span>{delivery.stage}</span>
        </div>
      );
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
          {children}
        </Notice>
      );
  }
}

export function hasFaults(error: unknown): error is Problem {
  return error instanceof Problem && error.faults.length > 0;
}
