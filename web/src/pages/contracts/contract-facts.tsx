import type { JSX } from "preact";

import type { Contract } from "../../api/messages.ts";
import { momentText } from "../../format/moments.ts";
import { hrefOf } from "../../routing/location.ts";
import { lastDayText, periodText } from "./periods.ts";
import { ProfileName } from "./profile-name.tsx";
import { WordStatus } from "./word-status.tsx";
import { situationWord } from "./words.ts";
import { Fact } from "../../components/fact.tsx";

/** Parties, period and terms. */
export function ContractFacts({ contract }: { readonly contract: Contract }): JSX.Element {
  const { tipoContrato, submercado, submercadoOrigem } = contract;
  const subtype = tipoContrato.subTipo ? `, ${tipoContrato.subTipo.descricao.toLowerCase()}` : "";
  return (
    <section class="panel stack" aria-label="Dados do contrato">
      <dl class="facts">
        <Fact name="Situação">
          <WordStatus word={situationWord(contract.situacao?.nome)} />
        </Fact>
        <Fact name="Vendedor">
          <ProfileName code={contract.vendedor.perfil.id} />
        </Fact>
        <Fact name="Comprador">
          <ProfileName code={contract.comprador.perfil.id} />
        </Fact>
        <Fact name="Vigência">{periodText(contract.periodoVigencia)}</Fact>
        <Fact name="Ambiente">{contract.ambienteContratacao.nome === "LIVRE" ? "Livre (ACL)" : "Regulado (ACR)"}</Fact>
        <Fact name="Tipo">
          <span title={tipoContrato.descricao}>{`${tipoContrato.codigo}${subtype}`}</span>
        </Fact>
        <Fact name="Submercado de entrega">{submercado.nome}</Fact>
        {submercadoOrigem && <Fact name="Submercado de origem">{submercadoOrigem.nome}</Fact>}
        {contract.produto && <Fact name="Produto">{contract.produto.nome}</Fact>}
        {contract.referencia && <Fact name="Referência">{contract.referencia}</Fact>}
        {contract.observacao && <Fact name="Observação">{contract.observacao}</Fact>}
        {contract.direitoAlivioExposicao && <Fact name="Alívio de exposição">Com direito</Fact>}
        {contract.parteVerificacaoLastro && (
          <Fact name="Parte da verificação de lastro">{contract.parteVerificacaoLastro}</Fact>
        )}
        {contract.contratoCessao && (
          <Fact name="Cede o contrato">
            <a href={hrefOf(`/contratos/${contract.contratoCessao.id}`)}>{contract.contratoCessao.id}</a>
          </Fact>
        )}
        {contract.dataFinalizacao && <Fact name="Fim pedido ou validado">{lastDayText(contract.dataFinalizacao)}</Fact>}
        {contract.dataRegistro && <Fact name="Registrado em">{momentText(contract.dataRegistro)}</Fact>}
        {contract.dataAlteracao && <Fact name="Alterado em">{momentText(contract.dataAlteracao)}</Fact>}
      </dl>
    </section>
  );
}
