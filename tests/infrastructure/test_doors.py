import json

from aval.edge.soap.services import SERVICES as SERVICES_OF_THE_EDGE
from tests.infrastructure.assembly import Assembly, Resource

LOTES = "/prudencial/semanas/{evento}/lotes"
AGENT = "/prudencial/semanas/{evento}/agentes/{cnpj}"
PEOPLE = {
    "GET /adesoes": "adhesion.list_companies",
    "GET /adesoes/{cnpj}": "adhesion.read_company",
    "PUT /adesoes/{cnpj}": "adhesion.change_adhesion",
    "POST /adesoes/{cnpj}/certificados/verificacao": "adhesion.verify_certificate",
    "GET /adesoes/{cnpj}/certificados/{impressaoDigital}": "adhesion.download_certificate",
    "GET /adesoes/{cnpj}/historico": "adhesion.read_history",
    "GET /participantes": "registry.list_participants",
    "GET /perfis": "registry.list_profiles",
    "GET /ativos": "registry.list_assets",
    "GET /parcelas": "registry.list_parcels",
    "GET /contratos": "contracts.list_contracts",
    "GET /contratos/{id}": "contracts.read_contract",
    "GET /contratos/{id}/montantes": "contracts.list_amounts",
    "POST /contratos/{id}/montantes/validacao": "contracts.validate_amounts",
    "GET /contratos/{id}/ativos": "contracts.list_linked_parcels",
    "GET /contratos/{id}/historico": "contracts.read_contract_history",
    "GET /contratos/perfis": "contracts.list_open_profiles",
    "POST /contratos/importacoes": "contracts.start_import",
    "GET /contratos/importacoes": "contracts.list_imports",
    "GET /contratos/importacoes/{codigo}": "contracts.read_import",
    "GET /prudencial/chave": "prudential.issue_key",
    "GET /prudencial/medidas": "prudential.serve_measurements",
    "POST /prudencial/ensaios": "prudential.submit_rehearsal",
    "GET /prudencial/tarefas/{tarefa}": "prudential.read_task",
    "GET /prudencial/semanas": "prudential.list_weeks",
    "GET /prudencial/semanas/{evento}": "prudential.read_week",
    "GET /prudencial/semanas/{evento}/agentes": "prudential.list_agents",
    "GET /prudencial/semanas/{evento}/agentes/{cnpj}": "prudential.read_agent",
    "PUT /prudencial/empresas/{cnpj}/leitores": "prudential.put_reader_list",
    "GET /prudencial/empresas/{cnpj}/leitores": "prudential.read_reader_lists",
    **{
        f"{method} {AGENT}/{word}": "prudential.submit_act"
        for word, method in (
            ("portfolio", "PUT"),
            ("contrapartes", "PUT"),
            ("calculo", "POST"),
            ("validacao", "POST"),
            ("cancelamento", "POST"),
            ("envio", "POST"),
            ("leitura", "POST"),
            ("simulacao", "POST"),
        )
    },
    f"POST {LOTES}": "prudential.start_lote",
    f"GET {LOTES}": "prudential.list_lotes",
    f"GET {LOTES}/{{lote}}": "prudential.read_lote",
    f"GET {LOTES}/{{lote}}/respostas/{{numero}}": "prudential.read_lote_answer",
    f"GET {AGENT}/fator": "prudential.read_factor",
    f"GET {AGENT}/recibo": "prudential.read_receipt",
    "GET /prudencial/modelos/portfolio.xlsx": "prudential.make_portfolio_template",
    "GET /prudencial/modelos/portfolio.json": "prudential.serve_model",
    "GET /prudencial/modelos/contrapartes.json": "prudential.serve_model",
    "GET /prudencial/modelos/contrapartes.schema.json": "prudential.serve_model",
    "POST /acessos": "identity.request_access",
    "GET /publicacao": "prudential.list_publications",
    "GET /publicacao/{evento}": "prudential.read_publication",
    "GET /prudencial/agentes/{cnpj}/fatores": "prudential.list_factors",
    "PUT /prudencial/agentes/{cnpj}/divulgacao": "prudential.register_link",
    "GET /prudencial/agentes/{cnpj}/divulgacao": "prudential.read_link",
    "GET /sessao": "identity.read_session",
    "GET /configuracao": "discovery.serve_configuration",
    "GET /openapi.json": "discovery.serve_openapi",
    "GET /documentacao": "discovery.serve_openapi",
}
SOAP = {
    "/ws/cntr/ImportarArquivoBSv1": "contracts.soap_import_file",
    "/ws/cntr/ResultadoProcessamentoBSv1": "contracts.soap_read_outcome",
    "/ws/v2/ContratoBSv2": "contracts.soap_contracts",
    "/ws/v2/MontanteEnergiaBSv2": "contracts.soap_amounts",
    "/ws/v2/ParcelaAtivoBSv2": "contracts.soap_parcels",
    "/ws/v2/AtivoMedicaoBSv2": "contracts.soap_assets",
    "/ws/v2/ParticipanteMercadoBSv2": "contracts.soap_participants",
    "/ws/v2/PerfilParticipanteMercadoBSv2": "contracts.soap_profiles",
}
SERVICES = {
    "GET /sessao": "identity.read_session",
    "POST /sistema/token": "identity.issue_system_token",
    **{f"POST {path}": handler for path, handler in SOAP.items()},
    **{f"GET {path}": "contracts.serve_wsdl" for path in SOAP},
}
PUBLIC = {
    ("aval-people", "GET /configuracao"),
    ("aval-people", "POST /acessos"),
    ("aval-people", "GET /openapi.json"),
    ("aval-people", "GET /documentacao"),
    ("aval-people", "GET /prudencial/medidas"),
    ("aval-services", "POST /sistema/token"),
    *(("aval-services", f"{method} {path}") for method in ("GET", "POST") for path in SOAP),
}


