import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { HistoryEvent } from "../../api/messages.ts";
import { person } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { Shown, useLoaded, type Loading } from "../../components/loading.tsx";
import { Failure } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { cnpjText, fingerprintText, parsedCnpj } from "../../format/identifiers.ts";
import { momentText } from "../../format/moments.ts";
import type { Parameters } from "../../routing/routes.ts";
import { readHistory } from "./record.ts";
import { actText, stateText, targetParts } from "./words.ts";

interface Told {
  readonly events: readonly HistoryEvent[];
  readonly next: string | null;
}

export function HistoryPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  const cnpj = parsedCnpj(parameters["cnpj"] ?? "") ?? "";
  const loading = useLoaded<Told>(
    async (stop) => {
      const { eventos, proxima } = await readHistory(cnpj, null, stop);
      return { events: eventos, next: proxima };
    },
    [cnpj],
  );
  const name = person.value?.empresas.find((company) => company.cnpj === cnpj)?.sigla ?? cnpjText(cnpj);
  return (
    <Page
      title={`Histórico de ${name}`}
      trail={[
        { text: "Minhas Empresas", to: "/empresas" },
        { text: `Adesão de ${name}`, to: `/empresas/${cnpj}` },
      ]}
      lead="Quem mudou a senha e os certificados desta empresa, do mais novo ao mais antigo."
    >
      <Shown loading={loading} what="o histórico">
        {(told) => <Events cnpj={cnpj} told={told} loading={loading} />}
      </Shown>
    </Page>
  );
}

interface EventsProps {
  readonly cnpj: string;
  readonly told: Told;
  readonly loading: Loading<Told>;
}

function Events({ cnpj, told, loading }: EventsProps): JSX.Element {
  const [failure, setFailure] = useState<unknown>(null);
  if (told.events.length === 0) {
    return (
      <div class="panel empty">
        <p>Nada aconteceu ainda: o histórico começa com a adesão da empresa.</p>
      </div>
    );
  }

  async function more(): Promise<void> {
    setFailure(null);
    try {
      const { eventos, proxima } = await readHistory(cnpj, told.next);
      loading.put({ events: [...told.events, ...eventos], next: proxima });
    } catch (error) {
      setFailure(error);
    }
  }

  return (
    <div class="stack">
      <div class="scroller" role="region" aria-label="Histórico" tabIndex={0}>
        <table class="table history cards" role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">Quando</th>
              <th scope="col" role="columnheader">O quê</th>
              <th scope="col" role="columnheader">Estado</th>
              <th scope="col" role="columnheader">Quem</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {told.events.map((event, index) => (
              <Row key={index} event={event} />
            ))}
          </tbody>
        </table>
      </div>
      {failure !== null && <Failure error={failure} />}
      {told.next === null ? (
        <p class="soft small" role="status">
          Este é o começo do histórico.
        </p>
      ) : (
        <div>
          <Button onPress={more}>Mostrar mais antigos</Button>
        </div>
      )}
    </div>
  );
}

function change({ de, para }: HistoryEvent): string {
  if (de === "" || de === para) return stateText(para);
  return `${stateText(de)} → ${stateText(para)}`;
}

function Row({ event }: { readonly event: HistoryEvent }): JSX.Element {
  const { name, fingerprint } = targetParts(event.alvo);
  return (
    <tr role="row">
      <td role="cell" class="nowrap" data-title="Quando">
        <time dateTime={event.quando}>{momentText(event.quando)}</time>
      </td>
      <th scope="row" role="rowheader">
        {actText(event.ato)}
        {name !== "" && <span class="note small">{name}</span>}
        {fingerprint !== null && (
          <span class="note small soft">
            SHA-256 <code title={fingerprint}>{fingerprintText(fingerprint, 4)}…</code>
          </span>
        )}
      </th>
      <td role="cell" data-title="Estado">
        {change(event)}
      </td>
      <td role="cell" data-title="Quem">
        {event.quem}
      </td>
    </tr>
  );
}
