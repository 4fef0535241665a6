import type { JSX } from "preact";

import { person } from "../../application.ts";
import { Shown, useLoaded } from "../../components/loading.tsx";
import { Page } from "../../components/page.tsx";
import { ContractsNav } from "./contracts-nav.tsx";
import { ImportForm } from "./import-form.tsx";
import { ImportsList } from "./imports-list.tsx";
import { ownProfiles } from "./profiles.ts";

export function ImportsPage(): JSX.Element {
  const who = person.value;
  const profiles = useLoaded(() => (who === null ? Promise.resolve([]) : ownProfiles(who)), [who]);
  return (
    <Page
      title="Importações"
      lead="Um arquivo registra, ajusta, valida ou encerra muitos contratos de uma vez. Cada linha é julgada por si: uma errada não detém as outras."
    >
      <ContractsNav at="/contratos/importacoes" />
      <Shown loading={profiles} what="os seus perfis">
        {(own) => {
          const acting = own.filter(({ acts }) => acts);
          return acting.length > 0 ? (
            <ImportForm profiles={acting} />
          ) : (
            <p class="soft">Só um representante CCEE importa arquivos; o seu acesso permite consultar.</p>
          );
        }}
      </Shown>
      <ImportsList />
    </Page>
  );
}
