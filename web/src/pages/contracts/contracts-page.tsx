import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Contract, ContractPage } from "../../api/messages.ts";
import { api, person } from "../../application.ts";
import { Button, LinkButton } from "../../components/button.tsx";
import { ListShown, useCursorList } from "../../components/cursor-list.tsx";
import { useLoaded } from "../../components/loading.tsx";
import { LongList, type Column } from "../../components/long-list.tsx";
import { Failure, Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { hrefOf } from "../../routing/location.ts";
import { ContractsNav } from "./contracts-nav.tsx";
import { FilterPanel } from "./filter-panel.tsx";
import { ALL_CONTRACTS, contractsPath, isAsOpened, keepFilters, leftFilters, type ContractFilters } from "./filters.ts";
import { periodText } from "./periods.ts";
import { ProfileName } from "./profile-name.tsx";
import type { OwnProfile } from "./profile-lists.ts";
import { ownProfiles } from "./profiles.ts";
import { WordStatus } from "./word-status.tsx";
import { situationWord } from "./words.ts";

const PAGE_SIZE = 200;

const COLUMNS: readonly Column<Contract>[] = [
  { title: "Contrato", width: "6.5rem", names: true, cell: ({ id }) => <a href={hrefOf(`/contratos/${id}`)}>{id}</a> },
  { title: "Situação", width: "minmax(10rem, 0.8fr)", cell: ({ situacao }) => <WordStatus word={situationWord(situacao?.nome)} /> },
  { title: "Vendedor", width: "minmax(12rem, 1.2fr)", cell: ({ vendedor }) => <ProfileName code={vendedor.perfil.id} /> },
  { title: "Comprador", width: "minmax(12rem, 1.2fr)", cell: ({ comprador }) => <ProfileName code={comprador.perfil.id} /> },
  { title: "Vigência", width: "15.5rem", cell: ({ periodoVigencia }) => periodText(periodoVigencia) },
  { title: "Submercado", width: "7.75rem", cell: ({ submercado }) => submercado.nome },
  { title: "Referência", width: "minmax(8rem, 1.2fr)", cell: (contract) => contract.referencia || contract.produto?.nome },
];

export function ContractsPage(): JSX.Element {
  const who = person.value;
  const [filters, setFilters] = useState(() => leftFilters(who));
  const [nothingAwaited, setNothingAwaited] = useState(false);
  const list = useCursorList<Contract>(
    async (cursor, signal) => {
      const page = await api.json<ContractPage>(contractsPath(filters, cursor, PAGE_SIZE), { signal });
      return { rows: page.contratos, next: page.proxima };
    },
    [filters],
  );
  const profiles = useLoaded(() => (who === null ? Promise.resolve([]) : ownProfiles(who)), [who]);
  const own: readonly OwnProfile[] = profiles.loaded.state === "ready" ? profiles.loaded.value : [];

  const opened = list.loading.loaded;
  const openedOnNothing = isAsOpened(filters) && opened.state === "ready" && opened.value.rows.length === 0;
  const hasRows = opened.state === "ready" && opened.value.rows.length > 0;
  useEffect(() => {
    if (!openedOnNothing) return;
    setNothingAwaited(true);
    setFilters(ALL_CONTRACTS);
  }, [openedOnNothing]);

  function change(next: ContractFilters): void {
    keepFilters(who, next);
    setNothingAwaited(false);
    setFilters(next);
  }

  return (
    <Page
      title="Contratos"
      lead="O vendedor registra; o comprador valida os montantes. Só montantes validados contam na contabilização."
      actions={own.some(({ acts }) => acts) && <LinkButton to="/contratos/importacoes">Importar arquivo</LinkButton>}
    >
      <ContractsNav at="/contratos" />
      {profiles.loaded.state === "failed" && (
        <Failure error={profiles.loaded.error} onRetry={() => void profiles.reload()} />
      )}
      <FilterPanel filters={filters} profiles={own} onChange={change} />
      {nothingAwaited && (
        <Notice tone="good" live>
          <p>Nenhum montante espera a sua validação.{hasRows && " Abaixo estão todos os contratos livres."}</p>
        </Notice>
      )}
      <ListShown list={list} one="contrato" what="contratos" empty={<Empty filters={filters} onAll={() => change(ALL_CONTRACTS)} />}>
        {(rows) => <LongList label="Contratos" columns={COLUMNS} rows={rows} keyOf={({ id }) => String(id)} />}
      </ListShown>
    </Page>
  );
}

interface EmptyProps {
  readonly filters: ContractFilters;
  readonly onAll: () => void;
}

function Empty({ filters, onAll }: EmptyProps): JSX.Element {
  if (filters === ALL_CONTRACTS) {
    return (
      <p>
        Ainda não há contratos dos seus perfis. O primeiro passo é do vendedor, que importa um arquivo com o registro.
      </p>
    );
  }
  return (
    <>
      <p>{filters.pendingOnly ? "Nenhum montante espera validação com estes filtros." : "Nenhum contrato com estes filtros."}</p>
      <Button onPress={onAll}>Ver todos os contratos</Button>
    </>
  );
}
