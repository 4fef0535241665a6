"""A function that is given a queue's messages, one at a time."""

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.components.service_function import ServiceFunction
from cdk.components.work_queue import WorkQueue


class QueueWorker(Construct):
    def __init__(
        self, scope: Construct, construct_id: str, *, queue: WorkQueue, function: ServiceFunction
    ) -> None:
        super().__init__(scope, construct_id)
        queue.grant_take(function)
        mapping = lambda_.CfnEventSourceMapping(
            self,
            "Mapping",
            function_name=function.function.function_name,
            event_source_arn=queue.queue.queue_arn,
            # One that fails is tried again alone.
            batch_size=1,
        )
        mapping.node.add_dependency(function.role)
