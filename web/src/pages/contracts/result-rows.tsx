import type { JSX } from "preact";

import type { ProcessingOutcome, RowStatus, RowTold } from "../../api/messages.ts";
import { Button } from "../../components/button.tsx";
import { Waiting } from "../../components/progress.tsx";
import { countText } from "../../format/numbers.ts";
import { hrefOf } from "../../routing/location.ts";
import type { Following } from "./outcome-following.ts";
import { WordStatus } from "./word-status.tsx";
import { isOver, ROW_WORDS } from "./words.ts";

const CHOICES: readonly { readonly value: RowStatus | ""; readonly text: string }[] = [
  { value: "", text: "Todas" },
  { value: "ERRO", text: "Erros" },
  { value: "AVISO", text: "Avisos" },
  { value: "SUCESSO", text: "Sucessos" },
];

export interface ResultRowsProps {
  readonly following: Following;
  readonly head: ProcessingOutcome;
  readonly onStatus: (status: RowStatus | "") => void;
  readonly onMore: () => void;
}

/** What came of each row, with its sentence in full. */
export function ResultRows({ following, head, onStatus, onMore }: ResultRowsProps): JSX.Element {
  const { rows, status, complete, wanted } = following;
  const over = isOver(head.situacao);
  return (
    <section class="stack" aria-labelledby="linhas">
      <div class="row ends">
        <h2 id="linhas">Linhas</h2>
        <fieldset class="row choices">
          <legend class="unseen">Mostrar linhas</legend>
          {CHOICES.map(({ value, text }) => (
            <label key={value} class="choice">
              <input type="radio" name="resultado" checked={status === value} onChange={() => onStatus(value)} />
              <span>{text}</span>
            </label>
          ))}
        </fieldset>
      </div>
      {rows.length > 0 && <RowTable rows={rows} />}
      {rows.length === 0 && (over && complete ? <div class="panel empty">{noneText(status)}</div> : <Waiting>{waitText(over)}</Waiting>)}
      {rows.length > 0 && (
        <div class="row ends">
          <span class="small soft">{countText(rows.length)} {rows.length === 1 ? "linha na página." : "linhas na página."}</span>
          {!complete && rows.length >= wanted && <Button onPress={onMore}>Carregar mais</Button>}
        </div>
      )}
    </section>
  );
}

function RowTable({ rows }: { readonly rows: readonly RowTold[] }): JSX.Element {
  return (
    <div class="scroller" tabIndex={0} role="region" aria-label="Tabela das linhas">
      <table class="table import-rows">
        <thead>
          <tr>
            <th scope="col" class="number">
              Linha
            </th>
            <th scope="col">Resultado</th>
            <th scope="col">O que houve</th>
            <th scope="col">Contrato</th>
            <th scope="col">Sequencial</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.linha}>
              <td class="number">{row.linha === 0 ? "arquivo" : countText(row.linha)}</td>
              <td>
                <WordStatus word={ROW_WORDS[row.status]} />
              </td>
              <td class="import-row-told">{row.descricao}</td>
              <td>
                {row.contrato === null ? "—" : <a href={hrefOf(`/contratos/${row.contrato.codigo}`)}>{row.contrato.codigo}</a>}
              </td>
              <td class="figure">{row.sequencialControle}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function noneText(status: RowStatus | ""): string {
  if (status === "ERRO") return "Nenhuma linha com erro.";
  return status === "" ? "Nenhuma linha." : "Nenhuma linha com este resultado.";
}

function waitText(over: boolean): string {
  return over ? "Carregando as linhas…" : "Os resultados aparecem aqui à medida que as linhas são feitas.";
}
