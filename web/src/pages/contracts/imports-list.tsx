import type { JSX } from "preact";

import type { ImportListed, ImportPage } from "../../api/messages.ts";
import { pathWith } from "../../api/query.ts";
import { api } from "../../application.ts";
import { ListShown, useCursorList } from "../../components/cursor-list.tsx";
import { momentText } from "../../format/moments.ts";
import { countText } from "../../format/numbers.ts";
import { hrefOf } from "../../routing/location.ts";
import { ProfileName } from "./profile-name.tsx";
import { WordStatus } from "./word-status.tsx";
import { processingWord } from "./words.ts";

const PAGE_SIZE = 50;
const HEADS: readonly { readonly title: string; readonly number?: boolean }[] = [
  { title: "Importação" },
  { title: "Situação" },
  { title: "Perfil" },
  { title: "Recebida em" },
  { title: "Quem" },
  { title: "Linhas feitas", number: true },
  { title: "Com erro", number: true },
];

/** What was imported by those for whom the person acts, the newest first. */
export function ImportsList(): JSX.Element {
  const list = useCursorList<ImportListed>(async (cursor, signal) => {
    const path = pathWith("/contratos/importacoes", { limite: PAGE_SIZE, cursor });
    const page = await api.json<ImportPage>(path, { signal });
    return { rows: page.importacoes, next: page.proxima };
  }, []);
  return (
    <section class="stack" aria-labelledby="importacoes">
      <h2 id="importacoes">Importações anteriores</h2>
      <ListShown list={list} one="importação" what="importações" empty={<p>Nada foi importado ainda. O primeiro arquivo aparece aqui.</p>}>
        {(rows) => (
          <div class="scroller" tabIndex={0} role="region" aria-label="Tabela das importações">
            <table class="table cards imports" role="table">
              <thead role="rowgroup">
                <tr role="row">
                  {HEADS.map(({ title, number }) => (
                    <th key={title} scope="col" role="columnheader" class={number ? "number" : undefined}>
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody role="rowgroup">
                {rows.map((row) => (
                  <Row key={row.codigoProcessamento} row={row} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </ListShown>
    </section>
  );
}

function Row({ row }: { readonly row: ImportListed }): JSX.Element {
  const code = row.codigoProcessamento;
  // Of a file that could not be read nobody knows how many rows it has.
  const counted = row.totalLinhas !== null;
  return (
    <tr role="row">
      <th scope="row" role="rowheader">
        <a href={hrefOf(`/contratos/importacoes/${code}`)}>{code}</a>
      </th>
      <td role="cell" data-title="Situação">
        <WordStatus word={processingWord(row.situacao, row.linhasComErro)} />
      </td>
      <td role="cell" data-title="Perfil" class="nowrap">
        <span>
          <ProfileName code={row.perfil} />
        </span>
      </td>
      <td role="cell" data-title="Recebida em" class="nowrap">
        {momentText(row.recebidoEm)}
      </td>
      <td role="cell" data-title="Quem">
        {row.quem ?? "Sistema"}
      </td>
      <td role="cell" data-title="Linhas feitas" class="number">
        {counted ? `${countText(row.linhasFeitas)} / ${countText(row.totalLinhas)}` : "—"}
      </td>
      <td role="cell" data-title="Com erro" class="number">
        {counted ? countText(row.linhasComErro) : "—"}
      </td>
    </tr>
  );
}
