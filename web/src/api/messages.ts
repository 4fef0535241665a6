// Made by `make openapi` from the description of the API; not edited by hand.

export type Ability = "ADESAO_VER" | "ADESAO_ALTERAR" | "CONTRATOS_VER" | "CONTRATOS_AGIR" | "PRUDENCIAL";

export interface AccessRequest {
  readonly email: string;
}

export interface AccessRequested {
  readonly mensagem: string;
}

export type Act = "SENHA_DEFINIDA" | "CERTIFICADO_ADICIONADO" | "CERTIFICADO_EXCLUIDO" | "CERTIFICADO_REMOVIDO_POR_VENCIMENTO" | "CERTIFICADO_REVOGADO" | "ACESSO_BLOQUEADO";

export interface ActTold {
  readonly tarefa: string;
  readonly estado: AgentState;
  readonly resposta: string | null;
  readonly liberado: Readonly<Record<string, unknown>> | null;
}

export interface AdjustmentRow {
  readonly sequencialControle?: string | null;
  readonly numeroContrato: number;
  readonly tipoGravacao?: "R" | "C" | null;
  readonly dataDeInicio?: string | null;
  readonly dataDeFim?: string | null;
  readonly idComprador?: number | null;
  readonly idSubMerEntrega?: 1 | 2 | 3 | 4 | null;
  readonly idSubMerOrigem?: 1 | 2 | 3 | 4 | null;
  readonly referencia?: string | null;
  readonly observacao?: string | null;
  readonly dirAlivExp?: boolean | null;
  readonly partVerLastro?: "" | "G" | "E" | "D" | null;
  readonly montantes?: readonly EnergyRow[];
}

export interface AgentListed {
  readonly cnpj: string;
  readonly codigo: number;
  readonly sigla: string;
  readonly nomeEmpresarial: string;
  readonly classe: CodeDescription;
  readonly estado: AgentState;
  readonly alteradoEm: string | null;
  readonly portfolio: DeliveredTold | null;
  readonly contrapartes: DeliveredTold | null;
  readonly calculo: string | null;
  readonly ciclo: number;
  readonly parametros: ParametersUsedTold | null;
  readonly envio: SendingTold | null;
}

export interface AgentProfile {
  readonly codigo: number;
  readonly sigla: string;
  readonly participanteMercado: Owner;
  readonly classe: CodeDescription;
  readonly situacao: CodeDescription;
  readonly periodoVigencia: Validity;
  readonly submercado: IdName;
  readonly perfilPrincipal: boolean;
  readonly comercializadorVarejista: boolean;
  readonly regimeCotas: boolean;
}

export interface AgentPublished {
  readonly codigo: number;
  readonly nome: string;
  readonly sigla: string;
  readonly cnpj: string;
  readonly classe: ClassOfAgent;
  readonly situacao: "PUBLICADO" | "NAO_ENVIADO";
  readonly fa: string | null;
  readonly observacao: string | null;
  readonly faixa: number | null;
  readonly divulgacao: string | null;
}

export type AgentState = "ABERTO" | "EM_PREENCHIMENTO" | "COMPLETO" | "EM_CALCULO" | "CALCULADO" | "VALIDADO" | "ENVIADO" | "PUBLICADO" | "NAO_ENVIADO";

export interface AgentTold {
  readonly agente: AgentListed;
  readonly elegivel: boolean;
  readonly entregaPortfolio: BroughtTold | null;
  readonly entregaContrapartes: BroughtTold | null;
  readonly historico: readonly HistoryTold[];
}

export interface AgentsTold {
  readonly remetentes: readonly SenderTold[];
  readonly contadores: ProgressTold;
  readonly agentes: readonly AgentListed[];
  readonly proxima: string | null;
}

export interface Amount {
  readonly tipoMontanteEnergia: AmountType;
  readonly periodoVigencia: Period;
  readonly montante: string;
  readonly unidade: "MW_MEDIO" | "MWH";
  readonly modulacao: Modulation | null;
  readonly situacao: IdName | null;
}

export type AmountKind = "MONTANTE_MEDIO" | "MONTANTE_MODULARIZADO" | "MONTANTE_ENERGIA_ANUAL" | "MONTANTE_ENERGIA_MENSAL" | "MONTANTE_ANO_CONTRATUAL" | "MONTANTE_OBRIGACAO_ENTREGA";

