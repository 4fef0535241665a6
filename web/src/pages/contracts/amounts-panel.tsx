import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Amount, AmountKind, AmountPage, AmountsValidated, Contract, Market } from "../../api/messages.ts";
import { api } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { ListShown, useCursorList, type CursorList } from "../../components/cursor-list.tsx";
import { CheckField, SelectField } from "../../components/field.tsx";
import { Notice, type Tone } from "../../components/notice.tsx";
import { amountsPath, amountsText, beginOf, isPending, type AmountFilters } from "./amounts.ts";
import { AmountTable } from "./amount-table.tsx";
import { DayRange } from "./filter-panel.tsx";
import type { OwnProfile } from "./profile-lists.ts";
import { ValidationDialog } from "./validation-dialog.tsx";
import { AMOUNT_KINDS, amountKindsOf } from "./words.ts";

const PAGE_SIZE = 500;

export interface AmountsPanelProps {
  readonly contract: Contract;
  /** The buyer's profile where the person may validate by it. */
  readonly buyer: OwnProfile | null;
  readonly changes: number;
  readonly onValidated: () => Promise<void>;
}

/** The amounts of a contract; its buyer chooses those to validate. */
export function AmountsPanel({ contract, buyer, changes, onValidated }: AmountsPanelProps): JSX.Element {
  const [filters, setFilters] = useState(() => filtersAtFirst(contract));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const [validated, setValidated] = useState<Outcome | null>(null);
  const list = useCursorList<Amount>(
    async (cursor, signal) => {
      const page = await api.json<AmountPage>(amountsPath(contract.id, filters, cursor, PAGE_SIZE), { signal });
      return { rows: page.montantes, next: page.proxima };
    },
    [contract.id, filters, changes],
  );
  const may = buyer !== null && filters.kind === "MONTANTE_MEDIO";
  const selected = rowsOf(list).filter((amount) => chosen.has(beginOf(amount)));

  function narrow(next: AmountFilters): void {
    setFilters(next);
    setChosen(new Set());
  }

  return (
    <section class="stack" aria-labelledby="montantes">
      <h2 id="montantes">Montantes</h2>
      {validated && (
        <Notice tone={validated.tone} live>
          <p>{validated.sentence}</p>
        </Notice>
      )}
      <WhoValidates contract={contract} buyer={buyer} />
      <AmountFilterRow contract={contract} filters={filters} onChange={narrow} />
      <ListShown list={list} one="montante" what="montantes" empty={<NoAmounts filters={filters} />}>
        {(rows, next) => (
          <>
            {may && (
              <Selection rows={rows} more={next !== null} chosen={chosen} onChange={setChosen} onValidate={() => setAsking(true)} />
            )}
            <AmountTable
              rows={rows}
              kind={filters.kind}
              selection={may ? { chosen, onChange: setChosen } : null}
            />
          </>
        )}
      </ListShown>
      {asking && buyer !== null && (
        <ValidationDialog
          contract={contract}
          buyer={buyer}
          amounts={selected}
          onCancel={() => setAsking(false)}
          onDone={async (told) => {
            setAsking(false);
            setValidated(outcomeOf(told, selected.length));
            setChosen(new Set());
            await onValidated();
          }}
        />
      )}
    </section>
  );
}

interface Outcome {
  readonly tone: Tone;
  readonly sentence: string;
}

function outcomeOf(told: AmountsValidated, count: number): Outcome {
  if (told.status === "SUCESSO") {
    return { tone: "good", sentence: count === 1 ? "1 montante foi validado." : `${amountsText(count)} foram validados.` };
  }
  return { tone: "warn", sentence: `Nada mudou: ${told.descricao}.` };
}

function filtersAtFirst(contract: Contract): AmountFilters {
  const kind = amountKindsOf(contract.ambienteContratacao.nome as Market)[0] ?? "MONTANTE_MEDIO";
  return { kind, from: "", until: "", pendingOnly: false };
}

function rowsOf(list: CursorList<Amount>): readonly Amount[] {
  const { loaded } = list.loading;
  return loaded.state === "ready" ? loaded.value.rows : [];
}

function WhoValidates({ contract, buyer }: { readonly contract: Contract; readonly buyer: OwnProfile | null }): JSX.Element | null {
  if (contract.possuiMontanteNaoValidado !== true) return null;
  if (contract.situacao?.nome === "RASCUNHO") {
    return <p class="soft">É um rascunho: o comprador o recebe, e valida os montantes, depois que o vendedor o concluir.</p>;
  }
  return (
    <p class="soft">
      {buyer === null
        ? "Há montantes não validados. Quem os valida é um representante CCEE do comprador, ou de quem o representa."
        : "Há montantes que esperam a sua validação. Confira, selecione e valide."}
    </p>
  );
}

interface FilterRowProps {
  readonly contract: Contract;
  readonly filters: AmountFilters;
  readonly onChange: (filters: AmountFilters) => void;
}

function AmountFilterRow({ contract, filters, onChange }: FilterRowProps): JSX.Element {
  const kinds = amountKindsOf(contract.ambienteContratacao.nome as Market);
  const isFree = contract.ambienteContratacao.nome === "LIVRE";
  return (
    <form class="stack tight" aria-label="Filtros dos montantes" onSubmit={(event) => event.preventDefault()}>
      <div class="filter-grid">
        <SelectField
          label="Tipo de montante"
          value={filters.kind}
          options={kinds.map((kind) => ({ value: kind, text: AMOUNT_KINDS[kind] }))}
          onChange={(kind) => onChange({ ...filters, kind: kind as AmountKind })}
        />
        <DayRange from={filters.from} until={filters.until} onChange={(days) => onChange({ ...filters, ...days })} />
      </div>
      {isFree && (
        <CheckField
          label="Só os não validados"
          checked={filters.pendingOnly}
          onChange={(pendingOnly) => onChange({ ...filters, pendingOnly })}
        />
      )}
    </form>
  );
}

interface SelectionProps {
  readonly rows: readonly Amount[];
  readonly more: boolean;
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
  readonly onValidate: () => void;
}

/** All of them at once, how many are chosen, and what to do with them. */
function Selection({ rows, more, chosen, onChange, onValidate }: SelectionProps): JSX.Element | null {
  const pending = rows.filter(isPending).map(beginOf);
  if (pending.length === 0) return null;
  const all = pending.every((begin) => chosen.has(begin));
  return (
    <div class="row ends amount-selection">
      <CheckField
        label={`Selecionar ${pending.length === 1 ? "o montante não validado" : `os ${amountsText(pending.length)} não validados`}${more ? " já carregados" : ""}`}
        checked={all}
        onChange={(every) => onChange(new Set(every ? pending : []))}
      />
      <Button kind="primary" disabled={chosen.size === 0} onPress={chosen.size === 0 ? () => {} : onValidate}>
        {chosen.size === 0 ? "Validar selecionados" : `Validar ${amountsText(chosen.size)}`}
      </Button>
    </div>
  );
}

function NoAmounts({ filters }: { readonly filters: AmountFilters }): JSX.Element {
  const narrowed = filters.pendingOnly || filters.from !== "" || filters.until !== "";
  return <p>{narrowed ? "Nenhum montante com estes filtros." : `Este contrato não tem ${AMOUNT_KINDS[filters.kind].toLowerCase()}.`}</p>;
}
