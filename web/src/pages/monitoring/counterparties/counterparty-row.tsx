import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import type { MarketParticipant, ParticipantPage } from "../../../api/messages.ts";
import { pathWith } from "../../../api/query.ts";
import { api } from "../../../application.ts";
import { Button } from "../../../components/button.tsx";
import { SelectField, TextField } from "../../../components/field.tsx";
import { useFocusHeld, useFocusOn } from "../../../components/focus.ts";
import { Lookup } from "../../../components/lookup.tsx";
import { cnpjText, parsedCnpj } from "../../../format/identifiers.ts";
import { decimalText, moneyText } from "../../../format/numbers.ts";
import { LONGEST_DESCRIPTION, LONGEST_NAME, MITIGATORS, MOST_MITIGATORS } from "./document.ts";
import { fieldOf, type Mitigator, type Row } from "./draft.ts";

export interface CounterpartyRowProps {
  readonly row: Row;
  readonly index: number;
  /** CNPJ of the agent itself, which is no counterparty of its own. */
  readonly own: string;
  readonly readOnly: boolean;
  readonly exposure: string | null;
  readonly share: string | null;
  readonly faultAt: (field: string) => string | null;
  readonly nextKey: () => number;
  readonly onChange: (row: Row) => void;
  readonly onRemove: () => void;
}

/** The field of a row with which it is begun. */
export const SEARCH = "procurar";

/** One exposure: to whom, how much, and what covers it. */
export function CounterpartyRow(given: CounterpartyRowProps): JSX.Element {
  const { row, index, readOnly, onChange } = given;
  const name = row.sigla || "contraparte";
  return (
    <fieldset class="panel stack counterparty">
      <legend class="unseen">{`Exposição ${index + 1}: ${name}`}</legend>
      <div class="row ends">
        <h3 aria-hidden="true">Exposição {index + 1}</h3>
        {!readOnly && (
          <Button kind="danger" label={`Excluir a exposição ${index + 1}: ${name}`} onPress={given.onRemove}>
            Excluir
          </Button>
        )}
      </div>
      {!readOnly && <Found id={fieldOf(index, SEARCH)} own={given.own} onFound={(cnpj, sigla) => onChange({ ...row, cnpj, sigla })} />}
      <div class="counterparty-fields">
        <TextField
          id={fieldOf(index, "cnpj")}
          label="CNPJ"
          value={parsedCnpj(row.cnpj) === null ? row.cnpj : cnpjText(parsedCnpj(row.cnpj) ?? "")}
          readOnly={readOnly}
          onInput={(cnpj) => onChange({ ...row, cnpj })}
          error={given.faultAt(fieldOf(index, "cnpj"))}
        />
        <TextField
          id={fieldOf(index, "sigla")}
          label="Sigla"
          value={row.sigla}
          maxLength={LONGEST_NAME}
          readOnly={readOnly}
          onInput={(sigla) => onChange({ ...row, sigla })}
          error={given.faultAt(fieldOf(index, "sigla"))}
        />
        <TextField
          id={fieldOf(index, "mtm")}
          label="MtM de M+0 a M+2 (R$)"
          hint="Positivo: a receber."
          inputMode="decimal"
          value={row.mtm}
          readOnly={readOnly}
          onInput={(mtm) => onChange({ ...row, mtm })}
          error={given.faultAt(fieldOf(index, "mtm"))}
        />
      </div>
      <Mitigators {...given} />
      <p class="exposure">
        <span>Exposição sem cobertura = MtM − mitigadores, nunca negativa</span>
        <strong class="figure">{given.exposure === null ? "—" : moneyText(given.exposure)}</strong>
        {given.share !== null && <span class="soft">{decimalText(percent(given.share), 2)} % do PLA</span>}
      </p>
    </fieldset>
  );
}

interface FoundProps {
  readonly id: string;
  readonly own: string;
  readonly onFound: (cnpj: string, sigla: string) => void;
}

