import type { JSX } from "preact";
import { useId } from "preact/hooks";

import { countText } from "../format/numbers.ts";

export interface ProgressProps {
  readonly label: string;
  readonly done: number;
  readonly of: number;
}

/** How much of something is done: a bar and `n / N`. */
export function Progress({ label, done, of }: ProgressProps): JSX.Element {
  const id = useId();
  const share = of === 0 ? 0 : Math.min(100, (100 * done) / of);
  const told = `${countText(done)} / ${countText(of)}`;
  return (
    <div class="progress">
      <div class="row ends">
        <span id={id} class="small">
          {label}
        </span>
        <span class="number">{told}</span>
      </div>
      <div
        class="track"
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={of}
        aria-valuenow={done}
        aria-valuetext={told.replace("/", "de")}
      >
        <div class="done" style={{ inlineSize: `${share}%` }} />
      </div>
    </div>
  );
}

export function Waiting({ children }: { readonly children: string }): JSX.Element {
  return (
    <div class="waiting" role="status">
      <span class="spinner" aria-hidden="true" />
      <span>{children}</span>
    </div>
  );
}
