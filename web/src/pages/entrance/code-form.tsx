import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { sentenceOf } from "../../api/problem.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Form, useSubmission } from "../../components/form.tsx";

export interface CodeFormProps {
  readonly onAnswer: (answers: Readonly<Record<string, string>>) => Promise<void>;
}

/** The code of an application, which is asked for after the password. */
export function CodeForm({ onAnswer }: CodeFormProps): JSX.Element {
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const submission = useSubmission(async () => {
    if (!/^\d{6}$/.test(code)) {
      setWrong("Digite os seis números que o aplicativo mostra.");
      return;
    }
    await onAnswer({ SOFTWARE_TOKEN_MFA_CODE: code }).catch((error: unknown) => setWrong(sentenceOf(error)));
  });

  return (
    <Form submission={submission}>
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
        <Button type="submit" kind="primary" busy={submission.busy}>
          Confirmar
        </Button>
      </div>
    </Form>
  );
}
