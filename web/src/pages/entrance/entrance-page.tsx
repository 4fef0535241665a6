import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Page } from "../../components/page.tsx";
import { AccessForm } from "./access-form.tsx";
import { LoginForm, type LoginStep } from "./login-form.tsx";
import "./entrance.css";

const HEADINGS: Readonly<Record<LoginStep, string>> = {
  PASSWORD: "Já tenho acesso",
  NEW_PASSWORD_REQUIRED: "Escolha a sua senha",
  SOFTWARE_TOKEN_MFA: "Verificação em duas etapas",
};

export function EntrancePage(): JSX.Element {
  const [step, setStep] = useState<LoginStep>("PASSWORD");
  const [mailed, setMailed] = useState("");
  // Whose password was taken has one question to answer: the other form has fields of the same names.
  const begins = step === "PASSWORD";
  return (
    <Page title="Entrar" lead="Plataforma de integração e monitoramento prudencial do mercado de energia.">
      <div class="entrance">
        <section class="panel stack" aria-labelledby="ja-tenho-acesso">
          <h2 id="ja-tenho-acesso">{HEADINGS[step]}</h2>
          <LoginForm suggestedName={mailed} onStep={setStep} />
          {begins && (
            <p class="small soft">
              Esqueceu a senha? Use “Criar / Redefinir acesso”. Esqueceu o login? É o e-mail que o cadastro da CCEE tem
              de você.
            </p>
          )}
        </section>
        {begins && (
          <section class="panel stack" aria-labelledby="criar-acesso">
            <h2 id="criar-acesso">Criar / Redefinir acesso</h2>
            <AccessForm onMailed={setMailed} />
          </section>
        )}
      </div>
    </Page>
  );
}
