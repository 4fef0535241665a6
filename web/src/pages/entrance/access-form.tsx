import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { Failure, Notice } from "../../components/notice.tsx";
import { ResetForm } from "./reset-form.tsx";

export interface AccessFormProps {
  /** Told the address of whoever may be on the way to a login. */
  readonly onMailed: (email: string) => void;
}

type Stage = "asking" | "mailed" | "done";

/** A first access, or a new password, by the e-mail that the registry knows. */
export function AccessForm({ onMailed }: AccessFormProps): JSX.Element {
  const [stage, setStage] = useState<Stage>("asking");
  const [email, setEmail] = useState("");

  async function ask(): Promise<void> {
    await api.json("/acessos", { method: "POST", body: { email: email.trim() }, authenticated: false });
    onMailed(email.trim());
    setStage("mailed");
  }

  if (stage === "done")
    return (
      <Notice tone="good" headline="Senha redefinida" inPlace>
        <p>Entre agora em “Já tenho acesso”, com o seu e-mail e a nova senha.</p>
      </Notice>
    );
  if (stage === "mailed")
    return (
      <ResetForm
        email={email.trim()}
        onAskAgain={ask}
        onDone={() => setStage("done")}
        onBack={() => setStage("asking")}
      />
    );
  return <Asking email={email} onEmail={setEmail} onAsk={ask} />;
}

interface AskingProps {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly onAsk: () => Promise<void>;
}

function Asking({ email, onEmail, onAsk }: AskingProps): JSX.Element {
  const [wrong, setWrong] = useState<string | null>(null);
  const submission = useSubmission(async () => {
    const lacking = /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim()) ? null : "Digite um e-mail, como ana@empresa.com.br.";
    setWrong(lacking);
    if (lacking === null) await onAsk();
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
