import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Company, CompanyPage } from "../../api/messages.ts";
import { person, session } from "../../application.ts";
import { Button, LinkButton } from "../../components/button.tsx";
import { SelectField, TextField } from "../../components/field.tsx";
import { Shown, useLoaded } from "../../components/loading.tsx";
import { Page } from "../../components/page.tsx";
import { Status } from "../../components/status.tsx";
import { cnpjText } from "../../format/identifiers.ts";
import { countText } from "../../format/numbers.ts";
import { listCompanies, type Asked } from "./record.ts";
import { mayChange, mayChangeAny } from "./rights.ts";
import { companyTold, STATUS_CHOICES } from "./words.ts";

const EVERYTHING: Asked = { search: "", status: "", page: 1 };
const PAUSE_MILLISECONDS = 250;

/** Outlives the page: whoever comes back from a company finds the list as it was. */
const asked = signal<Asked>(EVERYTHING);
session.standing.subscribe((standing) => {
  if (standing === "out") asked.value = EVERYTHING;
});

export function CompaniesPage(): JSX.Element {
  const { search, status, page } = asked.value;
  const companies = useLoaded((stop) => listCompanies({ search, status, page }, stop), [search, status, page]);
  const writes = mayChangeAny(person.value);
  const nobodys = companies.loaded.state === "ready" && companies.loaded.value.total === 0 && !isFiltered();
  return (
    <Page
      title="Minhas Empresas"
      lead="Gestão de adesão à Plataforma de Integração: a senha e os certificados de cada empresa que você representa."
      actions={
        writes && (
          <LinkButton to="/empresas/nova" kind="primary">
            <span aria-hidden="true">+</span> Nova adesão
          </LinkButton>
        )
      }
    >
      {!nobodys && <Filters />}
      <Shown loading={companies} what="as suas empresas">
        {(found) => <Found found={found} />}
      </Shown>
      {!writes && !nobodys && (
        <p class="soft small">
          Você vê os cadastros e baixa os certificados. Só o representante CCEE de uma empresa os altera.
        </p>
      )}
    </Page>
  );
}

function Filters(): JSX.Element {
  const [typed, setTyped] = useState(asked.value.search);
  useEffect(() => {
    const search = typed.trim();
    if (search === asked.value.search) return;
    const timer = setTimeout(() => {
      asked.value = { ...asked.value, search, page: 1 };
    }, PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <search class="company-filters">
      <TextField
        label="Buscar por razão social, sigla ou CNPJ"
        type="search"
        maxLength={100}
        value={typed}
        onInput={setTyped}
      />
      <SelectField
        label="Status"
        options={STATUS_CHOICES}
        value={asked.value.status}
        onChange={(status) => {
          asked.value = { ...asked.value, status, page: 1 };
        }}
      />
    </search>
  );
}

function Found({ found }: { readonly found: CompanyPage }): JSX.Element {
  const filtered = isFiltered();
  return (
    <div class="stack">
      <p class="soft small" role="status">
        {told(found.total, filtered)}
      </p>
      {found.total === 0 ? <Nothing filtered={filtered} /> : <Companies companies={found.empresas} />}
      <Pages found={found} />
    </div>
  );
}

function Companies({ companies }: { readonly companies: readonly Company[] }): JSX.Element {
  const now = new Date();
  return (
    <div class="scroller">
      <table class="table companies">
        <thead>
          <tr>
            <th scope="col">Razão social</th>
            <th scope="col" class="roomy">
              CNPJ
            </th>
            <th scope="col" class="roomy">
              Sigla
            </th>
            <th scope="col" class="roomy">
              Status
            </th>
            <th scope="col">
              <span class="unseen">Ação</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {companies.map((company) => (
            <Row key={company.cnpj} company={company} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ company, now }: { readonly company: Company; readonly now: Date }): JSX.Element {
  const { tone, text, hollow } = companyTold(company, now);
  const act = mayChange(person.value, company.cnpj) ? "Atualizar cadastro" : "Ver cadastro";
  return (
    <tr>
      <th scope="row">
        {company.razaoSocial}
        <span class="cramped small soft">
          {company.sigla} · <span class="nowrap">{cnpjText(company.cnpj)}</span>
        </span>
        <span class="cramped small">
          <Status tone={tone} hollow={hollow ?? false}>
            {text}
          </Status>
        </span>
      </th>
      <td class="figure nowrap roomy">{cnpjText(company.cnpj)}</td>
      <td class="roomy">{company.sigla}</td>
      <td class="roomy">
        <Status tone={tone} hollow={hollow ?? false}>
          {text}
        </Status>
      </td>
      <td class="act">
        <LinkButton to={`/empresas/${company.cnpj}`} kind="quiet" label={`${act} de ${company.sigla}`}>
          {act}
        </LinkButton>
      </td>
    </tr>
  );
}

function Nothing({ filtered }: { readonly filtered: boolean }): JSX.Element {
  if (!filtered) {
    return (
      <div class="panel empty">
        <p>
          Você ainda não representa nenhuma empresa. As representações vêm do cadastro da CCEE: quando a sua estiver lá,
          a empresa aparece aqui.
        </p>
      </div>
    );
  }
  return (
    <div class="panel empty">
      <p>Nenhuma das suas empresas corresponde à busca e ao status escolhidos.</p>
    </div>
  );
}

function Pages({ found }: { readonly found: CompanyPage }): JSX.Element | null {
  const last = Math.max(1, Math.ceil(found.total / found.tamanhoPagina));
  if (last === 1 && found.pagina === 1) return null;
  const turn = (page: number): void => {
    asked.value = { ...asked.value, page };
  };
  return (
    <nav class="row" aria-label="Páginas">
      <Button disabled={found.pagina <= 1} onPress={() => turn(found.pagina - 1)}>
        Página anterior
      </Button>
      <span>
        Página {countText(found.pagina)} de {countText(last)}
      </span>
      <Button disabled={found.pagina >= last} onPress={() => turn(found.pagina + 1)}>
        Próxima página
      </Button>
    </nav>
  );
}

function isFiltered(): boolean {
  return asked.value.search !== "" || asked.value.status !== "";
}

function told(total: number, filtered: boolean): string {
  const count = total === 1 ? "1 empresa" : `${countText(total)} empresas`;
  return filtered ? `${count} com este filtro` : count;
}
