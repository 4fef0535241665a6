import type { JSX } from "preact";

import type { Tone } from "./notice.tsx";

export interface StatusProps {
  readonly tone: Tone;
  readonly children: string;
  /** A ring instead of a dot: something that is still to come. */
  readonly hollow?: boolean;
}

export function Status({ tone, children, hollow }: StatusProps): JSX.Element {
  return <span class={`status tone-${tone}${hollow ? " hollow" : ""}`}>{children}</span>;
}
