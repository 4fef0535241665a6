import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { cognito, session } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Failure, Notice } from "../../components/notice.tsx";
import { LoginRefused } from "../../session/cognito.ts";
import { judged } from "../entrance/new-password.ts";
import { NewPasswordFields } from "../entrance/new-password-fields.tsx";

const NOTHING = { first: "", again: "" };

export function PasswordPanel(): JSX.Element {
  const [before, setBefore] = useState("");
  const [value, setValue] = useState(NOTHING);
  const [wrongBefore, setWrongBefore] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [changed, setChanged] = useState(false);
  const [busy, setBusy] = useState(false);

  async function change(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const lackingBefore = before === "" ? "Digite a senha que usa hoje." : null;
    const lacking = judged(value.first, value.again);
    setWrongBefore(lackingBefore);
    setWrong(lacking);
    setChanged(false);
    setFailure(null);
    if (lackingBefore !== null || lacking !== null) return;
    setBusy(true);
    try {
      await (await cognito()).changePassword(await session.current(), before, value.first);
      setBefore("");
      setValue(NOTHING);
      setChanged(true);
    } catch (error) {
      if (error instanceof LoginRefused && error.kind === "NotAuthorizedException")
        setWrongBefore("A senha atual não confere.");
      else setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class="panel stack" aria-labelledby="trocar-senha">
      <h2 id="trocar-senha">Trocar a senha</h2>
      {changed && <Notice tone="good" headline="Senha trocada" live />}
      {failure !== null && <Failure error={failure} />}
      <form class="stack" noValidate onSubmit={(event) => void change(event)}>
        <TextField
          label="Senha atual"
          type="password"
          autocomplete="current-password"
          value={before}
          onInput={setBefore}
          error={wrongBefore}
        />
        <NewPasswordFields value={value} onChange={setValue} error={wrong} />
        <div>
          <Button type="submit" busy={busy}>
            Trocar senha
          </Button>
        </div>
      </form>
    </section>
  );
}