export interface AmountNamed {
  readonly vigenciaDeInicio: string;
}

export interface AmountPage {
  readonly montantes: readonly Amount[];
  readonly proxima: string | null;
}

export interface AmountType {
  readonly nome: AmountKind;
}

export interface AmountValidation {
  readonly perfil: number;
  readonly montantes: readonly AmountNamed[];
}

export interface AmountsValidated {
  readonly status: RowStatus;
  readonly descricao: string;
  readonly contrato: ContractNamed;
}

export type AssetKind = "CARGA" | "USINA";

export interface AssetPage {
  readonly ativos: readonly MeasuredAsset[];
  readonly proxima: string | null;
}

export interface AssetParcel {
  readonly codigo: number;
  readonly perfil: RegistryCode;
  readonly ativoMedicao: RegistryCode;
  readonly cnpj: string;
  readonly nome: string;
  readonly nomeReduzido: string;
  readonly submercado: IdName;
  readonly capacidadeTotal: string;
  readonly garantiaFisica: string | null;
  readonly status: CodeDescription;
  readonly vigencia: Validity;
}

export interface AuthorisationBrought {
  readonly autorizacao: string;
}

export interface Band {
  readonly numero: number;
  readonly descricao: string;
  readonly acimaDe: string | null;
  readonly ate: string | null;
}

export interface BroughtTold {
  readonly em: string;
  readonly quem: string;
}

export interface Certificate {
  readonly nome: string;
  readonly versao: string;
  readonly certificadora: string;
  readonly impressaoDigital: string;
  readonly numeroSerie: string;
  readonly validade: string;
  readonly ultimaModificacao: string;
  readonly modificadoPor: string;
  readonly status: CertificateStatus;
  readonly revogacao: RevocationStanding;
  readonly avisos: readonly string[];
}

export type CertificateStatus = "VIGENTE" | "A_VENCER" | "VENCIDO" | "REVOGADO" | "EXCLUIDO";

export interface Change {
  readonly senha?: string | null;
  readonly adicionar?: readonly NewCertificate[];
  readonly excluir?: readonly string[];
}

export interface ChangedCompany {
  readonly razaoSocial: string;
  readonly cnpj: string;
  readonly sigla: string;
  readonly status: CompanyStatus;
  readonly situacao: Situation;
  readonly certificados: readonly Certificate[];
  readonly mensagem: string;
}

export interface ClassOfAgent {
  readonly codigo: number;
  readonly descricao: string;
}

export interface ClosureRow {
  readonly sequencialControle?: string | null;
  readonly numeroContrato: number;
  readonly dataFinalizacao?: string | null;
  readonly validarFinalizacao?: true | null;
  readonly cancelarContrato?: true | null;
  readonly validarCancelamento?: true | null;
  readonly retirarPedido?: true | null;
}

export interface CodeDescription {
  readonly codigo: number;
  readonly descricao: string;
}

export interface Coded {
  readonly codigo: number;
}

export interface Company {
  readonly razaoSocial: string;
  readonly cnpj: string;
  readonly sigla: string;
  readonly status: CompanyStatus;
  readonly situacao: Situation;
  readonly certificados: readonly Certificate[];
}

export interface CompanyPage {
  readonly total: number;
  readonly pagina: number;
  readonly tamanhoPagina: number;
  readonly empresas: readonly Company[];
}

export interface CompanyRoles {
  readonly cnpj: string;
  readonly sigla: string;
  readonly razaoSocial: string;
  readonly papeis: readonly string[];
  readonly pode: readonly Ability[];
}

export type CompanyStatus = "SEM_CERTIFICADO" | "VIGENTE" | "A_VENCER" | "VENCIDO";

export interface Configuration {
  readonly ambiente: string;
  readonly cognitoEndereco: string;
  readonly cognitoCliente: string;
  readonly cognitoEmissor: string;
}

export interface Contract {
  readonly id: number;
  readonly ambienteContratacao: Named;
  readonly tipoContrato: ContractType;
  readonly periodoVigencia: Period;
  readonly vendedor: Party;
  readonly comprador: Party;
  readonly submercado: IdName;
  readonly produto?: Named | null;
  readonly submercadoOrigem?: IdName | null;
  readonly situacao?: IdName | null;
  readonly possuiMontanteNaoValidado?: boolean | null;
  readonly referencia?: string | null;
  readonly observacao?: string | null;
  readonly direitoAlivioExposicao?: boolean | null;
  readonly parteVerificacaoLastro?: string | null;
  readonly contratoCessao?: Numbered | null;
  readonly dataRegistro?: string | null;
  readonly dataAlteracao?: string | null;
  readonly versao?: number | null;
  readonly dataFinalizacao?: string | null;
}

