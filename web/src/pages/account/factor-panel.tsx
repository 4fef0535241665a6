import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { cognito, session } from "../../application.ts";
import { sentenceOf } from "../../api/problem.ts";
import { Button } from "../../components/button.tsx";
import { Confirmation } from "../../components/dialog.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { Shown, useLoaded } from "../../components/loading.tsx";
import { Notice } from "../../components/notice.tsx";
import { Status } from "../../components/status.tsx";
import { CodeField, isCode } from "../entrance/code-field.tsx";
import { factorRefusal, NO_FACTOR_CODE } from "../entrance/factor-code.ts";

/** The second factor of a login: codes of an application, asked for after the password. */
export function FactorPanel(): JSX.Element {
  const standing = useLoaded(async () => (await cognito()).hasFactor(await session.current()), []);
  const [changed, setChanged] = useState(false);

  function change(on: boolean): void {
    setChanged(true);
    standing.put(on);
  }

  return (
    <section class="panel stack" aria-labelledby="segundo-fator">
      <h2 id="segundo-fator">Verificação em duas etapas</h2>
      <p class="soft small">
        Além da senha, o acesso pede um código de seis números que um aplicativo autenticador do seu telefone mostra.
      </p>
      <Shown loading={standing} what="a verificação em duas etapas">
        {(on) => (
          <>
            {changed && <Changed key={String(on)} on={on} />}
            {on ? <On onOff={() => change(false)} /> : <Off onOn={() => change(true)} />}
          </>
        )}
      </Shown>
    </section>
  );
}

/** In the place of the form or the dialog by which it was changed. */
function Changed({ on }: { readonly on: boolean }): JSX.Element {
  return (
    <Notice tone="good" headline={on ? "Verificação ligada" : "Verificação desligada"} inPlace>
      {on ? (
        <p>No próximo acesso, depois da senha, o Aval pede o código do aplicativo.</p>
      ) : (
        <p>A senha sozinha basta para entrar.</p>
      )}
    </Notice>
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
      <p class="soft small">
        Vai trocar de telefone? Desligue aqui e ligue de novo com o aparelho novo. Se perder o telefone, fale com o
        atendimento.
      </p>
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
    setCode("");
    try {
      setSecret(await (await cognito()).beginFactor(await session.current()));
    } catch (error) {
      setWrong(sentenceOf(error));
    }
  }

  function giveUp(): void {
    setSecret(null);
    setWrong(null);
  }

  const submission = useSubmission(async () => {
    setWrong(isCode(code) ? null : NO_FACTOR_CODE);
    if (!isCode(code)) return;
    try {
      await (await cognito()).confirmFactor(await session.current(), code);
      onOn();
    } catch (error) {
      setWrong(factorRefusal(error));
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
    <Form submission={submission} inPlace>
      <ol class="stack tight small">
        <li>
          1. No aplicativo, cadastre a conta com esta chave: <code>{secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>, ou{" "}
          <a href={address}>abra-a no aplicativo deste aparelho</a>.
        </li>
        <li>2. Digite o código que ele mostra.</li>
      </ol>
      <CodeField label="Código do aplicativo" value={code} onInput={setCode} error={wrong} />
      <div class="row">
        <Button type="submit" kind="primary" busy={submission.busy}>
          Confirmar
        </Button>
        <Button kind="quiet" onPress={giveUp}>
          Deixar para depois
        </Button>
      </div>
    </Form>
  );
}
