import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { headlineOf, sentenceOf, transactionOf } from "../api/problem.ts";
import { sentence } from "../format/sentences.ts";
import { Button } from "./button.tsx";

export type Tone = "good" | "warn" | "bad" | "calm" | "accent";

export interface NoticeProps {
  readonly tone: Tone;
  readonly headline?: string | undefined;
  readonly children?: ComponentChildren;
  /** Read out at once: for what came of something just done. */
  readonly live?: boolean;
  /** Comes in the place of what had the focus, and takes it: it is read by that. */
  readonly inPlace?: boolean;
}

export function Notice({ tone, headline, children, live, inPlace }: NoticeProps): JSX.Element {
  const block = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (inPlace) block.current?.focus();
  }, []);
  const role = live ? (tone === "bad" ? "alert" : "status") : undefined;
  return (
    <div class={`notice tone-${tone}`} role={role} tabIndex={inPlace ? -1 : undefined} ref={block}>
      {headline && <p class="headline">{headline}</p>}
      {children}
    </div>
  );
}

/** Something failed, with what to do and the number that support asks for. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }): JSX.Element {
  const transaction = transactionOf(error);
  return (
    <Notice tone="bad" headline={headlineOf(error)} live>
      <p>{sentence(sentenceOf(error))}</p>
      {transaction && (
        <p class="small soft">
          Transação <code>{transaction}</code>
        </p>
      )}
      {onRetry && (
        <div>
          <Button onPress={onRetry}>Tentar de novo</Button>
        </div>
      )}
    </Notice>
  );
}

export interface Wrong {
  /** Of the control that it is about; without one there is nothing to lead to. */
  readonly field?: string | undefined;
  readonly detail: string;
}

export interface ErrorSummaryProps {
  readonly wrongs: readonly Wrong[];
  readonly transaction?: string | null;
  /** Changes at each attempt, so that the summary takes the focus anew. */
  readonly attempt: number;
}

/** All that is wrong with a form, on its top; each line leads to its field. */
export function ErrorSummary({ wrongs, transaction, attempt }: ErrorSummaryProps): JSX.Element | null {
  const block = useRef<HTMLDivElement>(null);
  useEffect(() => block.current?.focus(), [attempt]);
  if (wrongs.length === 0) return null;
  const count = wrongs.length === 1 ? "Há um ponto a corrigir" : `Há ${wrongs.length} pontos a corrigir`;
  return (
    <div class="notice tone-bad" role="alert" tabIndex={-1} ref={block}>
      <p class="headline">{count}</p>
      <ul>
        {wrongs.map((wrong, index) => (
          <li key={index}>
            {wrong.field ? (
              <a href={`#${wrong.field}`} onClick={(event) => focusOn(event, wrong.field ?? "")}>
                {wrong.detail}
              </a>
            ) : (
              wrong.detail
            )}
          </li>
        ))}
      </ul>
      {transaction && (
        <p class="small soft">
          Transação <code>{transaction}</code>
        </p>
      )}
    </div>
  );
}

/** The address belongs to the router: a link to a field must not change it. */
function focusOn(event: Event, id: string): void {
  event.preventDefault();
  const field = document.getElementById(id);
  field?.focus();
  field?.scrollIntoView({ block: "center" });
}
