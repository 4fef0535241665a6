import type { JSX } from "preact";

import type { AgentProfile, AssetParcel, CodeDescription, MarketParticipant, MeasuredAsset, Validity } from "../../api/messages.ts";
import type { Column } from "../../components/long-list.tsx";
import { cnpjText } from "../../format/identifiers.ts";
import { dayText } from "../../format/moments.ts";
import { decimalText } from "../../format/numbers.ts";
import { ProfileName } from "./profile-name.tsx";
import type { FilterField } from "./registry-query.ts";

/** One of the registry's public lists: how it is asked for and how it is shown. */
export interface RegistryList<T> {
  /** The last part of the page's address. */
  readonly place: string;
  readonly title: string;
  /** Within a sentence: one of them, and many. */
  readonly one: string;
  readonly what: string;
  readonly path: string;
  /** The member of an answer that holds its rows. */
  readonly rowsIn: string;
  readonly fields: readonly FilterField[];
  readonly columns: readonly Column<T>[];
}

interface Coded {
  readonly codigo: number;
}

const CODE: FilterField = { name: "codigo", label: "Código", kind: "code" };
const CNPJ: FilterField = { name: "cnpj", label: "CNPJ", kind: "cnpj" };
const PROFILE: FilterField = { name: "perfil", label: "Perfil (código)", kind: "code" };
const DAY: FilterField = { name: "data", label: "Vigente em", kind: "day" };
const CLASS: FilterField = {
  name: "classe",
  label: "Classe",
  kind: "choice",
  options: [
    { value: "", text: "Qualquer" },
    { value: "1", text: "Autoprodutor" },
    { value: "2", text: "Comercializador" },
    { value: "3", text: "Importador" },
    { value: "4", text: "Gerador" },
    { value: "5", text: "Distribuidor" },
    { value: "6", text: "Consumidor Livre" },
    { value: "7", text: "Produtor Independente" },
    { value: "10", text: "Transmissor" },
    { value: "11", text: "Exportador" },
    { value: "12", text: "Consumidor Especial" },
    { value: "13", text: "Não Agente" },
  ],
};
const SUBMARKET: FilterField = {
  name: "submercado",
  label: "Submercado",
  kind: "choice",
  options: [
    { value: "", text: "Qualquer" },
    { value: "1", text: "SE" },
    { value: "2", text: "S" },
    { value: "3", text: "NE" },
    { value: "4", text: "N" },
  ],
};
const SIGLA: FilterField = { name: "sigla", label: "Parte da sigla", kind: "text", maxLength: 60 };

function codeColumn<T extends Coded>(): Column<T> {
  return { title: "Código", width: "5.25rem", cell: ({ codigo }) => <span class="figure">{codigo}</span> };
}

export const PARTICIPANTS: RegistryList<MarketParticipant> = {
  place: "participantes",
  title: "Participantes",
  one: "participante",
  what: "participantes",
  path: "/participantes",
  rowsIn: "participantes",
  fields: [SIGLA, { name: "nome", label: "Parte do nome", kind: "text", maxLength: 200 }, CNPJ, CODE, CLASS, DAY],
  columns: [
    codeColumn(),
    { title: "Sigla", width: "minmax(10rem, 1fr)", cell: ({ sigla }) => whole(sigla) },
    { title: "Nome empresarial", width: "minmax(12rem, 2fr)", cell: ({ nomeEmpresarial }) => whole(nomeEmpresarial) },
    { title: "CNPJ", width: "13rem", cell: ({ cnpj }) => <span class="figure">{cnpjText(cnpj)}</span> },
    { title: "Classe", width: "minmax(10rem, 1fr)", cell: ({ classe }) => whole(classe.descricao) },
    { title: "Situação", width: "6rem", cell: ({ situacao }) => situationText(situacao) },
    { title: "Vigência", width: "minmax(11rem, 14rem)", cell: ({ periodoVigencia }) => validityText(periodoVigencia) },
  ],
};

