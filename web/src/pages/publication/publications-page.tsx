import type { JSX } from "preact";

import { api } from "../../application.ts";
import type { PublishedWeek, PublishedWeeks } from "../../api/messages.ts";
import { Shown, useLoaded } from "../../components/loading.tsx";
import { Page } from "../../components/page.tsx";
import { eventText } from "../../format/identifiers.ts";
import { momentText } from "../../format/moments.ts";
import { countText } from "../../format/numbers.ts";
import { hrefOf } from "../../routing/location.ts";
import { OwnAddressPanel } from "./own-address-panel.tsx";

export function PublicationsPage(): JSX.Element {
  const weeks = useLoaded((signal) => api.json<PublishedWeeks>("/publicacao", { signal }), []);
  return (
    <Page title="Publicação" lead="Depois do prazo de cada semana, a lista dos fatores que os agentes enviaram.">
      <section class="stack" aria-labelledby="semanas-publicadas">
        <h2 id="semanas-publicadas">Semanas publicadas</h2>
        <Shown loading={weeks} what="as semanas publicadas">
          {({ eventos }) => (eventos.length === 0 ? <NoWeek /> : <Weeks weeks={eventos} />)}
        </Shown>
      </section>
      <OwnAddressPanel />
    </Page>
  );
}

function NoWeek(): JSX.Element {
  return <p class="panel empty">Nenhuma semana foi publicada ainda. A lista sai alguns minutos depois do prazo.</p>;
}

function Weeks({ weeks }: { readonly weeks: readonly PublishedWeek[] }): JSX.Element {
  return (
    <div class="scroller">
      <table class="table cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Semana</th>
            <th scope="col" role="columnheader">Prazo</th>
            <th scope="col" role="columnheader">Publicada em</th>
            <th scope="col" role="columnheader" class="number">
              Elegíveis
            </th>
            <th scope="col" role="columnheader" class="number">
              Com fator
            </th>
            <th scope="col" role="columnheader" class="number">
              Sem fator
            </th>
            <th scope="col" role="columnheader" class="number">
              Não enviados
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {weeks.map((week) => (
            <tr key={week.evento} role="row">
              <th scope="row" role="rowheader">
                <a href={hrefOf(`/publicacao/${week.evento}`)}>{eventText(week.evento)}</a>
              </th>
              <td role="cell" data-title="Prazo" class="nowrap">{momentText(week.prazo)}</td>
              <td role="cell" data-title="Publicada em" class="nowrap">{momentText(week.publicadoEm)}</td>
              <td role="cell" data-title="Elegíveis" class="number">{countText(week.totais.elegiveis)}</td>
              <td role="cell" data-title="Com fator" class="number">{countText(week.totais.comFator)}</td>
              <td role="cell" data-title="Sem fator" class="number">{countText(week.totais.semFator)}</td>
              <td role="cell" data-title="Não enviados" class="number">{countText(week.totais.naoEnviados)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
