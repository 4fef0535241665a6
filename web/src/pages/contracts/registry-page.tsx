import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { ListShown, useCursorList } from "../../components/cursor-list.tsx";
import { DayField } from "../../components/day-field.tsx";
import { SelectField, TextField } from "../../components/field.tsx";
import { LongList } from "../../components/long-list.tsx";
import { Page } from "../../components/page.tsx";
import { hrefOf } from "../../routing/location.ts";
import type { Parameters } from "../../routing/routes.ts";
import { ContractsNav } from "./contracts-nav.tsx";
import { ASSETS, PARCELS, PARTICIPANTS, PROFILES, type RegistryList } from "./registry-lists.tsx";
import { faultsOf, registryPath, typedAtFirst, type FilterField, type Typed } from "./registry-query.ts";

const PAGE_SIZE = 200;
const LISTS = [PARTICIPANTS, PROFILES, ASSETS, PARCELS] as const;

/** The registry's public lists: who is who in the market, and what belongs to whom. */
export function RegistryPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  const asked = parameters["lista"] ?? PARTICIPANTS.place;
  return (
    <Page title="Consulta ao cadastro" lead="Participantes, perfis, ativos e parcelas são públicos para quem tem acesso à plataforma.">
      <ContractsNav at="/contratos/consulta" />
      <nav class="row" aria-label="Listas do cadastro">
        {LISTS.map(({ place, title }) => (
          <a
            key={place}
            class="button quiet registry-pick"
            href={hrefOf(`/contratos/consulta/${place}`)}
            aria-current={place === asked ? "page" : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      <Asked place={asked} />
    </Page>
  );
}

/** Each list keeps its own type of rows, so that its columns fit them. */
function Asked({ place }: { readonly place: string }): JSX.Element {
  if (place === PROFILES.place) return <RegistryRows list={PROFILES} />;
  if (place === ASSETS.place) return <RegistryRows list={ASSETS} />;
  if (place === PARCELS.place) return <RegistryRows list={PARCELS} />;
  return <RegistryRows list={PARTICIPANTS} />;
}

type Answer<T> = Readonly<Record<string, readonly T[]>> & { readonly proxima: string | null };

function RegistryRows<T extends { readonly codigo: number }>({ list }: { readonly list: RegistryList<T> }): JSX.Element {
  const [asked, setAsked] = useState(() => typedAtFirst(list.fields));
  const rows = useCursorList<T>(
    async (cursor, signal) => {
      const answer = await api.json<Answer<T>>(registryPath(list.path, asked, cursor, PAGE_SIZE), { signal });
      return { rows: answer[list.rowsIn] ?? [], next: answer.proxima };
    },
    [asked],
  );
  return (
    <section class="stack" aria-label={list.title}>
      <RegistryFilters fields={list.fields} what={list.what} onAsk={setAsked} />
      <ListShown list={rows} one={list.one} what={list.what} empty={<p>Nada foi encontrado com estes filtros.</p>}>
        {(found) => <LongList label={list.title} columns={list.columns} rows={found} keyOf={({ codigo }) => String(codigo)} />}
      </ListShown>
    </section>
  );
}

interface FiltersProps {
  readonly fields: readonly FilterField[];
  readonly what: string;
  readonly onAsk: (typed: Typed) => void;
}

function RegistryFilters({ fields, what, onAsk }: FiltersProps): JSX.Element {
  const [typed, setTyped] = useState(() => typedAtFirst(fields));
  const [faults, setFaults] = useState<Typed>({});

  function ask(event: Event): void {
    event.preventDefault();
    const found = faultsOf(fields, typed);
    setFaults(found);
    const first = fields.find(({ name }) => name in found);
    if (first) document.getElementById(`filtro-${first.name}`)?.focus();
    else onAsk({ ...typed });
  }

  function clear(): void {
    const none = typedAtFirst(fields);
    setTyped(none);
    setFaults({});
    onAsk(none);
  }

  return (
    <form class="panel stack" aria-label="Filtros" onSubmit={ask} noValidate>
      <div class="filter-grid">
        {fields.map((field) => (
          <OneField
            key={field.name}
            field={field}
            value={typed[field.name] ?? ""}
            error={faults[field.name]}
            onChange={(value) => setTyped({ ...typed, [field.name]: value })}
          />
        ))}
      </div>
      <div class="row">
        <Button kind="primary" type="submit">{`Procurar ${what}`}</Button>
        <Button kind="quiet" onPress={clear}>
          Limpar filtros
        </Button>
      </div>
    </form>
  );
}

interface OneFieldProps {
  readonly field: FilterField;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

function OneField({ field, value, error, onChange }: OneFieldProps): JSX.Element {
  const told = { id: `filtro-${field.name}`, label: field.label, value, error };
  if (field.kind === "choice") return <SelectField {...told} options={field.options ?? []} onChange={onChange} />;
  if (field.kind === "day") return <DayField {...told} onInput={onChange} />;
  return (
    <TextField
      {...told}
      inputMode={field.kind === "code" ? "numeric" : "text"}
      {...(field.maxLength === undefined ? {} : { maxLength: field.maxLength })}
      onInput={onChange}
    />
  );
}
