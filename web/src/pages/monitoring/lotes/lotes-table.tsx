import type { JSX } from "preact";

import type { LoteTold } from "../../../api/messages.ts";
import { Status } from "../../../components/status.tsx";
import { momentText } from "../../../format/moments.ts";
import { hrefOf } from "../../../routing/location.ts";
import { pathOf } from "../week/modules.ts";
import { countsText, kindText, shownOf } from "./lotes.ts";

export interface LotesTableProps {
  readonly event: string;
  readonly lotes: readonly LoteTold[];
}

/** What one sender sent in a week, the newest first; each leads to what came of it. */
export function LotesTable({ event, lotes }: LotesTableProps): JSX.Element {
  if (lotes.length === 0)
    return <p class="panel empty">Nenhum arquivo enviado nesta semana. Baixe o arquivo padrão, preencha-o e importe-o.</p>;
  return (
    <div class="scroller">
      <table class="table cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Arquivo</th>
            <th scope="col" role="columnheader">Tipo</th>
            <th scope="col" role="columnheader">Enviado em</th>
            <th scope="col" role="columnheader">Por</th>
            <th scope="col" role="columnheader">Situação</th>
            <th scope="col" role="columnheader">Agentes</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {lotes.map((lote) => (
            <LoteRow key={lote.lote} event={event} lote={lote} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LoteRow({ event, lote }: { readonly event: string; readonly lote: LoteTold }): JSX.Element {
  const { text, tone, hollow } = shownOf(lote);
  return (
    <tr role="row">
      <th scope="row" role="rowheader">
        <a href={hrefOf(`${pathOf(event, "lote")}/${lote.lote}`)}>{lote.nomeDoArquivo}</a>
      </th>
      <td role="cell" data-title="Tipo">{kindText[lote.tipo]}</td>
      <td role="cell" data-title="Enviado em" class="nowrap">{momentText(lote.criadoEm)}</td>
      <td role="cell" data-title="Por">{lote.quem}</td>
      <td role="cell" data-title="Situação">
        <Status tone={tone} hollow={hollow ?? false}>
          {text}
        </Status>
        {lote.frase && <p class="small soft">{lote.frase}</p>}
      </td>
      <td role="cell" data-title="Agentes">{countsText(lote) ?? "—"}</td>
    </tr>
  );
}
