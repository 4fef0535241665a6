import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { cognito } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { Failure, Notice } from "../../components/notice.tsx";
import { LoginRefused } from "../../session/cognito.ts";
import { CodeField, isCode } from "./code-field.tsx";
import { judged, NOTHING_TYPED, type WrongPassword } from "./new-password.ts";
import { NewPasswordFields } from "./new-password-fields.tsx";

const CODE_REFUSALS: readonly string[] = ["CodeMismatchException", "ExpiredCodeException"];
const NO_CODE =
  "Digite os seis números da mensagem. Se veio uma senha provisória, é em “Já tenho acesso” que se entra com ela.";

export interface ResetFormProps {
  readonly email: string;
  readonly onAskAgain: () => Promise<void>;
  readonly onDone: () => void;
  readonly onBack: () => void;
}

/** What was mailed, and where to use it: a code is used here, a provisional password where one logs in. */
export function ResetForm({ email, onAskAgain, onDone, onBack }: ResetFormProps): JSX.Element {
  const [asked, setAsked] = useState(1);
  const [failure, setFailure] = useState<unknown>(null);
  const [code, setCode] = useState("");
  const [value, setValue] = useState(NOTHING_TYPED);
  const [wrongCode, setWrongCode] = useState<string | null>(null);
  const [wrong, setWrong] = useState<WrongPassword | null>(null);

  const submission = useSubmission(async () => {
    const lacking = judged(value);
    setFailure(null);
    setWrongCode(isCode(code) ? null : NO_CODE);
    setWrong(lacking);
    if (!isCode(code) || lacking !== null) return;
    try {
      await (await cognito()).confirmNewPassword(email, code, value.first);
      onDone();
    } catch (error) {
      if (!(error instanceof LoginRefused)) throw error;
      if (CODE_REFUSALS.includes(error.kind)) setWrongCode(error.detail);
      else if (error.kind === "InvalidPasswordException") setWrong({ first: error.detail });
      else throw error;
    }
  });

  async function askAgain(): Promise<void> {
    setFailure(null);
    setWrongCode(null);
    try {
      await onAskAgain();
      setCode("");
      setAsked((before) => before + 1);
    } catch (error) {
      setFailure(error);
    }
  }

  const failed = failure ?? submission.failure;
  return (
    <Form submission={submission}>
      <Mailed key={asked} email={email} again={asked > 1} />
      {failed !== null && <Failure error={failed} />}
      <CodeField label="Código recebido" value={code} onInput={setCode} error={wrongCode} />
      <NewPasswordFields value={value} onChange={setValue} wrong={wrong} />
      <div class="row">
        <Button type="submit" kind="primary" busy={submission.busy}>
          Redefinir senha
        </Button>
        <Button onPress={askAgain}>Pedir outra mensagem</Button>
        <Button kind="quiet" onPress={onBack}>
          Usar outro e-mail
        </Button>
      </div>
    </Form>
  );
}

/** The same for every address: who has a login here is told to nobody. */
function Mailed({ email, again }: { readonly email: string; readonly again: boolean }): JSX.Element {
  return (
    <Notice tone="calm" headline={again ? "Outra mensagem foi pedida" : "Veja o seu e-mail"} inPlace>
      <p>
        Se o cadastro conhece <strong class="text">{email}</strong>, uma mensagem está a caminho.
      </p>
      <ul>
        <li>Veio uma senha provisória: entre com ela em “Já tenho acesso” e escolha a sua.</li>
        <li>Veio um código: digite-o aqui com a nova senha.</li>
      </ul>
      <p class="small">Não veio? Confira o lixo eletrônico. São no máximo três mensagens por hora: use a mais recente.</p>
    </Notice>
  );
}
