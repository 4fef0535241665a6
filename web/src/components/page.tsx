import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { hrefOf } from "../routing/location.ts";

export interface Step {
  readonly text: string;
  readonly to: string;
}

export interface PageProps {
  readonly title: string;
  readonly lead?: ComponentChildren;
  /** The way here, without this page. */
  readonly trail?: readonly Step[];
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** One page: its name in the window and in its heading, which takes the focus when the page comes. */
export function Page({ title, lead, trail, actions, children }: PageProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Aval`;
  }, [title]);
  useEffect(() => {
    if (document.querySelector("dialog[open]") === null) heading.current?.focus();
  }, []);
  return (
    <div class="stack loose">
      <header class="stack tight">
        {trail && (
          <nav class="trail unprinted" aria-label="Caminho">
            <ol>
              {trail.map((step) => (
                <li key={step.to}>
                  <a href={hrefOf(step.to)}>{step.text}</a>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <div class="row ends">
          <h1 tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {actions && <div class="row unprinted">{actions}</div>}
        </div>
        {lead && <p class="soft">{lead}</p>}
      </header>
      {children}
    </div>
  );
}
