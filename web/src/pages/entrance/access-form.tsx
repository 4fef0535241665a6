import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, cognito } from "../../application.ts";
import { sentenceOf } from "../../api/problem.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { Failure, Notice } from "../../components/notice.tsx";
import { judged } from "./new-password.ts";
import { NewPasswordFields } from "./new-password-fields.tsx";

type Stage = "asking" | "mailed" | "done";

/** A first access, or a new password, by the e-mail that the registry knows. */
export function AccessForm(): JSX.Element {
  const [stage, setStage] = useState<Stage>("asking");
  const [email, setEmail] = useState("");

  if (stage === "done")
    return (
      <Notice tone="good" headline="Senha redefinida" live>
        <p>Entre agora com o seu e-mail e a nova senha.</p>
      </Notice>
    );
  if (stage === "mailed")
    return <Mailed email={email} onDone={() => setStage("done")} onBack={() => setStage("asking")} />;
  return <Asking email={email} onEmail={setEmail} onMailed={() => setStage("mailed")} />;
}

interface AskingProps {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly onMailed: () => void;
}

function Asking({ email, onEmail, onMailed }: AskingProps): JSX.Element {
  const [wrong, setWrong] = useState<string | null>(null);
  const submission = useSubmission(async () => {
    const lacking = /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim()) ? null : "Digite um e-mail, como ana@empresa.com.br.";
    setWrong(lacking);
    if (lacking !== null) return;
    await api.json("/acessos", { method: "POST", body: { email: email.trim() }, authenticated: false });
    onMailed();
  });

  return (
    <Form submission={submission}>
      <p class="soft">Digite o e-mail que o cadastro da CCEE tem de você.</p>
      {submission.failure !== null && <Failure error={submission.failure} />}
      <TextField
        label="E-mail"
        type="email"
        inputMode="email"
        autocomplete="email"
        value={email}
        onInput={onEmail}
        error={wrong}
      />
      <div>
        <Button type="submit" busy={submission.busy}>
          Criar / Redefinir minha conta
        </Button>
      </div>
    </Form>
  );
}

interface MailedProps {
  readonly email: string;
  readonly onDone: () => void;
  readonly onBack: () => void;
}

function Mailed({ email, onDone, onBack }: MailedProps): JSX.Element {
  const [code, setCode] = useState("");
  const [value, setValue] = useState({ first: "", again: "" });
  const [wrongCode, setWrongCode] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const submission = useSubmission(async () => {
    const lackingCode = /^\d{6}$/.test(code.trim()) ? null : "Digite os seis números do e-mail.";
    const lacking = judged(value.first, value.again);
    setWrongCode(lackingCode);
    setWrong(lacking);
    if (lackingCode !== null || lacking !== null) return;
    try {
      await (await cognito()).confirmNewPassword(email.trim(), code.trim(), value.first);
      onDone();
    } catch (error) {
      setWrongCode(sentenceOf(error));
    }
  });

  return (
    <Form submission={submission}>
      <Notice tone="calm" headline="Veja o seu e-mail" live>
        <p>
          Se o cadastro conhece <strong>{email.trim()}</strong>, uma mensagem está a caminho.
        </p>
        <ul>
          <li>Veio uma senha provisória: entre com ela em “Já tenho acesso” e escolha a sua.</li>
          <li>Veio um código: digite-o aqui com a nova senha.</li>
        </ul>
      </Notice>
      <TextField
        label="Código recebido"
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={6}
        value={code}
        onInput={setCode}
        error={wrongCode}
      />
      <NewPasswordFields value={value} onChange={setValue} error={wrong} />
      <div class="row">
        <Button type="submit" kind="primary" busy={submission.busy}>
          Redefinir senha
        </Button>
        <Button kind="quiet" onPress={onBack}>
          Usar outro e-mail
        </Button>
      </div>
    </Form>
  );
}
