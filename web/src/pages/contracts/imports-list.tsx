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
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Importação</th>
                  <th scope="col">Situação</th>
                  <th scope="col">Perfil</th>
                  <th scope="col">Recebida em</th>
                  <th scope="col">Quem</th>
                  <th scope="col" class="number">
                    Linhas feitas
                  </th>
                  <th scope="col" class="number">
                    Com erro
                  </th>
                </tr>
              </thead>
              <tbody>
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
  const total = row.totalLinhas === null ? "—" : countText(row.totalLinhas);
  return (
    <tr>
      <td>
        <a href={hrefOf(`/contratos/importacoes/${code}`)}>{code}</a>
      </td>
      <td>
        <WordStatus word={processingWord(row.situacao, row.linhasComErro)} />
      </td>
      <td class="nowrap">
        <ProfileName code={row.perfil} />
      </td>
      <td class="nowrap">{momentText(row.recebidoEm)}</td>
      <td>{row.quem ?? "Sistema"}</td>
      <td class="number">{`${countText(row.linhasFeitas)} / ${total}`}</td>
      <td class="number">{countText(row.linhasComErro)}</td>
    </tr>
  );
}
