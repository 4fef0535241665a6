"""Who answers for contracts in this deployment: its own tables, or another bus asked as one company."""

from aws_cdk import CfnCondition, CfnParameter, CfnRule, CfnRuleAssertion, Fn
from aws_cdk import aws_iam as iam
from constructs import Construct

from aval.settings import BusChoice, Variable
from cdk.components.service_function import ServiceFunction


class ContractBusChoice(Construct):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._choice = CfnParameter(
            scope,
            "ContractBus",
            description="NATIVO: our own tables answer for contracts; CCEE: the bus at CceeUrl does",
            default=BusChoice.NATIVE.value,
            allowed_values=[choice.value for choice in BusChoice],
        ).value_as_string
        self._url = CfnParameter(
            scope,
            "CceeUrl",
            description="piloto, producao, or the https address of another Aval; only with CCEE",
            default="",
            allowed_pattern="|piloto|producao|https://[^ ?#]+[^ ?#/]",
        ).value_as_string
        self._secret = CfnParameter(
            scope,
            "CceeSecretArn",
            description="Whole ARN of the secret with certificate, key and password; only with CCEE",
            default="",
            allowed_pattern="|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+",
        ).value_as_string
        is_other = Fn.condition_equals(self._choice, BusChoice.CCEE.value)
        self._is_other = CfnCondition(scope, "ContractBusIsOther", expression=is_other)
        CfnRule(
            scope,
            "ContractBusIsWhole",
            rule_condition=is_other,
            assertions=[
                CfnRuleAssertion(
                    assert_=Fn.condition_not(Fn.condition_equals(value, "")),
                    assert_description=f"ContractBus CCEE needs {name}",
                )
                for name, value in (("CceeUrl", self._url), ("CceeSecretArn", self._secret))
            ],
        )

    def grant_use(self, function: ServiceFunction) -> None:
        """Tell `function` which bus it asks, and let it read the secret only where that is another's."""
        function.set_variable(Variable.CONTRACT_BUS, self._choice)
        function.set_variable(Variable.CCEE_URL, self._url)
        function.set_variable(Variable.CCEE_SECRET, self._secret)
        policy = iam.CfnPolicy(
            function,
            "OtherBus",
            policy_name="other-bus",
            roles=[function.role.role_name],
            policy_document=iam.PolicyDocument(
                statements=[
                    iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self._secret])
                ]
            ),
        )
        # Without another bus there is no secret, and a policy may not name the empty ARN.
        policy.cfn_options.condition = self._is_other
