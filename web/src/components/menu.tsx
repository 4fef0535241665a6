import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface MenuProps {
  readonly label: ComponentChildren;
  readonly children: ComponentChildren;
  readonly fromEnd?: boolean;
}

/** A button that shows choices below it: links and buttons of class `choice-item`. */
export function Menu({ label, children, fromEnd }: MenuProps): JSX.Element {
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event): void => {
      const menu = element.current;
      if (!menu?.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        menu.querySelector("summary")?.focus();
      } else if (event.target instanceof Node && menu.contains(event.target)) return;
      menu.open = false;
    };
    addEventListener("pointerdown", close);
    addEventListener("keydown", close);
    return () => {
      removeEventListener("pointerdown", close);
      removeEventListener("keydown", close);
    };
  }, []);
  return (
    <details class="menu unprinted" ref={element}>
      <summary class="button plain">
        {label} <span aria-hidden="true">▾</span>
      </summary>
      <div
        class={`choices${fromEnd ? " from-end" : ""}`}
        onClick={() => {
          if (element.current) element.current.open = false;
        }}
      >
        {children}
      </div>
    </details>
  );
}
