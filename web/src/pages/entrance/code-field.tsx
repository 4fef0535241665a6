import type { JSX } from "preact";

import { TextField } from "../../components/field.tsx";

export interface CodeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (code: string) => void;
  readonly error: string | null;
}

/** A code of six numbers. Applications show it in two groups, and mails are copied with what stands around it. */
export function CodeField({ onInput, ...given }: CodeFieldProps): JSX.Element {
  return (
    <TextField
      {...given}
      inputMode="numeric"
      autocomplete="one-time-code"
      onInput={(typed) => onInput(typed.replace(/[\s-]/g, ""))}
    />
  );
}

export function isCode(code: string): boolean {
  return /^\d{6}$/.test(code);
}
