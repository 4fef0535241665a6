import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Where what has the focus goes away with a rendering, as a button does by its own press, `place` takes it: lost, Tab
 * would begin anew somewhere, and who has the page read out would hear nothing. Of the component that renders `part`.
 */
export function useFocusHeld(part: { readonly current: Element | null }, place: () => HTMLElement | null): void {
  // Asked while the page is still as it was: afterwards nobody knows where the focus had been.
  const wasHere = part.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (wasHere && document.activeElement === document.body) place()?.focus();
  });
}

/** Puts the focus on the element of an id once it is there: for what a press brings, to be filled at once. */
export function useFocusOn(): (id: string) => void {
  const awaited = useRef<string | null>(null);
  useLayoutEffect(() => {
    const element = awaited.current === null ? null : document.getElementById(awaited.current);
    if (element === null) return;
    awaited.current = null;
    element.focus();
  });
  return (id) => {
    awaited.current = id;
  };
}
