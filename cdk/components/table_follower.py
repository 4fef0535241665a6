"""A function that is given what is written to a table, in order and again until it has taken it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.components.domain_table import DomainTable
from cdk.components.service_function import ServiceFunction

# Halved at each failure, a record that cannot be taken is alone after seven; the rest outlast an outage.
TRIES = 25
BATCH = 100


class TableFollower(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        table: DomainTable,
        function: ServiceFunction,
        images: Sequence[Mapping[str, Any]],
    ) -> None:
        """`images` are patterns of the written items that the function is given."""
        super().__init__(scope, construct_id)
        table.grant_follow(function)
        function.dead_letters.grant_send(function.role)
        stream_arn = table.table.table_stream_arn
        if stream_arn is None:
            raise ValueError(table.node.path)
        mapping = lambda_.CfnEventSourceMapping(
            self,
            "Mapping",
            function_name=function.function.function_name,
            event_source_arn=stream_arn,
            # What was written between the table's creation and this mapping's is told too.
            starting_position="TRIM_HORIZON",
            batch_size=BATCH,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=TRIES,
            maximum_record_age_in_seconds=Duration.hours(20).to_seconds(),
            parallelization_factor=1,
            filter_criteria=lambda_.CfnEventSourceMapping.FilterCriteriaProperty(
                filters=[
                    lambda_.CfnEventSourceMapping.FilterProperty(
                        pattern=json.dumps({"dynamodb": {"NewImage": image}}, separators=(",", ":"))
                    )
                    for image in images
                ]
            ),
            destination_config=lambda_.CfnEventSourceMapping.DestinationConfigProperty(
                on_failure=lambda_.CfnEventSourceMapping.OnFailureProperty(
                    destination=function.dead_letters.queue.queue_arn
                )
            ),
        )
        mapping.node.add_dependency(function.role)
