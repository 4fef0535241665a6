"""Both front doors: `people` with a token, `services` with a client certificate."""

from typing import Any

from aws_cdk import Aws, CfnOutput, Duration, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from constructs import Construct

from cdk.components.custom_domain import CustomDomain
from cdk.components.functions.acts import ActFunctions
from cdk.components.functions.adhesion import AdhesionFunctions
from cdk.components.functions.contracts_json import ContractFunctions
from cdk.components.functions.discovery import DiscoveryFunctions
from cdk.components.functions.identity import IdentityFunctions
from cdk.components.functions.lotes import LoteFunctions
from cdk.components.functions.models import ModelFunctions
from cdk.components.functions.prudential import PrudentialFunctions
from cdk.components.functions.publication import PublicationFunctions
from cdk.components.functions.readers import ReaderFunctions
from cdk.components.functions.registry import RegistryFunctions
from cdk.components.functions.soap import SoapFunctions
from cdk.components.functions.weeks import WeekFunctions
from cdk.components.http_door import HttpDoor, RouteLimit
from cdk.components.lasting_resources import LastingResources
from cdk.components.wsdl_balancer import WsdlBalancer
from cdk.stacks.monitoring import MonitoringStack
from cdk.stacks.services import ServicesStack

GET = apigateway.HttpMethod.GET
POST = apigateway.HttpMethod.POST
PUT = apigateway.HttpMethod.PUT
CORS = apigateway.CorsHttpMethod
# Each may end in a mail; whole companies do not ask for access within one second.
ACCESS_REQUESTS = RouteLimit(per_second=5, burst=20)


class ApiStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        resources: LastingResources,
        services: ServicesStack,
        monitoring: MonitoringStack,
        **stack: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        self.people = HttpDoor(
            self,
            "People",
            authorize=services.identity.authorize,
            key=resources.storage_key,
            cors=_cors(services.settings.public_url),
        )
        self.services = HttpDoor(
            self,
            "Services",
            authorize=services.identity.authorize,
            key=resources.storage_key,
            cors=None,
        )
        _adhesion_routes(self.people, services.adhesion)
        _contract_routes(self.people, services.contracts)
        _registry_routes(self.people, services.registry)
        _public_routes(self.people, services.discovery)
        _prudential_routes(self.people, services.prudential)
        _week_routes(self.people, services.weeks)
        _act_routes(self.people, services.acts)
        _model_routes(self.people, services.models)
        _lote_routes(self.people, monitoring.lotes)
        _publication_routes(self.people, monitoring.publication)
        _reader_routes(self.people, services.readers)
        _identity_routes(self.people, self.services, services.identity)
        _soap_routes(self.services, services.soap)
        WsdlBalancer(self, "WsdlBalancer", function=services.soap.serve_wsdl)
        people_domain = CustomDomain(self, "PeopleDomain", purpose="People")
        self.people.answer_at(people_domain)
        self.people_host = self._told_host(people_domain)
        self.services.answer_at(
            CustomDomain(
                self,
                "ServicesDomain",
                purpose="Services",
                truststore=resources.trust_bucket.bucket,
            )
        )
        for name, door in (("People", self.people), ("Services", self.services)):
            CfnOutput(self, f"{name}ApiId", value=door.api.api_id)
            CfnOutput(self, f"{name}ApiEndpoint", value=door.api.api_endpoint)

    def _told_host(self, domain: CustomDomain) -> str:
        """Where the people's API answers, for the page's stack: with a domain, its own endpoint closes."""
        endpoint = f"{self.people.api.api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"
        return self.export_value(domain.name_or(endpoint).to_string(), name=f"{self.stack_name}:PeopleHost")


def _cors(public_url: str) -> apigateway.CorsPreflightOptions:
    return apigateway.CorsPreflightOptions(
        allow_origins=[public_url],
        allow_methods=[CORS.GET, CORS.POST, CORS.PUT],
        allow_headers=["authorization", "content-type", "idempotency-key", "if-match"],
        expose_headers=["etag", "content-disposition", "x-transacao"],
        max_age=Duration.hours(1),
    )


def _adhesion_routes(door: HttpDoor, adhesion: AdhesionFunctions) -> None:
    company = "/adesoes/{cnpj}"
    door.route(GET, "/adesoes", adhesion.list_companies)
    door.route(GET, company, adhesion.read_company)
    door.route(PUT, company, adhesion.change_adhesion)
    door.route(POST, f"{company}/certificados/verificacao", adhesion.verify_certificate)
    door.route(GET, f"{company}/certificados/{{impressaoDigital}}", adhesion.download_certificate)
    door.route(GET, f"{company}/historico", adhesion.read_history)


def _contract_routes(door: HttpDoor, contracts: ContractFunctions) -> None:
    contract = "/contratos/{id}"
    door.route(GET, "/contratos", contracts.list_contracts)
    door.route(GET, "/contratos/perfis", contracts.list_open_profiles)
    door.route(GET, contract, contracts.read_contract)
    door.route(GET, f"{contract}/montantes", contracts.list_amounts)
    door.route(POST, f"{contract}/montantes/validacao", contracts.validate_amounts)
    door.route(GET, f"{contract}/ativos", contracts.list_linked_parcels)
    door.route(GET, f"{contract}/historico", contracts.read_contract_history)
    door.route(POST, "/contratos/importacoes", contracts.start_import)
    door.route(GET, "/contratos/importacoes", contracts.list_imports)
    door.route(GET, "/contratos/importacoes/{codigo}", contracts.read_import)


