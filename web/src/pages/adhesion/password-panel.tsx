import type { InputHTMLAttributes, JSX } from "preact";
import { useState } from "preact/hooks";

import type { Company } from "../../api/messages.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Points } from "../../components/points.tsx";
import { judgedPoints } from "./password.ts";
import { PASSWORD_FIELD } from "./staging.ts";

export interface PasswordPanelProps {
  readonly company: Company;
  readonly value: string;
  readonly onInput: (typed: string) => void;
  readonly error: string | null;
}

/** The system user's password: asked for at first, then only changed by whoever wants to. */
export function PasswordPanel({ company, value, onInput, error }: PasswordPanelProps): JSX.Element {
  const [shown, setShown] = useState(false);
  const first = company.situacao === "NAO_ADERIDO";
  return (
    <section class="panel stack" aria-labelledby="senha-titulo">
      <h2 id="senha-titulo">{first ? "Defina uma senha" : "Trocar a senha"}</h2>
      <div class="password-panel">
        <Field
          id={PASSWORD_FIELD}
          label={first ? "Senha" : "Nova senha (opcional)"}
          hint={first ? "O sistema da empresa entra com o CNPJ e esta senha." : "Deixe em branco para manter a senha atual."}
          error={error}
        >
          {(wiring) => (
            <div class="password-row">
              <input
                class="input"
                {...wiring}
                {...({ type: shown ? "text" : "password" } as InputHTMLAttributes<HTMLInputElement>)}
                autocomplete="new-password"
                spellcheck={false}
                maxLength={256}
                required={first}
                value={value}
                onInput={(event) => onInput(event.currentTarget.value)}
              />
              <Button label={shown ? "Ocultar senha" : "Mostrar senha"} onPress={() => setShown(!shown)}>
                {shown ? "Ocultar" : "Mostrar"}
              </Button>
            </div>
          )}
        </Field>
        {(first || value !== "") && <Points label="Regras da senha" points={judgedPoints(value, company.cnpj)} />}
      </div>
    </section>
  );
}
