import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Button } from "../../components/button.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { CodeField, isCode } from "./code-field.tsx";
import { factorRefusal, NO_FACTOR_CODE } from "./factor-code.ts";

export interface CodeFormProps {
  readonly onAnswer: (answers: Readonly<Record<string, string>>) => Promise<void>;
  readonly onBack: () => void;
}

/** The code of an application, which is asked for after the password. */
export function CodeForm({ onAnswer, onBack }: CodeFormProps): JSX.Element {
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const submission = useSubmission(async () => {
    setWrong(isCode(code) ? null : NO_FACTOR_CODE);
    if (!isCode(code)) return;
    await onAnswer({ SOFTWARE_TOKEN_MFA_CODE: code }).catch((error: unknown) => setWrong(factorRefusal(error)));
  });

  return (
    <Form submission={submission} inPlace>
      <p>A senha confere. Digite o código que o aplicativo autenticador do seu telefone mostra agora.</p>
      <CodeField label="Código do aplicativo autenticador" value={code} onInput={setCode} error={wrong} />
      <div class="row">
        <Button type="submit" kind="primary" busy={submission.busy}>
          Confirmar
        </Button>
        <Button kind="quiet" onPress={onBack}>
          Voltar
        </Button>
      </div>
      <p class="small soft">Está sem o telefone? Fale com o atendimento, que desliga a verificação do seu login.</p>
    </Form>
  );
}
