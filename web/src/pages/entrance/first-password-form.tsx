import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { sentenceOf } from "../../api/problem.ts";
import { Button } from "../../components/button.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { judged, NOTHING_TYPED, type WrongPassword } from "./new-password.ts";
import { NewPasswordFields } from "./new-password-fields.tsx";

export interface FirstPasswordFormProps {
  readonly onAnswer: (answers: Readonly<Record<string, string>>) => Promise<void>;
  readonly onBack: () => void;
}

/** The password of one's own in the place of the provisional one. */
export function FirstPasswordForm({ onAnswer, onBack }: FirstPasswordFormProps): JSX.Element {
  const [value, setValue] = useState(NOTHING_TYPED);
  const [wrong, setWrong] = useState<WrongPassword | null>(null);
  const submission = useSubmission(async () => {
    const lacking = judged(value);
    setWrong(lacking);
    if (lacking !== null) return;
    await onAnswer({ NEW_PASSWORD: value.first }).catch((error: unknown) => setWrong({ first: sentenceOf(error) }));
  });

  return (
    <Form submission={submission} inPlace>
      <p>A senha provisória serviu. Escolha agora a sua, que vale daqui em diante.</p>
      <NewPasswordFields value={value} onChange={setValue} wrong={wrong} />
      <div class="row">
        <Button type="submit" kind="primary" busy={submission.busy}>
          Guardar a senha e entrar
        </Button>
        <Button kind="quiet" onPress={onBack}>
          Voltar
        </Button>
      </div>
    </Form>
  );
}