/** Fills sigla and CNPJ from the registry; they can be typed, too. */
function Found({ id, own, onFound }: FoundProps): JSX.Element {
  const [chosen, setChosen] = useState<MarketParticipant | null>(null);
  return (
    <Lookup
      id={id}
      label="Procurar agente"
      hint="Por sigla, nome ou CNPJ."
      search={async (typed, signal) => {
        const told = await api.json<ParticipantPage>(pathWith("/participantes", { busca: typed }), { signal });
        return told.participantes.filter((one) => one.cnpj !== own);
      }}
      suggestionOf={(one) => ({ key: one.cnpj, text: one.sigla, detail: cnpjText(one.cnpj) })}
      chosen={chosen}
      onChoose={(one) => {
        setChosen(one);
        if (one) onFound(one.cnpj, one.sigla);
      }}
      nothing="Nenhum agente com esta sigla, nome ou CNPJ; digite os campos ao lado."
    />
  );
}

function Mitigators(given: CounterpartyRowProps): JSX.Element {
  const { row, index, readOnly, onChange, nextKey } = given;
  const put = (mitigators: readonly Mitigator[]): void => onChange({ ...row, mitigators });
  const kinds = [{ value: "", text: "Escolha…" }, ...MITIGATORS];
  const part = useRef<HTMLDivElement>(null);
  const focusOn = useFocusOn();
  const more = fieldOf(index, "juntar-mitigador");
  useFocusHeld(part, () => document.getElementById(more));
  return (
    <div class="stack tight" ref={part}>
      {row.mitigators.map((one, at) => {
        const place = (part: string): string => fieldOf(index, `mitigador-${at}-${part}`);
        const change = (changed: Mitigator): void => put(row.mitigators.map((each) => (each === one ? changed : each)));
        return (
          <div class="mitigator" key={one.key} role="group" aria-label={`Mitigador ${at + 1} da exposição ${index + 1}`}>
            <SelectField
              id={place("tipo")}
              label="Mitigador"
              value={one.kind}
              options={kinds}
              disabled={readOnly}
              onChange={(kind) => change({ ...one, kind })}
              error={given.faultAt(place("tipo"))}
            />
            <TextField
              id={place("valor")}
              label="Valor (R$)"
              inputMode="decimal"
              value={one.value}
              readOnly={readOnly}
              onInput={(value) => change({ ...one, value })}
              error={given.faultAt(place("valor"))}
            />
            <TextField
              id={place("descricao")}
              label="Descrição"
              value={one.description}
              maxLength={LONGEST_DESCRIPTION}
              readOnly={readOnly}
              onInput={(description) => change({ ...one, description })}
              error={given.faultAt(place("descricao"))}
            />
            {!readOnly && (
              <Button
                kind="quiet"
                label={`Retirar o mitigador ${at + 1} da exposição ${index + 1}`}
                onPress={() => put(row.mitigators.filter((each) => each !== one))}
              >
                Retirar
              </Button>
            )}
          </div>
        );
      })}
      {!readOnly && row.mitigators.length < MOST_MITIGATORS && (
        <div>
          <Button
            id={more}
            kind="quiet"
            label={`Adicionar mitigador à exposição ${index + 1}`}
            onPress={() => {
              put([...row.mitigators, { key: nextKey(), kind: "", value: "", description: "" }]);
              focusOn(fieldOf(index, `mitigador-${row.mitigators.length}-tipo`));
            }}
          >
            Adicionar mitigador
          </Button>
        </div>
      )}
    </div>
  );
}

/** `0.25` → `25`, digit by digit. */
function percent(share: string): string {
  const [whole = "0", fraction = ""] = share.split(".");
  const digits = fraction.padEnd(2, "0");
  return `${whole}${digits.slice(0, 2)}.${digits.slice(2) || "0"}`.replace(/^(-?)0+(?=\d)/, "$1");
}