def _api(assembly: Assembly, name: str) -> Resource:
    return assembly.the("AWS::ApiGatewayV2::Api", Name=name)


def _routes(assembly: Assembly, api: Resource) -> list[Resource]:
    routes = assembly.resources("AWS::ApiGatewayV2::Route")
    return [route for route in routes if route.properties["ApiId"] == api.name]


def _handlers(assembly: Assembly, api: Resource) -> dict[str, str]:
    functions = {f"{one.name}.Arn": one for one in assembly.resources("AWS::Lambda::Function")}
    targets = {
        f"integrations/{one.name}": one.properties["IntegrationUri"]
        for one in assembly.resources("AWS::ApiGatewayV2::Integration")
    }
    return {
        route.properties["RouteKey"]: functions[targets[route.properties["Target"]]]
        .properties["Handler"]
        .removesuffix(".handler")
        for route in _routes(assembly, api)
    }


def test_each_door_leads_to_its_handlers_and_nowhere_else(assembly: Assembly) -> None:
    assert len(assembly.resources("AWS::ApiGatewayV2::Api")) == 2
    assert _handlers(assembly, _api(assembly, "aval-people")) == PEOPLE
    assert _handlers(assembly, _api(assembly, "aval-services")) == SERVICES


def test_no_route_but_the_public_ones_is_without_the_authorizer(assembly: Assembly) -> None:
    open_routes = {
        (name, route.properties["RouteKey"])
        for name in ("aval-people", "aval-services")
        for route in _routes(assembly, _api(assembly, name))
        if route.properties["AuthorizationType"] != "CUSTOM" or not route.properties.get("AuthorizerId")
    }
    assert open_routes == PUBLIC


def test_the_soap_routes_are_those_of_the_services() -> None:
    assert set(SOAP) == {service.path for service in SERVICES_OF_THE_EDGE}


def test_the_authorizer_is_asked_at_every_call(assembly: Assembly) -> None:
    authorizers = assembly.resources("AWS::ApiGatewayV2::Authorizer")
    assert len(authorizers) == 2
    for authorizer in authorizers:
        properties = authorizer.properties
        assert properties["AuthorizerResultTtlInSeconds"] == 0
        assert properties["IdentitySource"] == ["$request.header.Authorization"]
        assert properties["EnableSimpleResponses"] is True
        assert properties["AuthorizerPayloadFormatVersion"] == "2.0"
        assert "AuthorizeFunction" in properties["AuthorizerUri"]


