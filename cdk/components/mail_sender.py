"""The address that writes to agents' people."""

from aws_cdk import Aws, CfnParameter, RemovalPolicy
from aws_cdk import aws_ses as ses
from constructs import Construct

from aval.settings import Variable
from cdk.components.service_function import ServiceFunction


class MailSender(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, address: CfnParameter) -> None:
        super().__init__(scope, construct_id)
        self.address = address.value_as_string
        identity = ses.EmailIdentity(self, "Identity", identity=ses.Identity.email(self.address))
        identity.apply_removal_policy(RemovalPolicy.RETAIN)
        self.arn = f"arn:{Aws.PARTITION}:ses:{Aws.REGION}:{Aws.ACCOUNT_ID}:identity/{self.address}"

    def grant_send(self, function: ServiceFunction) -> None:
        function.set_variable(Variable.MAIL_SENDER, self.address)
        function.allow(actions=["ses:SendEmail"], resources=[self.arn])
