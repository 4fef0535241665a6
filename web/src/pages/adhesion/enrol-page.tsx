import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Company } from "../../api/messages.ts";
import { person } from "../../application.ts";
import { Button, LinkButton } from "../../components/button.tsx";
import { Lookup } from "../../components/lookup.tsx";
import { Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { cnpjText } from "../../format/identifiers.ts";
import { go } from "../../routing/location.ts";
import { CompanyFacts } from "./company-facts.tsx";
import { listCompanies } from "./record.ts";
import { mayChange, mayChangeAny } from "./rights.ts";
import { stateText } from "./words.ts";

export function EnrolPage(): JSX.Element {
  return (
    <Page
      title="Nova adesão"
      trail={[{ text: "Minhas Empresas", to: "/empresas" }]}
      lead="Escolha a empresa que vai aderir à Plataforma de Integração. Depois você define a senha e envia o certificado."
    >
      {mayChangeAny(person.value) ? (
        <Choice />
      ) : (
        <Notice tone="calm">
          <p>Só o representante CCEE de uma empresa pede a adesão dela, e você não é representante CCEE de nenhuma.</p>
        </Notice>
      )}
    </Page>
  );
}

function Choice(): JSX.Element {
  const [chosen, setChosen] = useState<Company | null>(null);
  const [missing, setMissing] = useState(false);

  function goOn(event: Event): void {
    event.preventDefault();
    if (chosen === null) {
      setMissing(true);
      document.getElementById("empresa")?.focus();
    } else go(`/empresas/${chosen.cnpj}`);
  }

  return (
    <form class="panel stack" noValidate onSubmit={goOn}>
      <div class="company-choice">
        <Lookup
          id="empresa"
          label="Empresa"
          hint="Digite a sigla, o CNPJ ou parte da razão social e escolha na lista."
          error={missing && chosen === null ? "Escolha uma empresa da lista antes de continuar." : null}
          from={0}
          search={found}
          suggestionOf={(company) => ({
            key: company.cnpj,
            text: company.sigla,
            detail: `${cnpjText(company.cnpj)} · ${stateText(company.situacao)}`,
          })}
          chosen={chosen}
          onChoose={setChosen}
          nothing="Nenhuma empresa que você representa corresponde ao que foi digitado."
        />
      </div>
      {chosen !== null && <CompanyFacts company={chosen} />}
      {chosen?.situacao === "ADERIDO" && (
        <Notice tone="calm">
          <p>Esta empresa já aderiu. Continue para trocar a senha ou atualizar os certificados.</p>
        </Notice>
      )}
      <div class="row">
        <Button type="submit" kind="primary">
          Continuar
        </Button>
        <LinkButton to="/empresas">Cancelar</LinkButton>
      </div>
    </form>
  );
}

async function found(typed: string, stop: AbortSignal): Promise<readonly Company[]> {
  const page = await listCompanies({ search: typed, status: "", page: 1 }, stop);
  return page.empresas.filter((company) => mayChange(person.value, company.cnpj));
}
