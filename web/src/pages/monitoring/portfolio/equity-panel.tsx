import type { JSX } from "preact";

import { DayField } from "../../../components/day-field.tsx";
import { TextField } from "../../../components/field.tsx";
import { moneyText } from "../../../format/numbers.ts";
import { BASE_DATE, deductionField, EQUITY, type Draft, type Judged, type Placed } from "./draft.ts";
import { DEDUCTIONS } from "./lines.ts";

export interface EquityPanelProps {
  readonly draft: Draft;
  readonly judged: Judged;
  readonly readOnly: boolean;
  /** Of faults that are to be shown. */
  readonly faultAt: (field: string) => Placed | null;
  readonly onChange: (draft: Draft) => void;
}

/** The net equity, its deductions, and what they come to: the PLA. */
export function EquityPanel({ draft, judged, readOnly, faultAt, onChange }: EquityPanelProps): JSX.Element {
  const errorAt = (field: string): string | null => sentenceOf(faultAt(field));
  const warning = judged.warnings[0] ?? null;
  return (
    <section class="panel stack" aria-labelledby="patrimonio">
      <h2 id="patrimonio">Patrimônio líquido ajustado (PLA)</h2>
      <div class="columns">
        <DayField
          id={BASE_DATE}
          label="Data-base"
          value={draft.baseDate}
          readOnly={readOnly}
          onInput={(baseDate) => onChange({ ...draft, baseDate })}
          error={errorAt(BASE_DATE)}
          hint={warning ? <span class="warned">{capital(warning.detail)}.</span> : "Do último balanço."}
        />
        <TextField
          id={EQUITY}
          label="Patrimônio líquido (R$)"
          inputMode="decimal"
          value={draft.equity}
          readOnly={readOnly}
          onInput={(equity) => onChange({ ...draft, equity })}
          error={errorAt(EQUITY)}
        />
      </div>
      <fieldset class="stack tight">
        <legend>Deduções (R$); deixe em branco as que não há</legend>
        <div class="deductions">
          {DEDUCTIONS.map((item) => (
            <TextField
              key={item}
              id={deductionField(item)}
              label={`Item ${item}`}
              inputMode="decimal"
              value={draft.deductions[item] ?? ""}
              readOnly={readOnly}
              onInput={(value) => onChange({ ...draft, deductions: { ...draft.deductions, [item]: value } })}
              error={errorAt(deductionField(item))}
            />
          ))}
        </div>
      </fieldset>
      <Bridge adjusted={judged.adjusted} />
    </section>
  );
}

function Bridge({ adjusted }: { readonly adjusted: string | null }): JSX.Element {
  const zeroOrLess = adjusted !== null && (adjusted === "0" || adjusted.startsWith("-"));
  return (
    <p class="bridge" role="status">
      <span>PLA = patrimônio líquido − deduções</span>
      <strong class="figure">{adjusted === null ? "—" : moneyText(adjusted)}</strong>
      {zeroOrLess && <span class="warned">Com PLA zero ou negativo o fator não é calculável; o portfólio é aceito assim mesmo.</span>}
    </p>
  );
}

function sentenceOf(fault: Placed | null): string | null {
  return fault ? `${capital(fault.detail)}.` : null;
}

function capital(detail: string): string {
  return detail.charAt(0).toUpperCase() + detail.slice(1);
}