export const PROFILES: RegistryList<AgentProfile> = {
  place: "perfis",
  title: "Perfis",
  one: "perfil",
  what: "perfis",
  path: "/perfis",
  rowsIn: "perfis",
  fields: [
    SIGLA,
    CODE,
    CNPJ,
    { name: "participante", label: "Participante (código)", kind: "code" },
    CLASS,
    DAY,
  ],
  columns: [
    codeColumn(),
    { title: "Sigla", width: "minmax(12rem, 1.5fr)", cell: ({ sigla }) => whole(sigla) },
    {
      title: "CNPJ do participante",
      width: "12rem",
      cell: ({ participanteMercado }) => <span class="figure">{cnpjText(participanteMercado.cnpj)}</span>,
    },
    { title: "Classe", width: "minmax(13rem, 1fr)", cell: ({ classe }) => whole(classe.descricao) },
    { title: "Submercado", width: "7.75rem", cell: ({ submercado }) => submercado.nome },
    { title: "Principal", width: "6rem", cell: ({ perfilPrincipal }) => (perfilPrincipal ? "Sim" : "Não") },
    { title: "Situação", width: "6rem", cell: ({ situacao }) => situationText(situacao) },
    { title: "Vigência", width: "minmax(11rem, 14rem)", cell: ({ periodoVigencia }) => validityText(periodoVigencia) },
  ],
};

export const ASSETS: RegistryList<MeasuredAsset> = {
  place: "ativos",
  title: "Ativos",
  one: "ativo",
  what: "ativos",
  path: "/ativos",
  rowsIn: "ativos",
  fields: [
    {
      name: "tipo",
      label: "Tipo",
      kind: "choice",
      options: [
        { value: "USINA", text: "Usina" },
        { value: "CARGA", text: "Carga" },
      ],
    },
    { name: "nome", label: "Parte do nome", kind: "text", maxLength: 200 },
    CODE,
    PROFILE,
    SUBMARKET,
    DAY,
  ],
  columns: [
    codeColumn(),
    { title: "Nome", width: "minmax(14rem, 2fr)", cell: ({ nome }) => whole(nome) },
    { title: "Tipo", width: "7rem", cell: ({ tipo }) => (tipo === "USINA" ? "Usina" : "Carga") },
    { title: "Submercado", width: "7.75rem", cell: ({ submercado }) => submercado.nome },
    { title: "Situação", width: "6rem", cell: ({ status }) => situationText(status) },
    { title: "Vigência", width: "minmax(11rem, 14rem)", cell: ({ vigencia }) => validityText(vigencia) },
  ],
};

export const PARCELS: RegistryList<AssetParcel> = {
  place: "parcelas",
  title: "Parcelas de ativo",
  one: "parcela",
  what: "parcelas",
  path: "/parcelas",
  rowsIn: "parcelas",
  fields: [CODE, { name: "ativo", label: "Ativo (código)", kind: "code" }, PROFILE, CNPJ, DAY],
  columns: [
    codeColumn(),
    { title: "Nome", width: "minmax(13rem, 2fr)", cell: ({ nome }) => whole(nome) },
    { title: "Perfil", width: "minmax(12rem, 1fr)", cell: ({ perfil }) => <ProfileName code={perfil.codigo} /> },
    { title: "Ativo", width: "4.5rem", cell: ({ ativoMedicao }) => <span class="figure">{ativoMedicao.codigo}</span> },
    { title: "Submercado", width: "7.75rem", cell: ({ submercado }) => submercado.nome },
    { title: "Capacidade, MW", width: "9.25rem", number: true, cell: ({ capacidadeTotal }) => decimalText(capacidadeTotal) },
    {
      title: "Garantia, MWmed",
      width: "10.25rem",
      number: true,
      cell: ({ garantiaFisica }) => (garantiaFisica === null ? "—" : decimalText(garantiaFisica)),
    },
    { title: "Vigência", width: "minmax(11rem, 14rem)", cell: ({ vigencia }) => validityText(vigencia) },
  ],
};

/** Read in full by the pointer where its column is too narrow for it. */
function whole(text: string): JSX.Element {
  return <span title={text}>{text}</span>;
}

function situationText({ descricao }: CodeDescription): string {
  return `${descricao.charAt(0)}${descricao.slice(1).toLowerCase()}`;
}

function validityText({ inicio, fim }: Validity): string {
  return fim === null ? `desde ${dayText(inicio)}` : `${dayText(inicio)} a ${dayText(fim)}`;
}
