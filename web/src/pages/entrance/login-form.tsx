import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { cognito, session } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { Failure } from "../../components/notice.tsx";
import type { Challenge, Cognito, Tokens } from "../../session/cognito.ts";
import { LoginRefused } from "../../session/cognito.ts";
import { CodeForm } from "./code-form.tsx";
import { FirstPasswordForm } from "./first-password-form.tsx";

export interface LoginFormProps {
  /** Where somebody logs in again: nobody else takes over what is open on the page. */
  readonly fixedName?: string;
  /** Stands in the field until something is typed. */
  readonly suggestedName?: string;
  readonly onStep?: (step: LoginStep) => void;
}

export type LoginStep = "PASSWORD" | Challenge["name"];

/** Login and password, and whatever Cognito asks after them: a first password, a code. */
export function LoginForm({ fixedName, suggestedName = "", onStep }: LoginFormProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const [password, setPassword] = useState("");
  const [over, setOver] = useState<LoginRefused | null>(null);
  const [missing, setMissing] = useState(false);
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  const [returned, setReturned] = useState(false);
  const shown = fixedName ?? typed ?? suggestedName;
  const name = shown.trim();

  function goTo(next: Challenge | null): void {
    setChallenge(next);
    setReturned(next === null);
    setPassword("");
    onStep?.(next?.name ?? "PASSWORD");
  }

  async function goOnBy(asked: (service: Cognito) => Promise<Tokens | Challenge>): Promise<void> {
    const enter = session.entering();
    const outcome = await asked(await cognito());
    if ("access" in outcome) enter(name, outcome);
    else goTo(outcome);
  }

  const submission = useSubmission(async () => {
    setOver(null);
    setMissing(name === "" || password === "");
    if (name === "" || password === "") return;
    await goOnBy((service) => service.enter(name, password));
  });
  const failure = submission.failure ?? over;

  async function answer(answers: Readonly<Record<string, string>>): Promise<void> {
    if (challenge === null) return;
    try {
      await goOnBy((service) => service.answer(challenge, answers));
    } catch (error) {
      // The session of a challenge lasts three minutes: after that one begins again.
      if (error instanceof LoginRefused && error.kind === "NotAuthorizedException") {
        goTo(null);
        setOver(new LoginRefused("ChallengeOver"));
      } else throw error;
    }
  }

  const asked = { onAnswer: answer, onBack: () => goTo(null) };
  if (challenge?.name === "NEW_PASSWORD_REQUIRED") return <FirstPasswordForm {...asked} />;
  if (challenge?.name === "SOFTWARE_TOKEN_MFA") return <CodeForm {...asked} />;
  return (
    <Form submission={submission} inPlace={returned}>
      {failure !== null && <Failure error={failure} />}
      <TextField
        label="Login"
        type="email"
        inputMode="email"
        autocomplete="username"
        placeholder="Entre com seu e-mail de acesso"
        value={shown}
        readOnly={fixedName !== undefined}
        onInput={setTyped}
        error={missing && name === "" ? "Digite o login, que é o seu e-mail." : null}
      />
      <TextField
        label="Senha"
        type="password"
        autocomplete="current-password"
        placeholder="Digite sua senha"
        autofocus={fixedName !== undefined}
        value={password}
        onInput={setPassword}
        error={missing && password === "" ? "Digite a senha." : null}
      />
      <div>
        <Button type="submit" kind="primary" busy={submission.busy}>
          Entrar
        </Button>
      </div>
    </Form>
  );
}
