"""A function that is given the messages that nobody could work off."""

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.components.service_function import ServiceFunction
from cdk.components.work_queue import WorkQueue


class FailedMessages(Construct):
    def __init__(
        self, scope: Construct, construct_id: str, *, queue: WorkQueue, function: ServiceFunction
    ) -> None:
        super().__init__(scope, construct_id)
        queue.grant_take_failed(function)
        mapping = lambda_.CfnEventSourceMapping(
            self,
            "Mapping",
            function_name=function.function.function_name,
            event_source_arn=queue.failed.queue_arn,
            batch_size=10,
        )
        mapping.node.add_dependency(function.role)
