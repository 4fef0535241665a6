import type { JSX } from "preact";

import { Problem } from "../../api/problem.ts";
import { person } from "../../application.ts";
import { LinkButton } from "../../components/button.tsx";
import { Shown, useLoaded } from "../../components/loading.tsx";
import { Failure, Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { cnpjText, parsedCnpj } from "../../format/identifiers.ts";
import type { Parameters } from "../../routing/routes.ts";
import { AccessForm } from "./access-form.tsx";
import { CertificatesTable } from "./certificates-table.tsx";
import { CompanyFacts } from "./company-facts.tsx";
import { readCompany, type CompanyRecord } from "./record.ts";
import { mayChange } from "./rights.ts";

const TRAIL = [{ text: "Minhas Empresas", to: "/empresas" }];

export function CompanyPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  const cnpj = parsedCnpj(parameters["cnpj"] ?? "");
  return cnpj === null ? <NoCnpj typed={parameters["cnpj"] ?? ""} /> : <Known cnpj={cnpj} />;
}

function Known({ cnpj }: { readonly cnpj: string }): JSX.Element {
  const loading = useLoaded((stop) => readCompany(cnpj, stop), [cnpj]);
  const sigla = person.value?.empresas.find((company) => company.cnpj === cnpj)?.sigla;
  const title = `Adesão de ${sigla ?? cnpjText(cnpj)}`;
  const { loaded } = loading;
  if (loaded.state === "failed" && loaded.error instanceof Problem && loaded.error.status === 404) {
    return <NotTheirs title={title} error={loaded.error} />;
  }
  return (
    <Page
      title={title}
      trail={TRAIL}
      actions={<LinkButton to={`/empresas/${cnpj}/historico`}>Histórico</LinkButton>}
    >
      <Shown loading={loading} what="o cadastro da empresa">
        {(record) =>
          mayChange(person.value, cnpj) ? (
            <AccessForm record={record} onRead={loading.reload} onChanged={loading.put} />
          ) : (
            <Reading record={record} />
          )
        }
      </Shown>
    </Page>
  );
}

/** Who may not write sees no control to write with, and why. */
function Reading({ record }: { readonly record: CompanyRecord }): JSX.Element {
  return (
    <div class="stack">
      <section class="panel stack" aria-label="Empresa">
        <CompanyFacts company={record.company} />
        <Notice tone="calm">
          <p>
            Você pode ver e baixar os certificados desta empresa. Só o representante CCEE dela define a senha e adiciona
            ou exclui certificados.
          </p>
        </Notice>
      </section>
      <section class="panel stack" aria-labelledby="certificados-titulo">
        <h2 id="certificados-titulo">Certificados existentes</h2>
        <CertificatesTable company={record.company} />
      </section>
    </div>
  );
}

/** Asking again brings nothing: the way on is another company. */
function NotTheirs({ title, error }: { readonly title: string; readonly error: Problem }): JSX.Element {
  return (
    <Page title={title} trail={TRAIL}>
      <div class="stack">
        <Failure error={error} />
        <p>Confira o CNPJ no endereço da página, ou escolha a empresa na lista das que você representa.</p>
        <div>
          <LinkButton to="/empresas">Voltar a Minhas Empresas</LinkButton>
        </div>
      </div>
    </Page>
  );
}

function NoCnpj({ typed }: { readonly typed: string }): JSX.Element {
  return (
    <Page title="Empresa não encontrada" trail={TRAIL}>
      <p>“{typed}” não é um CNPJ válido. Volte a Minhas Empresas e escolha a empresa na lista.</p>
    </Page>
  );
}
