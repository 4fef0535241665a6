import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { sentenceOf } from "../../api/problem.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";

export interface CodeFormProps {
  readonly onAnswer: (answers: Readonly<Record<string, string>>) => Promise<void>;
}

/** The code of an application, which is asked for after the password. */
export function CodeForm({ onAnswer }: CodeFormProps): JSX.Element {
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function answer(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    if (!/^\d{6}$/.test(code)) {
      setWrong("Digite os seis números que o aplicativo mostra.");
      return;
    }
    setBusy(true);
    try {
      await onAnswer({ SOFTWARE_TOKEN_MFA_CODE: code });
    } catch (error) {
      setWrong(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="stack" noValidate onSubmit={(event) => void answer(event)}>
      <TextField
        label="Código do aplicativo autenticador"
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={6}
        value={code}
        onInput={setCode}
        error={wrong}
      />
      <div>
        <Button type="submit" kind="primary" busy={busy}>
          Confirmar
        </Button>
      </div>
    </form>
  );
}
