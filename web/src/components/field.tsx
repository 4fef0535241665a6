import type { ComponentChildren, InputHTMLAttributes, JSX } from "preact";
import { useId } from "preact/hooks";

/** What a control must carry so that its label, hint and error are read with it. */
export interface Wiring {
  readonly id: string;
  readonly "aria-describedby"?: string | undefined;
  readonly "aria-invalid"?: "true" | undefined;
}

export interface FieldProps {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  /** The sentence beside the field; null or absent while nothing is wrong. */
  readonly error?: string | null | undefined;
  /** Fixed where a summary of errors leads to it. */
  readonly id?: string;
  readonly children: (wiring: Wiring) => JSX.Element;
}

export function Field({ label, hint, error, id, children }: FieldProps): JSX.Element {
  const made = useId();
  const own = id ?? made;
  const described = [hint ? `${own}-hint` : "", error ? `${own}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={own}>{label}</label>
      {children({
        id: own,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? "true" : undefined,
      })}
      {hint && (
        <span class="hint" id={`${own}-hint`}>
          {hint}
        </span>
      )}
      {error && (
        <span class="wrong" id={`${own}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}

export interface TextFieldProps {
  readonly label: ComponentChildren;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly error?: string | null | undefined;
  readonly id?: string;
  readonly type?: "text" | "email" | "password" | "search";
  readonly autocomplete?: string;
  readonly inputMode?: "text" | "numeric" | "decimal" | "email";
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly readOnly?: boolean;
  /** Takes the focus when it comes, in a dialog too. */
  readonly autofocus?: boolean;
}

export function TextField({ label, hint, error, id, value, onInput, ...rest }: TextFieldProps): JSX.Element {
  return (
    <Field label={label} hint={hint} error={error} {...(id === undefined ? {} : { id })}>
      {(wiring) => (
        <input
          class="input"
          spellcheck={false}
          // What the browser keeps of a field it offers to whoever sits here next.
          autocomplete="off"
          {...wiring}
          {...(rest as InputHTMLAttributes<HTMLInputElement>)}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

export interface SelectFieldProps {
  readonly label: ComponentChildren;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly error?: string | null | undefined;
  readonly id?: string;
  readonly disabled?: boolean;
}

export function SelectField(given: SelectFieldProps): JSX.Element {
  const { label, hint, error, id, value, options, onChange, disabled } = given;
  return (
    <Field label={label} hint={hint} error={error} {...(id === undefined ? {} : { id })}>
      {(wiring) => (
        <select
          class="input"
          {...wiring}
          disabled={disabled}
          value={value}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            // What is shown is what was told: where a choice is asked about first, it is not made yet.
            event.currentTarget.value = value;
            onChange(chosen);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface CheckFieldProps {
  readonly label: ComponentChildren;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function CheckField({ label, checked, onChange, disabled }: CheckFieldProps): JSX.Element {
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
