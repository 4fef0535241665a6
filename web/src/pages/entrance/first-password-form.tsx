import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { sentenceOf } from "../../api/problem.ts";
import { Button } from "../../components/button.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { judged } from "./new-password.ts";
import { NewPasswordFields } from "./new-password-fields.tsx";

export interface FirstPasswordFormProps {
  readonly onAnswer: (answers: Readonly<Record<string, string>>) => Promise<void>;
}

/** The password of one's own in the place of the provisional one. */
export function FirstPasswordForm({ onAnswer }: FirstPasswordFormProps): JSX.Element {
  const [value, setValue] = useState({ first: "", again: "" });
  const [wrong, setWrong] = useState<string | null>(null);
  const submission = useSubmission(async () => {
    const lacking = judged(value.first, value.again);
    setWrong(lacking);
    if (lacking !== null) return;
    await onAnswer({ NEW_PASSWORD: value.first }).catch((error: unknown) => setWrong(sentenceOf(error)));
  });

  return (
    <Form submission={submission}>
      <p>A senha provisória serviu. Escolha agora a sua.</p>
      <NewPasswordFields value={value} onChange={setValue} error={wrong} />
      <div>
        <Button type="submit" kind="primary" busy={submission.busy}>
          Guardar a senha e entrar
        </Button>
      </div>
    </Form>
  );
}
