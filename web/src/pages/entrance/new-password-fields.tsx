import type { JSX } from "preact";

import { TextField } from "../../components/field.tsx";
import { Points } from "../../components/points.tsx";
import { RULES, type NewPassword, type WrongPassword } from "./new-password.ts";

export interface NewPasswordFieldsProps {
  readonly value: NewPassword;
  readonly onChange: (value: NewPassword) => void;
  readonly wrong: WrongPassword | null;
}

/** A new password twice, its rules judged while it is typed. */
export function NewPasswordFields({ value, onChange, wrong }: NewPasswordFieldsProps): JSX.Element {
  return (
    <>
      <TextField
        label="Nova senha"
        type="password"
        autocomplete="new-password"
        value={value.first}
        onInput={(first) => onChange({ ...value, first })}
        error={wrong?.first}
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
        error={wrong?.again}
      />
    </>
  );
}
