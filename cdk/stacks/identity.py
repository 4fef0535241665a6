"""The user pool: who may log in."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from cdk.components.lasting_resources import LastingResources
from cdk.components.people_pool import PeoplePool


class IdentityStack(Stack):
    def __init__(
        self, scope: Construct, construct_id: str, *, resources: LastingResources, **stack: Any
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        self.people = PeoplePool(self, "People", mail_sender=resources.mail_sender)
        CfnOutput(self, "UserPoolId", value=self.people.pool.user_pool_id)
        CfnOutput(self, "UserPoolClientId", value=self.people.client.user_pool_client_id)
        CfnOutput(self, "UserPoolIssuer", value=self.people.issuer)