export type ContractAct = "CONTRATO.REGISTRADO" | "CONTRATO.ATUALIZADO" | "CONTRATO.CONCLUIDO" | "CONTRATO.VALIDADO" | "CONTRATO.FINALIZADO" | "CONTRATO.FINALIZACAO_VALIDADA" | "CONTRATO.CANCELADO" | "CONTRATO.CANCELAMENTO_VALIDADO" | "MONTANTE_ENERGIA.AJUSTADO" | "MONTANTE_ENERGIA.VALIDADO";

export interface ContractHistory {
  readonly eventos: readonly Transition[];
  readonly proxima: string | null;
}

export interface ContractNamed {
  readonly codigo: number;
}

export interface ContractPage {
  readonly contratos: readonly Contract[];
  readonly proxima: string | null;
}

export interface ContractProfile {
  readonly codigo: number;
  readonly sigla: string;
  readonly participanteMercado: ProfileOwner;
  readonly podeAgir: boolean;
}

export interface ContractProfilePage {
  readonly perfis: readonly ContractProfile[];
  readonly proxima: string | null;
}

export interface ContractSubtype {
  readonly id: number;
  readonly descricao: string;
}

export interface ContractType {
  readonly id: number;
  readonly codigo: string;
  readonly descricao: string;
  readonly subTipo: ContractSubtype | null;
}

export interface Count {
  readonly n: number;
  readonly N: number;
}

export interface DeliveredTold {
  readonly versao: number;
  readonly identidade: string;
  readonly leitores: string;
  readonly lote: string | null;
}

export interface EnergyRow {
  readonly dataDeInicio: string;
  readonly dataDeFim: string;
  readonly montanteMedio: string;
  readonly tipoModulacao?: ModulationKind | null;
  readonly limiteMinimoModulacao?: string | null;
  readonly limiteMaximoModulacao?: string | null;
  readonly idAtivoAssociadoModulacao?: readonly number[];
  readonly montantesHorarios?: readonly string[];
  readonly unidadePatamar?: LevelUnit | null;
  readonly patamarLeve?: string | null;
  readonly patamarMedio?: string | null;
  readonly patamarPesado?: string | null;
}

export interface FactorSent {
  readonly evento: string;
  readonly periodicidade: string;
  readonly prazo: string;
  readonly situacao: "ENVIADO" | "PUBLICADO";
  readonly em: string;
  readonly fa: string | null;
  readonly observacao: string | null;
}

export interface FactorTold {
  readonly estado: AgentState;
  readonly calculo: string | null;
  readonly parametros: ParametersTold | null;
  readonly resposta: string;
}

export interface FactorsSent {
  readonly cnpj: string;
  readonly fatores: readonly FactorSent[];
}

export interface History {
  readonly eventos: readonly HistoryEvent[];
  readonly proxima: string | null;
}

export interface HistoryEvent {
  readonly quando: string;
  readonly quem: string;
  readonly ato: Act;
  readonly alvo: string;
  readonly de: string;
  readonly para: string;
}

export interface HistoryTold {
  readonly em: string;
  readonly ato: string;
  readonly de: AgentState;
  readonly para: AgentState;
  readonly contador: number | null;
  readonly quem: string | null;
  readonly identidade: string | null;
  readonly origem: string | null;
  readonly parametros: ParametersUsedTold | null;
}

export interface IdName {
  readonly id: number;
  readonly nome: string;
}

export interface ImportAccepted {
  readonly codigoProcessamento: number;
  readonly envio: UploadForm | null;
}

export interface ImportListed {
  readonly codigoProcessamento: number;
  readonly situacao: ProcessingState;
  readonly recebidoEm: string;
  readonly alteradoEm: string;
  readonly empresa: string;
  readonly perfil: number;
  readonly quem: string | null;
  readonly totalLinhas: number | null;
  readonly linhasFeitas: number;
  readonly linhasComErro: number;
}