def _registry_routes(door: HttpDoor, registry: RegistryFunctions) -> None:
    door.route(GET, "/participantes", registry.list_participants)
    door.route(GET, "/perfis", registry.list_profiles)
    door.route(GET, "/ativos", registry.list_assets)
    door.route(GET, "/parcelas", registry.list_parcels)


def _week_routes(door: HttpDoor, weeks: WeekFunctions) -> None:
    week = "/prudencial/semanas/{evento}"
    door.route(GET, "/prudencial/semanas", weeks.list_weeks)
    door.route(GET, week, weeks.read_week)
    door.route(GET, f"{week}/agentes", weeks.list_agents)
    door.route(GET, f"{week}/agentes/{{cnpj}}", weeks.read_agent)


def _prudential_routes(door: HttpDoor, prudential: PrudentialFunctions) -> None:
    door.route(GET, "/prudencial/chave", prudential.issue_key)
    door.route(POST, "/prudencial/ensaios", prudential.submit_rehearsal)
    door.route(GET, "/prudencial/tarefas/{tarefa}", prudential.read_task)
    door.public_route(
        GET,
        "/prudencial/medidas",
        prudential.serve_measurements,
        reason="The log of released measurements is public and signed: anybody may verify an attestation.",
    )


def _act_routes(door: HttpDoor, acts: ActFunctions) -> None:
    agent = "/prudencial/semanas/{evento}/agentes/{cnpj}"
    for delivered in ("portfolio", "contrapartes"):
        door.route(PUT, f"{agent}/{delivered}", acts.submit_act)
    for asked in ("calculo", "validacao", "cancelamento", "envio", "leitura", "simulacao"):
        door.route(POST, f"{agent}/{asked}", acts.submit_act)
    door.route(GET, f"{agent}/fator", acts.read_factor)
    door.route(GET, f"{agent}/recibo", acts.read_receipt)


def _lote_routes(door: HttpDoor, lotes: LoteFunctions) -> None:
    folder = "/prudencial/semanas/{evento}/lotes"
    door.route(POST, folder, lotes.start_lote)
    door.route(GET, folder, lotes.list_lotes)
    door.route(GET, f"{folder}/{{lote}}", lotes.read_lote)
    door.route(GET, f"{folder}/{{lote}}/respostas/{{numero}}", lotes.read_lote_answer)


def _model_routes(door: HttpDoor, models: ModelFunctions) -> None:
    folder = "/prudencial/modelos"
    door.route(GET, f"{folder}/portfolio.xlsx", models.make_portfolio_template)
    for name in ("portfolio.json", "contrapartes.json", "contrapartes.schema.json"):
        door.route(GET, f"{folder}/{name}", models.serve_model)


def _publication_routes(door: HttpDoor, publication: PublicationFunctions) -> None:
    door.route(GET, "/publicacao", publication.list_publications)
    door.route(GET, "/publicacao/{evento}", publication.read_publication)
    door.route(GET, "/prudencial/agentes/{cnpj}/fatores", publication.list_factors)
    link = "/prudencial/agentes/{cnpj}/divulgacao"
    door.route(PUT, link, publication.register_link)
    door.route(GET, link, publication.read_link)


def _reader_routes(door: HttpDoor, readers: ReaderFunctions) -> None:
    company = "/prudencial/empresas/{cnpj}/leitores"
    door.route(PUT, company, readers.put_reader_list)
    door.route(GET, company, readers.read_reader_lists)


def _public_routes(door: HttpDoor, discovery: DiscoveryFunctions) -> None:
    door.public_route(
        GET,
        "/configuracao",
        discovery.serve_configuration,
        reason="The page asks where to log in before anybody has logged in; the answer holds public names.",
    )
    for path in ("/openapi.json", "/documentacao"):
        door.public_route(
            GET,
            path,
            discovery.serve_openapi,
            reason="The description of the interface is public, and generators of clients have no token.",
        )


def _identity_routes(people: HttpDoor, services: HttpDoor, identity: IdentityFunctions) -> None:
    for door in (people, services):
        door.route(GET, "/sessao", identity.read_session)
    asking = people.public_route(
        POST,
        "/acessos",
        identity.request_access,
        reason="Who has no access yet, or has forgotten the password, has no token; the answer is the same "
        "for every e-mail.",
    )
    people.hold_back(asking, limit=ACCESS_REQUESTS)
    services.public_route(
        POST,
        "/sistema/token",
        identity.issue_system_token,
        reason="This is where a token comes from: the caller proves itself by mutual TLS, CNPJ and password.",
    )


def _soap_routes(door: HttpDoor, soap: SoapFunctions) -> None:
    for path, function in (
        ("/ws/cntr/ImportarArquivoBSv1", soap.import_file),
        ("/ws/cntr/ResultadoProcessamentoBSv1", soap.read_outcome),
        ("/ws/v2/ContratoBSv2", soap.contracts),
        ("/ws/v2/MontanteEnergiaBSv2", soap.amounts),
        ("/ws/v2/ParcelaAtivoBSv2", soap.parcels),
        ("/ws/v2/AtivoMedicaoBSv2", soap.assets),
        ("/ws/v2/ParticipanteMercadoBSv2", soap.participants),
        ("/ws/v2/PerfilParticipanteMercadoBSv2", soap.profiles),
    ):
        door.public_route(
            POST,
            path,
            function,
            reason="The function proves the caller by mutual TLS and WS-Security: an authorizer sees no "
            "body, where CNPJ and password are, and cannot answer with a SOAP fault.",
        )
        door.public_route(
            GET,
            path,
            soap.serve_wsdl,
            reason="The description of the service is public; on port 442 it is read without a certificate.",
        )
