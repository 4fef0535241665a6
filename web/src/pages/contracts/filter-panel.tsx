import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Market, Side } from "../../api/messages.ts";
import { Button } from "../../components/button.tsx";
import { DayField } from "../../components/day-field.tsx";
import { CheckField, SelectField, TextField } from "../../components/field.tsx";
import { go } from "../../routing/location.ts";
import { ALL_CONTRACTS, AWAITED, periodFaults, type ContractFilters } from "./filters.ts";
import type { OwnProfile } from "./profile-lists.ts";

const SIDES = [
  { value: "", text: "Qualquer" },
  { value: "COMPRADOR", text: "Comprador" },
  { value: "VENDEDOR", text: "Vendedor" },
];
const MARKETS = [
  { value: "LIVRE", text: "Livre (ACL)" },
  { value: "REGULADO", text: "Regulado (ACR)" },
];

export interface FilterPanelProps {
  readonly filters: ContractFilters;
  readonly profiles: readonly OwnProfile[];
  readonly onChange: (filters: ContractFilters) => void;
}

/** What the list of contracts shows; each change is asked for at once. */
export function FilterPanel({ filters, profiles, onChange }: FilterPanelProps): JSX.Element {
  const own = profiles.map(({ code, sigla }) => ({ value: String(code), text: `${sigla} (${code})` }));
  const [number, setNumber] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);

  function open(event: Event): void {
    event.preventDefault();
    const typed = number.trim();
    if (typed === "") return;
    if (/^[1-9]\d{0,11}$/.test(typed)) go(`/contratos/${typed}`);
    else setWrong("Informe o número do contrato só com algarismos.");
  }

  return (
    <div class="panel stack" role="group" aria-label="Filtros">
      <div class="filter-grid">
        <SelectField
          label="Papel"
          value={filters.side}
          options={SIDES}
          onChange={(side) => onChange({ ...filters, side: side as Side | "" })}
        />
        <SelectField
          label="Perfil"
          value={filters.profile}
          options={[{ value: "", text: filters.market === "LIVRE" ? "Todos os meus" : "Todos" }, ...own]}
          onChange={(profile) => onChange({ ...filters, profile })}
        />
        <SelectField
          label="Ambiente"
          value={filters.market}
          options={MARKETS}
          onChange={(market) => onChange({ ...filters, market: market as Market })}
        />
        <DayRange from={filters.from} until={filters.until} onChange={(days) => onChange({ ...filters, ...days })} />
        {/* A form of its own: Enter in a form of several fields and no button sends nothing. */}
        <form onSubmit={open}>
          <TextField
            label="Abrir pelo número"
            inputMode="numeric"
            hint="Número e Enter"
            value={number}
            error={wrong}
            onInput={(typed) => {
              setNumber(typed);
              setWrong(null);
            }}
          />
        </form>
      </div>
      <div class="row ends">
        {filters.market === "LIVRE" ? (
          <CheckField
            label="Só com montantes não validados"
            checked={filters.pendingOnly}
            onChange={(pendingOnly) => onChange({ ...filters, pendingOnly })}
          />
        ) : (
          <span class="small soft">Contratos regulados são públicos e não precisam de validação.</span>
        )}
        <div class="row">
          <Button kind="quiet" onPress={() => onChange({ ...AWAITED })}>
            O que espera a minha validação
          </Button>
          <Button kind="quiet" onPress={() => onChange(ALL_CONTRACTS)}>
            Limpar filtros
          </Button>
        </div>
      </div>
    </div>
  );
}

export interface DayRangeProps {
  readonly from: string;
  readonly until: string;
  readonly onChange: (days: { readonly from: string; readonly until: string }) => void;
}

/** Two days that are handed on once both can be asked for. */
export function DayRange({ from, until, onChange }: DayRangeProps): JSX.Element {
  const [typed, setTyped] = useState({ from, until });
  useEffect(() => setTyped({ from, until }), [from, until]);
  const faults = periodFaults(typed.from, typed.until);

  function take(next: { readonly from: string; readonly until: string }): void {
    setTyped(next);
    const wrong = periodFaults(next.from, next.until);
    if (wrong.from === null && wrong.until === null) onChange(next);
  }

  return (
    <>
      <DayField
        label="Vigente de"
        value={typed.from}
        error={faults.from}
        onInput={(day) => take({ ...typed, from: day })}
      />
      <DayField
        label="Vigente até"
        value={typed.until}
        error={faults.until}
        onInput={(day) => take({ ...typed, until: day })}
      />
    </>
  );
}
