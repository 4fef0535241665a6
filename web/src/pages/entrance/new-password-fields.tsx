import type { JSX } from "preact";

import { TextField } from "../../components/field.tsx";
import { RULES } from "./new-password.ts";
import "./entrance.css";

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
      <ul class="rules small" aria-label="Regras da senha">
        {RULES.map((rule) => {
          const holds = rule.holds(value.first);
          return (
            <li key={rule.text} class={holds ? "holds" : ""}>
              <span aria-hidden="true">{holds ? "✓" : "○"}</span> {rule.text}
              <span class="unseen">{holds ? " (atendida)" : " (falta)"}</span>
            </li>
          );
        })}
      </ul>
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
