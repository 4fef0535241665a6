import type { JSX } from "preact";

import { person, session } from "../../application.ts";
import { Page } from "../../components/page.tsx";
import { cnpjText } from "../../format/identifiers.ts";
import { FactorPanel } from "./factor-panel.tsx";
import { PasswordPanel } from "./password-panel.tsx";
import { roleText } from "./roles.ts";

export function AccountPage(): JSX.Element {
  const who = person.value;
  return (
    <Page title="Minha conta" lead={`${who?.nome ?? "Pessoa sem cadastro"} · ${session.name ?? ""}`}>
      <section class="stack" aria-labelledby="papeis">
        <h2 id="papeis">Empresas e papéis</h2>
        {who === null || who.empresas.length === 0 ? (
          <p class="empty">O cadastro não dá a este login nenhuma empresa.</p>
        ) : (
          <div class="scroller">
            <table class="table cards" role="table">
              <thead role="rowgroup">
                <tr role="row">
                  <th scope="col" role="columnheader">
                    Razão social
                  </th>
                  <th scope="col" role="columnheader">
                    CNPJ
                  </th>
                  <th scope="col" role="columnheader">
                    Sigla
                  </th>
                  <th scope="col" role="columnheader">
                    Papéis
                  </th>
                </tr>
              </thead>
              <tbody role="rowgroup">
                {who.empresas.map((company) => (
                  <tr key={company.cnpj} role="row">
                    <th scope="row" role="rowheader">
                      {company.razaoSocial}
                    </th>
                    <td role="cell" data-title="CNPJ" class="figure nowrap">
                      {cnpjText(company.cnpj)}
                    </td>
                    <td role="cell" data-title="Sigla">
                      {company.sigla}
                    </td>
                    <td role="cell" data-title="Papéis">
                      {company.papeis.map(roleText).join(", ")}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <div class="columns">
        <PasswordPanel />
        <FactorPanel />
      </div>
    </Page>
  );
}