export interface ImportPage {
  readonly importacoes: readonly ImportListed[];
  readonly proxima: string | null;
}

export interface ImportRequest {
  readonly perfil: number;
  readonly tipo?: "CCEAL" | "CBR";
  readonly arquivo?: string | null;
  readonly registrar?: readonly RegistrationRow[] | null;
  readonly ajustar?: readonly AdjustmentRow[] | null;
  readonly validar?: readonly ValidationRow[] | null;
  readonly encerrar?: readonly ClosureRow[] | null;
  readonly tamanho?: number | null;
  readonly sha256?: string | null;
}

export interface KeyOffered {
  readonly atestado: string;
  readonly declaracao: Readonly<Record<string, unknown>>;
  readonly assinatura: Readonly<Record<string, string>>;
}

export type LevelUnit = "0" | "1";

export interface LinkRegistered {
  readonly endereco: string;
  readonly em: string;
  readonly quem: string;
}

export interface LinkRequest {
  readonly endereco: string;
}

export interface LinkTold {
  readonly cnpj: string;
  readonly endereco: string;
  readonly historico: readonly LinkRegistered[];
}

export interface LinkedParcel {
  readonly codigo: number;
  readonly nome: string | null;
  readonly ativoMedicao: Coded | null;
  readonly modalidade: Modality;
  readonly periodoAssociado: Period;
  readonly tipoModulacao: ModulationKind;
}

export interface LinkedParcels {
  readonly parcelasAtivo: readonly LinkedParcel[];
}

export interface ListTold {
  readonly numero: number;
  readonly autorizacao: string;
  readonly porCertificado: boolean;
  readonly em: string;
}

export interface LoadLevels {
  readonly unidadePatamar: LevelUnit;
  readonly patamarLeve: string;
  readonly patamarMedio: string;
  readonly patamarPesado: string;
}

export interface LoteAnnounced {
  readonly lote: string;
  readonly url: string;
  readonly campos: Readonly<Record<string, string>>;
  readonly expiraEm: string;
}

export type LoteKind = "PORTFOLIO" | "CONTRAPARTES";

export interface LoteRequest {
  readonly remetente: string;
  readonly tipo: LoteKind;
  readonly nomeDoArquivo: string;
  readonly tamanho: number;
  readonly sha256: string;
  readonly tudoOuNada?: boolean;
}

export type LoteState = "AGUARDANDO_ARQUIVO" | "RECEBIDO" | "EM_PROCESSAMENTO" | "PROCESSADO" | "PROCESSADO_COM_ERROS" | "REJEITADO" | "EXPIRADO";

export interface LoteTold {
  readonly lote: string;
  readonly evento: string;
  readonly remetente: string;
  readonly tipo: LoteKind;
  readonly quem: string;
  readonly criadoEm: string;
  readonly expiraEm: string;
  readonly recebidoEm: string | null;
  readonly encerradoEm: string | null;
  readonly nomeDoArquivo: string;
  readonly tamanho: number;
  readonly sha256: string;
  readonly tudoOuNada: boolean;
  readonly estado: LoteState;
  readonly progresso: number;
  readonly aceitos: number | null;
  readonly recusados: number | null;
  readonly regras: Readonly<Record<string, number>>;
  readonly respostas: number;
  readonly motivo: string | null;
  readonly frase: string | null;
}

export interface LotesTold {
  readonly lotes: readonly LoteTold[];
}

export type Market = "LIVRE" | "REGULADO";

export interface MarketParticipant {
  readonly codigo: number;
  readonly cnpj: string;
  readonly sigla: string;
  readonly nomeEmpresarial: string;
  readonly classe: CodeDescription;
  readonly situacao: CodeDescription;
  readonly periodoVigencia: Validity;
}

export interface MeasuredAsset {
  readonly codigo: number;
  readonly nome: string;
  readonly tipo: AssetKind;
  readonly submercado: IdName;
  readonly status: CodeDescription;
  readonly vigencia: Validity;
}

export interface Modality {
  readonly codigo: number;
  readonly descricao: string;
}

export interface Modulation {
  readonly tipoModulacao: ModulationKind;
  readonly limiteMinimoModulacao: string | null;
  readonly limiteMaximoModulacao: string | null;
  readonly parcelasAtivo: readonly Coded[];
  readonly montantesHorarios: readonly string[] | null;
  readonly patamares: LoadLevels | null;
}

