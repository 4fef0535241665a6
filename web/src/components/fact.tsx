import type { ComponentChildren, JSX } from "preact";

export interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
  /** `figure` for what is read sign by sign. */
  readonly kind?: "text" | "figure";
}

/** One name and its value, in a list of class `facts`. */
export function Fact({ name, children, kind = "text" }: FactProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={kind === "figure" ? "figure" : undefined}>{children}</dd>
    </div>
  );
}
