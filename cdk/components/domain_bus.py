"""The bus of the domain's events (docs/events.md)."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_events as events
from constructs import Construct

from aval.settings import Variable
from cdk.components.service_function import ServiceFunction


class DomainBus(Construct):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.bus = events.EventBus(self, "Bus", event_bus_name="aval")
        self.bus.apply_removal_policy(RemovalPolicy.RETAIN)

    def grant_publish(self, function: ServiceFunction) -> None:
        function.set_variable(Variable.EVENT_BUS, self.bus.event_bus_name)
        function.allow(actions=["events:PutEvents"], resources=[self.bus.event_bus_arn])
