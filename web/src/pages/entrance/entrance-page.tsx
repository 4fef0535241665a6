import type { JSX } from "preact";

import { Page } from "../../components/page.tsx";
import { AccessForm } from "./access-form.tsx";
import { LoginForm } from "./login-form.tsx";
import "./entrance.css";

export function EntrancePage(): JSX.Element {
  return (
    <Page title="Entrar" lead="Plataforma de integração e monitoramento prudencial do mercado de energia.">
      <div class="entrance">
        <section class="panel stack" aria-labelledby="ja-tenho-acesso">
          <h2 id="ja-tenho-acesso">Já tenho acesso</h2>
          <LoginForm />
          <p class="small soft">
            Esqueceu a senha? Use “Criar / Redefinir acesso”. Esqueceu o login? É o e-mail que o cadastro da CCEE tem
            de você.
          </p>
        </section>
        <section class="panel stack" aria-labelledby="criar-acesso">
          <h2 id="criar-acesso">Criar / Redefinir acesso</h2>
          <AccessForm />
        </section>
      </div>
    </Page>
  );
}