export type ModulationKind = "F" | "G" | "C" | "M" | "D" | "L";

export interface Named {
  readonly nome: string;
}

export interface NewCertificate {
  readonly nome: string;
  readonly conteudo: string;
}

export interface Numbered {
  readonly id: number;
}

export interface Owner {
  readonly codigo: number;
  readonly cnpj: string;
}

export interface ParametersOfList {
  readonly versao: number;
  readonly resumo: string;
}

export interface ParametersTold {
  readonly versao: number;
  readonly resumo: string;
}

export interface ParametersUsedTold {
  readonly versao: number;
  readonly resumo: string;
}

export interface ParcelPage {
  readonly parcelas: readonly AssetParcel[];
  readonly proxima: string | null;
}

export interface ParticipantPage {
  readonly participantes: readonly MarketParticipant[];
  readonly proxima: string | null;
}

export interface Party {
  readonly perfil: Numbered;
}

export interface Period {
  readonly inicio: string;
  readonly fim: string;
}

export interface Problema {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly transacao: string;
  readonly codigo?: string;
  readonly estado?: string;
  readonly tarefa?: string;
  readonly resposta?: string;
  readonly errors?: readonly { readonly rule: string; readonly detail: string; readonly pointer?: string; }[];
}

export interface ProcessingOutcome {
  readonly codigoProcessamento: number;
  readonly situacao: ProcessingState;
  readonly recebidoEm: string | null;
  readonly totalLinhas: number | null;
  readonly linhasFeitas: number;
  readonly linhasComErro: number;
  readonly detalhes: readonly RowTold[];
  readonly proxima: string | null;
}

export type ProcessingState = "AGUARDANDO_ARQUIVO" | "RECEBIDO" | "EM_PROCESSAMENTO" | "CONCLUIDO" | "RECUSADO" | "FALHA";

export interface ProfileOwner {
  readonly codigo: number;
  readonly cnpj: string;
  readonly sigla: string;
  readonly nomeEmpresarial: string;
}

export interface ProfilePage {
  readonly perfis: readonly AgentProfile[];
  readonly proxima: string | null;
}

export interface ProgressTold {
  readonly portfolio: Count;
  readonly contrapartes: Count;
  readonly enviados: Count;
}

export interface Publication {
  readonly evento: string;
  readonly periodicidade: string;
  readonly prazo: string;
  readonly publicadoEm: string;
  readonly parametros: ParametersOfList;
  readonly totais: Totals;
  readonly faixas: readonly Band[];
  readonly agentes: readonly AgentPublished[];
}

export interface PublishedWeek {
  readonly evento: string;
  readonly periodicidade: string;
  readonly prazo: string;
  readonly publicadoEm: string;
  readonly parametros: ParametersOfList;
  readonly totais: Totals;
}

export interface PublishedWeeks {
  readonly eventos: readonly PublishedWeek[];
}

export interface ReaderTold {
  readonly id: string;
  readonly enc: Readonly<Record<string, string>>;
  readonly sig: Readonly<Record<string, string>>;
  readonly impressao: string;
}

export interface ReadersTold {
  readonly cnpj: string;
  readonly resumo: string | null;
  readonly leitores: readonly ReaderTold[];
  readonly autorizacoes: readonly ListTold[];
}

export interface RegistrationRow {
  readonly sequencialControle?: string | null;
  readonly tipoGravacao?: "R" | "C";
  readonly tipoCBR?: number | null;
  readonly dataDeInicio: string;
  readonly dataDeFim: string;
  readonly idVendedor: number;
  readonly idComprador: number;
  readonly idSubMerEntrega: 1 | 2 | 3 | 4;
  readonly idSubMerOrigem?: 1 | 2 | 3 | 4 | null;
  readonly referencia?: string;
  readonly observacao?: string;
  readonly dirAlivExp?: boolean;
  readonly partVerLastro?: "" | "G" | "E" | "D";
  readonly idAtivoAssociadoLastro?: readonly number[];
  readonly idContratoCessao?: number | null;
  readonly montantes?: readonly EnergyRow[];
}

export interface RegistryCode {
  readonly codigo: number;
}

export interface RehearsalRequest {
  readonly cnpj: string;
  readonly evento: string;
  readonly ato: "ENTREGAR" | "LER" | "VALIDAR" | "ENVIAR";
  readonly corpo: string;
}

