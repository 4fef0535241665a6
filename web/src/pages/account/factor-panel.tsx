import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { cognito, session } from "../../application.ts";
import { sentenceOf } from "../../api/problem.ts";
import { Button } from "../../components/button.tsx";
import { Confirmation } from "../../components/dialog.tsx";
import { TextField } from "../../components/field.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { Shown, useLoaded } from "../../components/loading.tsx";
import { Status } from "../../components/status.tsx";

/** The second factor of a login: codes of an application, asked for after the password. */
export function FactorPanel(): JSX.Element {
  const standing = useLoaded(async () => (await cognito()).hasFactor(await session.current()), []);
  return (
    <section class="panel stack" aria-labelledby="segundo-fator">
      <h2 id="segundo-fator">Verificação em duas etapas</h2>
      <p class="soft small">
        Além da senha, o acesso pede um código de seis números que um aplicativo autenticador do seu telefone mostra.
      </p>
      <Shown loading={standing} what="a verificação em duas etapas">
        {(on) => (on ? <On onOff={() => standing.put(false)} /> : <Off onOn={() => standing.put(true)} />)}
      </Shown>
    </section>
  );
}

function On({ onOff }: { readonly onOff: () => void }): JSX.Element {
  const [asking, setAsking] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  async function turnOff(): Promise<void> {
    try {
      await (await cognito()).preferFactor(await session.current(), false);
      onOff();
    } catch (error) {
      setWrong(sentenceOf(error));
      setAsking(false);
    }
  }

  return (
    <>
      <Status tone="good">Ligada</Status>
      {wrong !== null && <p class="wrong">{wrong}</p>}
      <div>
        <Button kind="danger" onPress={() => setAsking(true)}>
          Desligar
        </Button>
      </div>
      {asking && (
        <Confirmation
          title="Desligar a verificação em duas etapas deste login?"
          confirm="Desligar"
          kind="danger"
          onConfirm={turnOff}
          onCancel={() => setAsking(false)}
        >
          <p>Depois disso a senha sozinha basta para entrar.</p>
        </Confirmation>
      )}
    </>
  );
}

function Off({ onOn }: { readonly onOn: () => void }): JSX.Element {
  const [secret, setSecret] = useState<string | null>(null);
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);

  async function begin(): Promise<void> {
    setWrong(null);
    try {
      setSecret(await (await cognito()).beginFactor(await session.current()));
    } catch (error) {
      setWrong(sentenceOf(error));
    }
  }

  const submission = useSubmission(async () => {
    if (!/^\d{6}$/.test(code)) {
      setWrong("Digite os seis números que o aplicativo mostra.");
      return;
    }
    try {
      await (await cognito()).confirmFactor(await session.current(), code);
      onOn();
    } catch (error) {
      setWrong(sentenceOf(error));
    }
  });

  if (secret === null)
    return (
      <>
        <Status tone="calm" hollow>
          Desligada
        </Status>
        {wrong !== null && <p class="wrong">{wrong}</p>}
        <div>
          <Button onPress={begin}>Ligar</Button>
        </div>
      </>
    );
  const address = `otpauth://totp/Aval:${encodeURIComponent(session.name ?? "")}?secret=${secret}&issuer=Aval`;
  return (
    <Form submission={submission}>
      <ol class="stack tight small">
        <li>
          1. No aplicativo, cadastre a conta com esta chave: <code>{secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>, ou{" "}
          <a href={address}>abra-a no aplicativo deste aparelho</a>.
        </li>
        <li>2. Digite o código que ele mostra.</li>
      </ol>
      <TextField
        label="Código do aplicativo"
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={6}
        value={code}
        onInput={setCode}
        error={wrong}
      />
      <div class="row">
        <Button type="submit" kind="primary" busy={submission.busy}>
          Confirmar
        </Button>
        <Button kind="quiet" onPress={() => setSecret(null)}>
          Deixar para depois
        </Button>
      </div>
    </Form>
  );
}
