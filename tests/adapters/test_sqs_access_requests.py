import boto3
from moto import mock_aws

from aval.adapters.sqs_access_requests import SqsAccessRequests, address_in


def test_what_is_put_is_read_by_who_works_it_off() -> None:
    with mock_aws():
        client = boto3.client("sqs", region_name="sa-east-1")
        url = client.create_queue(QueueName="access")["QueueUrl"]
        SqsAccessRequests(client, url).put("ana@demo.aval.example")
        [message] = client.receive_message(QueueUrl=url)["Messages"]
        assert address_in(message["Body"]) == "ana@demo.aval.example"
