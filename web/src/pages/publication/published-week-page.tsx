import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";

import { api } from "../../application.ts";
import type { AgentPublished, Band, Publication } from "../../api/messages.ts";
import { Button } from "../../components/button.tsx";
import { Fact } from "../../components/fact.tsx";
import { SelectField, TextField } from "../../components/field.tsx";
import { Shown, useLoaded } from "../../components/loading.tsx";
import { LongList, type Column } from "../../components/long-list.tsx";
import { Failure } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { saveAs } from "../../components/saving.ts";
import { cnpjText, eventText } from "../../format/identifiers.ts";
import { momentText } from "../../format/moments.ts";
import { countText, figureText } from "../../format/numbers.ts";
import type { Parameters } from "../../routing/routes.ts";
import { chosenOf, classesOf, EVERYTHING } from "./choosing.ts";
import { addressOf } from "./own-address.ts";

export function PublishedWeekPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  const event = parameters["evento"] ?? "";
  const [failure, setFailure] = useState<unknown>(null);
  const list = useLoaded((signal) => api.json<Publication>(`/publicacao/${event}`, { signal }), [event]);

  async function download(): Promise<void> {
    setFailure(null);
    try {
      saveAs(`fatores-${event}.csv`, await api.blob(`/publicacao/${event}?formato=csv`));
    } catch (error) {
      setFailure(error);
    }
  }

  return (
    <Page
      title={`Fatores da semana ${eventText(event)}`}
      trail={[{ text: "Publicação", to: "/publicacao" }]}
      actions={list.loaded.state === "ready" && <Button onPress={download}>Baixar CSV</Button>}
    >
      {failure !== null && <Failure error={failure} />}
      <Shown loading={list} what="a lista publicada">
        {(publication) => <List publication={publication} />}
      </Shown>
    </Page>
  );
}

function List({ publication }: { readonly publication: Publication }): JSX.Element {
  const [choice, setChoice] = useState(EVERYTHING);
  const agents = publication.agentes;
  const shown = useMemo(() => chosenOf(agents, choice), [agents, choice]);
  const bands = publication.faixas ?? [];
  return (
    <>
      <Summary publication={publication} />
      <section class="stack" aria-label="Agentes">
        <div class="columns unprinted">
          <TextField
            label="Buscar por sigla, nome ou CNPJ"
            type="search"
            value={choice.text}
            onInput={(text) => setChoice({ ...choice, text })}
          />
          <SelectField
            label="Situação"
            value={choice.situation}
            onChange={(situation) => setChoice({ ...choice, situation })}
            options={[
              { value: "", text: "Todas" },
              { value: "PUBLICADO", text: "Com fator" },
              { value: "SEM_FATOR", text: "Fator não calculável" },
              { value: "NAO_ENVIADO", text: "Não enviado" },
            ]}
          />
          <SelectField
            label="Classe"
            value={choice.class}
            onChange={(code) => setChoice({ ...choice, class: code })}
            options={[
              { value: "", text: "Todas" },
              ...classesOf(agents).map(({ code, text }) => ({ value: code, text })),
            ]}
          />
        </div>
        <p class="small soft" role="status">
          {countText(shown.length)} de {countText(agents.length)} agentes
        </p>
        {shown.length === 0 ? (
          <p class="panel empty">Nenhum agente da lista é como o que se procura. Mude a busca ou os filtros.</p>
        ) : (
          <LongList
            label={`Fatores da semana ${eventText(publication.evento)}`}
            columns={columns(bands)}
            rows={shown}
            keyOf={(agent) => agent.cnpj}
          />
        )}
      </section>
    </>
  );
}

function Summary({ publication }: { readonly publication: Publication }): JSX.Element {
  const { totais: totals, parametros: used } = publication;
  return (
    <dl class="panel facts">
      <Fact name="Prazo">{momentText(publication.prazo)}</Fact>
      <Fact name="Elegíveis">{countText(totals.elegiveis)}</Fact>
      <Fact name="Com fator">{countText(totals.comFator)}</Fact>
      <Fact name="Fator não calculável">{countText(totals.semFator)}</Fact>
      <Fact name="Não enviados">{countText(totals.naoEnviados)}</Fact>
      <Fact name="Parâmetros">{`versão ${used.versao}`}</Fact>
    </dl>
  );
}

function columns(bands: readonly Band[]): readonly Column<AgentPublished>[] {
  return [
    { title: "Sigla", width: "minmax(10rem, 1.2fr)", names: true, cell: (agent) => agent.sigla },
    // What the list is read for stands beside the name, where a phone shows it, too.
    {
      title: "FA",
      width: "minmax(9rem, 1fr)",
      number: true,
      cell: (agent) =>
        agent.fa === null ? (
          <span class="soft" title={agent.observacao ?? ""}>
            {agent.observacao}
          </span>
        ) : (
          <span class="figure">{figureText(agent.fa)}</span>
        ),
    },
    {
      title: "Faixa",
      width: "minmax(8rem, 0.8fr)",
      cell: (agent) => bands.find((band) => band.numero === agent.faixa)?.descricao ?? "",
    },
    { title: "Nome empresarial", width: "minmax(12rem, 2fr)", cell: (agent) => agent.nome },
    { title: "CNPJ", width: "12rem", cell: (agent) => <span class="figure">{cnpjText(agent.cnpj)}</span> },
    { title: "Classe", width: "minmax(9.5rem, 1fr)", cell: (agent) => agent.classe.descricao },
    {
      title: "Divulgação",
      width: "7.5rem",
      cell: (agent) => {
        const address = addressOf(agent.divulgacao);
        return address === null ? null : (
          <a
            href={address}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={`Endereço de ${agent.sigla}, em outra janela`}
          >
            endereço ↗
          </a>
        );
      },
    },
  ];
}