def test_pages_of_no_other_origin_read_answers(assembly: Assembly) -> None:
    cors = _api(assembly, "aval-people").properties["CorsConfiguration"]
    assert cors["AllowOrigins"] == ["aval-services/PublicUrl"]
    assert "AllowCredentials" not in cors
    assert "CorsConfiguration" not in _api(assembly, "aval-services").properties


def test_both_doors_throttle(assembly: Assembly) -> None:
    stages = assembly.resources("AWS::ApiGatewayV2::Stage")
    assert len(stages) == 2
    for stage in stages:
        settings = stage.properties["DefaultRouteSettings"]
        assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (50, 100)


def test_what_anybody_may_ask_a_mail_by_lets_less_through(assembly: Assembly) -> None:
    [stage] = [
        one for one in assembly.resources("AWS::ApiGatewayV2::Stage") if one.properties.get("RouteSettings")
    ]
    [(route_key, settings)] = stage.properties["RouteSettings"].items()
    assert route_key == "POST /acessos"
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (5, 20)
    [route] = [
        one
        for one in assembly.resources("AWS::ApiGatewayV2::Route")
        if one.properties["RouteKey"] == route_key
    ]
    # CloudFormation refuses settings of a route that it has not made yet.
    assert route.name.split("/")[-1] in stage.raw["DependsOn"]


def test_access_logs_name_the_request_and_nothing_of_who_made_it(assembly: Assembly) -> None:
    for stage in assembly.resources("AWS::ApiGatewayV2::Stage"):
        logged = json.loads(stage.properties["AccessLogSettings"]["Format"])
        assert logged["requestId"] == "$context.requestId"
        assert set(logged.values()) <= {
            "$context.authorizer.error",
            "$context.identity.sourceIp",
            "$context.integrationErrorMessage",
            "$context.protocol",
            "$context.requestId",
            "$context.requestTime",
            "$context.responseLatency",
            "$context.responseLength",
            "$context.routeKey",
            "$context.status",
        }


def test_the_default_endpoint_closes_as_soon_as_there_is_a_host_name(assembly: Assembly) -> None:
    for name, condition in (("aval-people", "PeopleDomainGiven"), ("aval-services", "ServicesDomainGiven")):
        assert _api(assembly, name).properties["DisableExecuteApiEndpoint"] == {
            "Fn::If": [condition, True, False]
        }


def test_host_names_exist_only_when_given_and_take_tls_1_2_at_least(assembly: Assembly) -> None:
    domains = assembly.resources("AWS::ApiGatewayV2::DomainName")
    assert {domain.raw["Condition"] for domain in domains} == {"PeopleDomainGiven", "ServicesDomainGiven"}
    for domain in domains:
        [configuration] = domain.properties["DomainNameConfigurations"]
        assert configuration["SecurityPolicy"] == "TLS_1_2"
    mappings = assembly.resources("AWS::ApiGatewayV2::ApiMapping")
    assert {mapping.raw["Condition"] for mapping in mappings} == {"PeopleDomainGiven", "ServicesDomainGiven"}


def test_systems_come_by_mutual_tls_against_the_trust_bucket(assembly: Assembly) -> None:
    domains = assembly.resources("AWS::ApiGatewayV2::DomainName")
    [mutual] = [domain for domain in domains if "MutualTlsAuthentication" in domain.properties]
    uri = mutual.properties["MutualTlsAuthentication"]["TruststoreUri"]
    assert mutual.raw["Condition"] == "ServicesDomainGiven"
    assert uri.startswith("s3://aval-foundation/TrustBucket")
    assert uri.endswith("/aval-api/ServicesTruststore")


def test_a_host_name_without_certificate_or_truststore_is_refused_before_anything_changes(
    assembly: Assembly,
) -> None:
    rules = assembly.templates["aval-api"]["Rules"]
    assert len(rules["PeopleDomainIsWhole"]["Assertions"]) == 1
    assert len(rules["ServicesDomainIsWhole"]["Assertions"]) == 2
