import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";

import { dayText, maskedDay, typedDay } from "../format/moments.ts";
import { TextField } from "./field.tsx";

export interface DayFieldProps {
  readonly label: ComponentChildren;
  /** `2026-06-30`, or nothing. */
  readonly value: string;
  /** Nothing, too, while what is typed is no day. */
  readonly onInput: (day: string) => void;
  readonly hint?: ComponentChildren;
  readonly error?: string | null | undefined;
  readonly id?: string;
  readonly readOnly?: boolean;
}

/** A day as it is written here. A browser's own field writes it in the browser's language: 06/07 is June to one and July to another. */
export function DayField({ value, onInput, error, ...rest }: DayFieldProps): JSX.Element {
  const [typed, setTyped] = useState({ text: dayText(value), day: value });
  // Another day from outside, as of what was read back: what was typed is past.
  const text = typed.day === value ? typed.text : dayText(value);
  const isWrong = text.length >= WHOLE.length && value === "";
  return (
    <TextField
      {...rest}
      value={text}
      inputMode="numeric"
      placeholder={WHOLE}
      error={isWrong ? "Este dia não existe. Escreva-o como 30/06/2026." : error}
      onInput={(now) => {
        const masked = maskedDay(text, now);
        const day = typedDay(masked) ?? "";
        setTyped({ text: day === "" ? masked : dayText(day), day });
        if (day !== value) onInput(day);
      }}
    />
  );
}

const WHOLE = "dd/mm/aaaa";
