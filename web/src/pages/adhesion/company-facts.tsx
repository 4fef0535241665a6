import type { JSX } from "preact";

import type { Company } from "../../api/messages.ts";
import { Fact } from "../../components/fact.tsx";
import { Status } from "../../components/status.tsx";
import { cnpjText } from "../../format/identifiers.ts";
import { companyTold, stateText } from "./words.ts";

/** Which company this is, and how its access stands. */
export function CompanyFacts({ company }: { readonly company: Company }): JSX.Element {
  const { tone, text, hollow } = companyTold(company, new Date());
  return (
    <dl class="facts company-facts">
      <Fact name="Sigla">{company.sigla}</Fact>
      <Fact name="CNPJ" kind="figure">{cnpjText(company.cnpj)}</Fact>
      <Fact name="Razão social">{company.razaoSocial}</Fact>
      <Fact name="Situação">{stateText(company.situacao)}</Fact>
      <Fact name="Status">
        <Status tone={tone} hollow={hollow ?? false}>
          {text}
        </Status>
      </Fact>
    </dl>
  );
}
