import type { JSX } from "preact";

import { TextField } from "../../components/field.tsx";
import { Points } from "../../components/points.tsx";
import { RULES } from "./new-password.ts";

export interface NewPassword {
  readonly first: string;
  readonly again: string;
}

export interface NewPasswordFieldsProps {
  readonly value: NewPassword;
  readonly onChange: (value: NewPassword) => void;
  readonly error: string | null;
}

/** A new password twice, its rules judged while it is typed. */
export function NewPasswordFields({ value, onChange, error }: NewPasswordFieldsProps): JSX.Element {
  return (
    <>
      <TextField
        label="Nova senha"
        type="password"
        autocomplete="new-password"
        value={value.first}
        onInput={(first) => onChange({ ...value, first })}
        error={error}
      />
      <Points
        label="Regras da senha"
        points={RULES.map(({ text, holds }) => ({ text, met: holds(value.first) }))}
      />
      <TextField
        label="Repita a nova senha"
        type="password"
        autocomplete="new-password"
        value={value.again}
        onInput={(again) => onChange({ ...value, again })}
      />
    </>
  );
}
