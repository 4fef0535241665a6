import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { sentenceOf } from "../api/problem.ts";
import { Field } from "./field.tsx";

export interface Suggestion {
  readonly key: string;
  /** What the field holds once this is chosen. */
  readonly text: string;
  readonly detail?: string;
}

export interface LookupProps<T> {
  readonly label: ComponentChildren;
  /** Best matches first; asked a moment after typing has paused. */
  readonly search: (typed: string, signal: AbortSignal) => Promise<readonly T[]>;
  readonly suggestionOf: (item: T) => Suggestion;
  readonly chosen: T | null;
  readonly onChoose: (item: T | null) => void;
  /** Said when nothing fits what was typed. */
  readonly nothing: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | null | undefined;
  readonly id?: string;
  readonly disabled?: boolean;
  /** Signs to type before anything is asked; with 0 the list opens at once. */
  readonly from?: number;
}

type Found<T> =
  | { readonly state: "idle" | "searching" }
  | { readonly state: "there"; readonly items: readonly T[] }
  | { readonly state: "failed"; readonly sentence: string };

const PAUSE_MILLISECONDS = 200;

/** A field that finds one of many as one types: a combobox with a list (ARIA Authoring Practices, combobox). */
export function Lookup<T>(given: LookupProps<T>): JSX.Element {
  const { suggestionOf, chosen, onChoose, from = 1 } = given;
  const [typed, setTyped] = useState(chosen === null ? "" : suggestionOf(chosen).text);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const list = useId();
  const asks = open && typed.trim().length >= from && chosen === null;
  const found = useFound(given.search, typed.trim(), asks);
  const items = found.state === "there" ? found.items : [];

  const held = chosen === null ? null : suggestionOf(chosen).text;
  useEffect(() => {
    if (held !== null) setTyped(held);
  }, [held]);

  function type(text: string): void {
    setTyped(text);
    setActive(-1);
    setOpen(true);
    if (chosen !== null) onChoose(null);
  }

  function choose(item: T): void {
    setOpen(false);
    setActive(-1);
    setTyped(suggestionOf(item).text);
    onChoose(item);
  }

  function press(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (!open) setOpen(true);
      // From the field itself the list is entered at its end upwards, at its beginning downwards.
      else if (items.length > 0) setActive(turned(active < 0 && step < 0 ? -1 : active + step, items.length));
    } else if (event.key === "Escape" && open) {
      // Only the list: a dialog around it stays.
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === "Enter" && open) {
      const item = items[active] ?? (items.length === 1 ? items[0] : undefined);
      event.preventDefault();
      if (item !== undefined) choose(item);
    }
  }

  return (
    <Field
      label={given.label}
      hint={given.hint}
      error={given.error ?? (found.state === "failed" ? found.sentence : null)}
      {...(given.id === undefined ? {} : { id: given.id })}
    >
      {(wiring) => (
        <div class="lookup">
          <input
            class="input"
            {...wiring}
            type="text"
            role="combobox"
            autocomplete="off"
            spellcheck={false}
            disabled={given.disabled}
            aria-autocomplete="list"
            aria-expanded={asks && items.length > 0}
            aria-controls={list}
            aria-activedescendant={asks && active >= 0 ? `${list}-${active}` : undefined}
            value={typed}
            onInput={(event) => type(event.currentTarget.value)}
            onFocus={() => setOpen(true)}
            onClick={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onKeyDown={press}
          />
          <ul class="suggestions" id={list} role="listbox" aria-label="Sugestões" hidden={!asks || items.length === 0}>
            {items.map((item, index) => (
              <Choice
                key={suggestionOf(item).key}
                id={`${list}-${index}`}
                suggestion={suggestionOf(item)}
                active={index === active}
                onChoose={() => choose(item)}
              />
            ))}
          </ul>
          <span class="told small soft" role="status">
            {asks ? told(found, given.nothing) : ""}
          </span>
        </div>
      )}
    </Field>
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly suggestion: Suggestion;
  readonly active: boolean;
  readonly onChoose: () => void;
}

function Choice({ id, suggestion, active, onChoose }: ChoiceProps): JSX.Element {
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <li
      id={id}
      ref={element}
      role="option"
      aria-selected={active}
      // The field keeps the focus, else it would close the list before the click arrives.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <span>{suggestion.text}</span>
      {suggestion.detail !== undefined && <span class="small soft">{suggestion.detail}</span>}
    </li>
  );
}

function useFound<T>(search: LookupProps<T>["search"], typed: string, asks: boolean): Found<T> {
  const [found, setFound] = useState<Found<T>>({ state: "idle" });
  const latest = useRef(search);
  latest.current = search;
  useEffect(() => {
    if (!asks) return setFound({ state: "idle" });
    setFound({ state: "searching" });
    const controller = new AbortController();
    const timer = setTimeout(() => {
      latest.current(typed, controller.signal).then(
        (items) => !controller.signal.aborted && setFound({ state: "there", items }),
        (error: unknown) => !controller.signal.aborted && setFound({ state: "failed", sentence: sentenceOf(error) }),
      );
    }, PAUSE_MILLISECONDS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [typed, asks]);
  return found;
}

function told<T>(found: Found<T>, nothing: string): string {
  if (found.state === "searching") return "Procurando…";
  if (found.state !== "there") return "";
  if (found.items.length === 0) return nothing;
  return found.items.length === 1 ? "1 sugestão" : `${found.items.length} sugestões`;
}

function turned(index: number, count: number): number {
  return (index + count) % count;
}
