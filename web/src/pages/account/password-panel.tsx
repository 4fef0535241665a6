import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { cognito, session } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { Failure, Notice } from "../../components/notice.tsx";
import { LoginRefused } from "../../session/cognito.ts";
import { judged, NOTHING_TYPED, type WrongPassword } from "../entrance/new-password.ts";
import { NewPasswordFields } from "../entrance/new-password-fields.tsx";

export function PasswordPanel(): JSX.Element {
  const [before, setBefore] = useState("");
  const [value, setValue] = useState(NOTHING_TYPED);
  const [wrongBefore, setWrongBefore] = useState<string | null>(null);
  const [wrong, setWrong] = useState<WrongPassword | null>(null);
  const [changed, setChanged] = useState(false);
  const submission = useSubmission(async () => {
    const lackingBefore = before === "" ? "Digite a senha que usa hoje." : null;
    const lacking = judged(value);
    setWrongBefore(lackingBefore);
    setWrong(lacking);
    setChanged(false);
    if (lackingBefore !== null || lacking !== null) return;
    try {
      await (await cognito()).changePassword(await session.current(), before, value.first);
      setBefore("");
      setValue(NOTHING_TYPED);
      setChanged(true);
    } catch (error) {
      if (error instanceof LoginRefused && error.kind === "NotAuthorizedException")
        setWrongBefore("A senha atual não confere.");
      else throw error;
    }
  });

  return (
    <section class="panel stack" aria-labelledby="trocar-senha">
      <h2 id="trocar-senha">Trocar a senha</h2>
      {changed && <Notice tone="good" headline="Senha trocada" live />}
      {submission.failure !== null && <Failure error={submission.failure} />}
      <Form submission={submission}>
        <TextField
          label="Senha atual"
          type="password"
          autocomplete="current-password"
          value={before}
          onInput={setBefore}
          error={wrongBefore}
        />
        <NewPasswordFields value={value} onChange={setValue} wrong={wrong} />
        <div>
          <Button type="submit" busy={submission.busy}>
            Trocar senha
          </Button>
        </div>
      </Form>
    </section>
  );
}
