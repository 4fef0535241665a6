import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { cognito, session } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Failure } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";

export function EntrancePage(): JSX.Element {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [failure, setFailure] = useState<unknown>(null);

  async function enter(event: Event): Promise<void> {
    event.preventDefault();
    setFailure(null);
    try {
      const outcome = await (await cognito()).enter(login.trim(), password);
      if ("access" in outcome) session.enter(outcome);
    } catch (error) {
      setFailure(error);
    }
  }

  return (
    <Page title="Entrar">
      <form class="panel stack" onSubmit={(event) => void enter(event)}>
        {failure !== null && <Failure error={failure} />}
        <TextField label="Login" type="email" autocomplete="username" value={login} onInput={setLogin} />
        <TextField
          label="Senha"
          type="password"
          autocomplete="current-password"
          value={password}
          onInput={setPassword}
        />
        <div>
          <Button type="submit" kind="primary">
            Entrar
          </Button>
        </div>
      </form>
    </Page>
  );
}
