"""Handlers of the contract stack: the last word of the path says what the Lambda environment is asked for."""

import base64
import importlib
import importlib.util
import json
import os
import sys
import time
from typing import Any, NoReturn

Document = dict[str, Any]


class Unauthorized(Exception):
    """An authorizer's message of this very text makes API Gateway answer 401."""


def answer(event: Document, context: Any) -> Any:
    return PATHS[event["rawPath"].rpartition("/")[2]](event, context)


def authorize(event: Document, _context: Any) -> Document:
    token = event["headers"]["authorization"]
    if token == "raise":
        raise Unauthorized("Unauthorized")
    if token == "break":
        raise ValueError("broken")
    return {"isAuthorized": token == "good", "context": {"subject": "s-1", "number": 7}}


def follow(event: Document, _context: Any) -> None:
    """Fail unless every record holds what was written, and is one of those that were asked for."""
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        if not image["kind"]["S"].startswith("want") or image["pk"] != record["dynamodb"]["Keys"]["pk"]:
            raise ValueError("not asked for")


def echo(event: Document, _context: Any) -> Document:
    return {"statusCode": 200, "headers": {"X-Mixed": "Kept"}, "body": json.dumps(event)}


def binary(_event: Document, _context: Any) -> Document:
    body = base64.b64encode(bytes(range(256))).decode()
    headers = {"content-type": "application/pkix-cert"}
    return {"statusCode": 200, "headers": headers, "body": body, "isBase64Encoded": True}


def surroundings(_event: Document, context: Any) -> Document:
    sys.stdout.write("a line of the handler\n")
    names = ("pytest", "ministack", "boto3", "local", "functions")
    return {
        "importable": [name for name in names if importlib.util.find_spec(name)],
        "path": sys.path,
        "environment": dict(os.environ),
        "context": {
            "function_name": context.function_name,
            "log_group_name": context.log_group_name,
            "remaining": context.get_remaining_time_in_millis(),
        },
    }


def slow(_event: Document, _context: Any) -> None:
    time.sleep(30)


def linger(_event: Document, _context: Any) -> Document:
    time.sleep(0.3)
    return {"pid": os.getpid()}


def refuse(_event: Document, _context: Any) -> NoReturn:
    raise ValueError("the caller must not read this")


def leave(_event: Document, _context: Any) -> NoReturn:
    os._exit(3)


def unserialisable(_event: Document, _context: Any) -> Document:
    return {"set": {1}}


def read_object(event: Document, _context: Any) -> Document:
    s3 = importlib.import_module("boto3").client("s3")
    named = event["queryStringParameters"]
    try:
        found = s3.get_object(Bucket=named["bucket"], Key=named["key"])
    except s3.exceptions.ClientError as error:
        return {"refused": error.response["Error"]["Code"]}
    return {"body": found["Body"].read().decode()}


PATHS = {
    "echo": echo,
    "binary": binary,
    "surroundings": surroundings,
    "slow": slow,
    "linger": linger,
    "refuse": refuse,
    "leave": leave,
    "unserialisable": unserialisable,
    "object": read_object,
}
