import type { JSX } from "preact";

import type { Company } from "../../api/messages.ts";
import { Status } from "../../components/status.tsx";
import { cnpjText } from "../../format/identifiers.ts";
import { companyTold, stateText } from "./words.ts";

/** Which company this is, and how its access stands. */
export function CompanyFacts({ company }: { readonly company: Company }): JSX.Element {
  const { tone, text, hollow } = companyTold(company, new Date());
  return (
    <dl class="facts company-facts">
      <div>
        <dt>Sigla</dt>
        <dd>{company.sigla}</dd>
      </div>
      <div>
        <dt>CNPJ</dt>
        <dd class="figure">{cnpjText(company.cnpj)}</dd>
      </div>
      <div>
        <dt>Razão social</dt>
        <dd>{company.razaoSocial}</dd>
      </div>
      <div>
        <dt>Situação</dt>
        <dd>{stateText(company.situacao)}</dd>
      </div>
      <div>
        <dt>Status</dt>
        <dd>
          <Status tone={tone} hollow={hollow ?? false}>
            {text}
          </Status>
        </dd>
      </div>
    </dl>
  );
}