export interface RespostaDoGateway {
  readonly message: string;
}

export type RevocationStanding = "NAO_REVOGADO" | "REVOGADO" | "REVOGACAO_DESCONHECIDA";

export type RowStatus = "SUCESSO" | "AVISO" | "ERRO";

export interface RowTold {
  readonly linha: number;
  readonly sequencialControle: string;
  readonly status: RowStatus;
  readonly descricao: string;
  readonly contrato: ContractNamed | null;
}

export type Rule = "formato" | "tamanho" | "cadeia" | "uso" | "chave" | "validade" | "assinatura" | "requerente" | "cnpj" | "duplicado" | "quantidade" | "revogacao";

export interface RuleVerdict {
  readonly regra: Rule;
  readonly ok: boolean;
  readonly detalhe: string;
}

export interface SealedAct {
  readonly selado: string;
}

export interface SenderTold {
  readonly cnpj: string;
  readonly sigla: string;
}

export interface SendingTold {
  readonly contador: number;
  readonly calculo: string;
  readonly em: string;
}

export interface Session {
  readonly tipo: "PESSOA" | "SISTEMA";
  readonly nome: string | null;
  readonly cnpj: string | null;
  readonly impressaoDigital: string | null;
  readonly empresas: readonly CompanyRoles[];
}

export type Side = "VENDEDOR" | "COMPRADOR";

export interface SignedAct {
  readonly ato: string;
}

export type Situation = "ADERIDO" | "NAO_ADERIDO";

export interface SystemToken {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
}

export interface TaskAccepted {
  readonly id: string;
  readonly estado: TaskState;
}

export type TaskState = "RECEBIDA" | "CONCLUIDA" | "RECUSADA" | "FALHA";

export interface TaskTold {
  readonly id: string;
  readonly ato: string;
  readonly evento: string;
  readonly cnpj: string;
  readonly estado: TaskState;
  readonly recebidaEm: string;
  readonly encerradaEm: string | null;
  readonly motivo: string | null;
  readonly resposta: string | null;
  readonly liberado: Readonly<Record<string, unknown>> | null;
}

export interface TokenRequest {
  readonly cnpj: string;
  readonly senha: string;
}

export interface Totals {
  readonly elegiveis: number;
  readonly comFator: number;
  readonly semFator: number;
  readonly naoEnviados: number;
}

export interface Transition {
  readonly quando: string;
  readonly empresa: string;
  readonly perfil: number;
  readonly quem: string | null;
  readonly ato: ContractAct;
  readonly de: string;
  readonly para: string;
  readonly periodoVigencia: Period | null;
}

export interface UploadForm {
  readonly url: string;
  readonly campos: Readonly<Record<string, string>>;
  readonly validoAte: string;
}

export interface ValidationRow {
  readonly sequencialControle?: string | null;
  readonly numeroContrato: number;
  readonly montantes: readonly AmountNamed[];
}

export interface Validity {
  readonly inicio: string;
  readonly fim: string | null;
}

export interface Verification {
  readonly aceito: boolean;
  readonly regras: readonly RuleVerdict[];
  readonly avisos: readonly string[];
}

export interface VerificationRequest {
  readonly nome: string;
  readonly conteudo: string;
  readonly excluir?: readonly string[];
}

export interface WeekListed {
  readonly evento: string;
  readonly versao: number;
  readonly resumo: string;
  readonly abertura: string;
  readonly prazo: string;
  readonly periodicidade: string;
  readonly classes: readonly CodeDescription[];
  readonly aberto: boolean;
  readonly publicado: boolean;
}

export interface WeekTold {
  readonly evento: string;
  readonly versao: number;
  readonly resumo: string;
  readonly abertura: string;
  readonly prazo: string;
  readonly periodicidade: string;
  readonly classes: readonly CodeDescription[];
  readonly aberto: boolean;
  readonly publicado: boolean;
  readonly versoes: readonly WeekVersionTold[];
  readonly parametros: Readonly<Record<string, unknown>>;
}

export interface WeekVersionTold {
  readonly versao: number;
  readonly resumo: string;
  readonly carregadoEm: string;
  readonly origem: string;
}

export interface WeeksTold {
  readonly semanas: readonly WeekListed[];
}
