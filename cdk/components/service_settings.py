"""What differs between AWS and one machine: CloudFormation parameters, never another template."""

from aws_cdk import CfnParameter
from constructs import Construct

from aval.certificates.truststore import ICP_BRASIL_ROOTS
from aval.settings import CnpjComparison, Variable
from cdk.components.names import COGNITO_HERE
from cdk.components.optional_parameter import given_or
from cdk.components.people_pool import PeoplePool
from cdk.components.service_function import ServiceFunction


class ServiceSettings(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, people: PeoplePool) -> None:
        super().__init__(scope, construct_id)
        self.public_url = CfnParameter(
            scope,
            "PublicUrl",
            description="Where agents' people open the page, without a slash at the end",
            allowed_pattern="https://[^ ]+[^/ ]",
        ).value_as_string
        self._services_url = CfnParameter(
            scope,
            "ServicesUrl",
            description="Where agents' systems call, which the WSDLs tell, without a slash at the end",
            allowed_pattern="https://[^ ]+[^/ ]",
        ).value_as_string
        self._environment = CfnParameter(
            scope,
            "EnvironmentName",
            description="What the page calls this deployment",
            default="producao",
            allowed_pattern="[a-z][a-z-]*",
        ).value_as_string
        roots = CfnParameter(
            scope,
            "TrustedRoots",
            description="SHA-256 of the root certificates that are trusted, lower hex, by commas",
            default=",".join(sorted(ICP_BRASIL_ROOTS)),
        )
        self._trusted_roots = roots.value_as_string
        self._cnpj_comparison = CfnParameter(
            scope,
            "CnpjComparison",
            description="Whether a certificate's CNPJ must be the company's in its root or in full",
            default=CnpjComparison.ROOT.value,
            allowed_values=[comparison.value for comparison in CnpjComparison],
        ).value_as_string
        self._jwks_url = given_or(
            scope,
            "JwksUrl",
            description="Where the pool's public keys are; empty: at Cognito",
            otherwise=f"{people.issuer}/.well-known/jwks.json",
        )
        self._cognito_endpoint = given_or(
            scope,
            "CognitoEndpoint",
            description="Where the page logs in; empty: at Cognito",
            otherwise=COGNITO_HERE,
        )
        self._people = people

    def describe_the_way_in(self, function: ServiceFunction) -> None:
        function.set_variable(Variable.ENVIRONMENT, self._environment)
        function.set_variable(Variable.COGNITO_ENDPOINT, self._cognito_endpoint)
        function.set_variable(Variable.USER_POOL_ISSUER, self._people.issuer)
        function.set_variable(Variable.USER_POOL_CLIENT_ID, self._people.client.user_pool_client_id)

    def say_where_systems_call(self, function: ServiceFunction) -> None:
        function.set_variable(Variable.SERVICES_URL, self._services_url)

    def describe_the_pool(self, function: ServiceFunction) -> None:
        function.set_variable(Variable.JWKS_URL, self._jwks_url)
        function.set_variable(Variable.USER_POOL_ISSUER, self._people.issuer)
        function.set_variable(Variable.USER_POOL_CLIENT_ID, self._people.client.user_pool_client_id)

    def name_the_roots(self, function: ServiceFunction) -> None:
        function.set_variable(Variable.TRUSTED_ROOTS, self._trusted_roots)

    def say_how_a_cnpj_compares(self, function: ServiceFunction) -> None:
        function.set_variable(Variable.CNPJ_COMPARISON, self._cnpj_comparison)
