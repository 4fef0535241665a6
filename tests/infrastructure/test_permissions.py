import re

import pytest

from cdk.components.names import BREAK_GLASS_ROLE
from cdk.components.state_machine import DELIVERY
from tests.infrastructure.assembly import Assembly, Statement

# Objects are named by whoever drops or makes them, so that a grant ends at the folder.
FOLDERS = (
    "entrada",
    "resultado",
    "truststore",
    "lcr/entrada",
    "lcr/listas",
    "importacoes",
    "medidas",
    "tarefas",
    "registros",
    "imagens",
    "publicacao",
    "diarios",
    "lotes/entrada",
    "lotes/quarentena",
    "lotes/trabalho",
    "parametros",
    "parametros-resultado",
)
# Actions that know no narrower resource, each with who may.
OVER_ALL = {
    "ecr:GetAuthorizationToken": "aval-confidential/EnclaveHost",
    "kms:CreateKey": "aval-confidential/BreakGlass",
}
RESOURCE_POLICIES = {
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
}


def _role_statements(assembly: Assembly) -> list[Statement]:
    found = [one for one in assembly.statements("AWS::IAM::Policy", "PolicyDocument") if one.allows]
    assert found
    return found


def test_no_role_is_allowed_a_wildcard_action(assembly: Assembly) -> None:
    actions = [action for statement in _role_statements(assembly) for action in statement.actions]
    assert [action for action in actions if "*" in action] == []


def test_no_role_is_allowed_a_resource_wider_than_a_folder_of_a_bucket(assembly: Assembly) -> None:
    folder = re.compile(
        rf"aval-(foundation|confidential)/\w+Bucket\w+\.Arn/({'|'.join(FOLDERS)})/\*"
        # A stack's ARN ends in an id that it has from its birth.
        r"|arn:\$\{AWS::Partition\}:cloudformation:\S+:stack/aval-confidential/\*"
    )
    resources = {
        one
        for statement in _role_statements(assembly)
        if set(statement.actions) != set(DELIVERY) and not set(statement.actions) <= set(OVER_ALL)
        for one in statement.resources
    }
    assert [one for one in resources if "*" in one and not folder.fullmatch(one)] == []


def test_what_knows_no_resource_is_granted_alone_and_to_whom_it_is_meant_for(assembly: Assembly) -> None:
    found = {}
    for statement in _role_statements(assembly):
        if set(statement.actions) & set(OVER_ALL):
            [action] = statement.actions
            found[action] = statement.holder
    assert found.keys() == OVER_ALL.keys()
    assert all(found[action].startswith(holder) for action, holder in OVER_ALL.items())


def test_only_state_machines_set_up_deliveries_of_logs(assembly: Assembly) -> None:
    holders = {one.holder for one in _role_statements(assembly) if set(one.actions) & set(DELIVERY)}
    machines = assembly.resources("AWS::StepFunctions::StateMachine")
    roles = {machine.properties["RoleArn"].removesuffix(".Arn") for machine in machines}
    policies = assembly.resources("AWS::IAM::Policy")
    assert holders == {one.name for one in policies if roles & set(one.properties["Roles"])} != set()


def test_no_role_carries_a_managed_or_inline_policy(assembly: Assembly) -> None:
    roles = assembly.resources("AWS::IAM::Role")
    assert roles
    assert [role.name for role in roles if {"ManagedPolicyArns", "Policies"} & set(role.properties)] == []


SERVICES = {
    "ec2.amazonaws.com",
    "events.amazonaws.com",
    "lambda.amazonaws.com",
    "scheduler.amazonaws.com",
    "states.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
}
# What EC2 and Lambda run for us names no source when it assumes its role.
WITHOUT_SOURCE = {"ec2.amazonaws.com", "lambda.amazonaws.com"}


def test_only_services_that_run_our_work_assume_roles_each_for_one_named_source(assembly: Assembly) -> None:
    trusted = {
        (statement["Principal"]["Service"], str(statement.get("Condition", "")))
        for role in assembly.resources("AWS::IAM::Role")
        for statement in role.properties["AssumeRolePolicyDocument"]["Statement"]
        if role.properties.get("RoleName") != BREAK_GLASS_ROLE
    }
    assert {service for service, _ in trusted} == SERVICES
    for service, condition in trusted:
        assert service in WITHOUT_SOURCE or "aws:SourceArn" in condition


def test_no_resource_policy_allows_everybody(assembly: Assembly) -> None:
    for resource_type, document in RESOURCE_POLICIES.items():
        statements = list(assembly.statements(resource_type, document))
        assert statements
        assert [s for s in statements if s.allows and s.raw["Principal"] in ("*", {"AWS": "*"})] == []


def test_functions_are_invoked_only_on_behalf_of_a_named_source(assembly: Assembly) -> None:
    permissions = assembly.resources("AWS::Lambda::Permission")
    assert permissions
    assert [one.name for one in permissions if not one.properties.get("SourceArn")] == []


def test_reading_functions_cannot_write(assembly: Assembly) -> None:
    for operation in (
        "list-companies",
        "read-company",
        "read-history",
        "download-certificate",
        "verify-certificate",
        "read-session",
        "list-contracts",
        "read-contract",
        "list-amounts",
        "list-linked-parcels",
        "read-contract-history",
        "read-import",
        "read-task",
        "list-lotes",
        "read-lote",
        "read-lote-answer",
        "list-publications",
        "read-publication",
        "read-link",
        "read-factor",
        "read-receipt",
        "make-portfolio-template",
        "read-reader-lists",
        "serve-measurements",
    ):
        actions = {action for s in assembly.role_statements(f"aval-{operation}") for action in s.actions}
        assert actions <= {
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:Query",
            "kms:Decrypt",
            "kms:DescribeKey",
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:ListBucket",
            # By whoever asks another bus for contracts; which secret, and whose, test_contract_bus holds.
            "secretsmanager:GetSecretValue",
        }, operation


def test_functions_that_serve_what_they_hold_may_do_nothing_but_log(assembly: Assembly) -> None:
    for operation in ("serve-configuration", "serve-openapi", "serve-model"):
        actions = {action for s in assembly.role_statements(f"aval-{operation}") for action in s.actions}
        assert actions == {"logs:CreateLogStream", "logs:PutLogEvents"}, operation


def test_only_the_loader_writes_the_registry(assembly: Assembly) -> None:
    table = next(one for one in assembly.resources("AWS::DynamoDB::Table") if "Registry" in one.name)
    writers = {
        statement.holder
        for statement in _role_statements(assembly)
        if f"{table.name}.Arn" in statement.resources
        and not set(statement.actions) <= {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
    }
    assert len(writers) == 1
    assert "LoadRegistry" in writers.pop()


@pytest.mark.parametrize("listed", ["participants", "profiles", "assets", "parcels"])
def test_a_public_list_reads_the_registry_and_no_other_table(assembly: Assembly, listed: str) -> None:
    [registry] = [one for one in assembly.resources("AWS::DynamoDB::Table") if "Registry" in one.name]
    reading = [
        statement
        for statement in assembly.role_statements(f"aval-list-{listed}")
        if any(action.startswith("dynamodb:") for action in statement.actions)
    ]
    assert {resource for statement in reading for resource in statement.resources} == {f"{registry.name}.Arn"}
    actions = {action for statement in reading for action in statement.actions}
    assert actions == {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}


def test_mail_is_sent_only_from_our_sender(assembly: Assembly) -> None:
    senders = [s for s in _role_statements(assembly) if any(a.startswith("ses:") for a in s.actions)]
    assert senders
    for statement in senders:
        assert statement.actions == ["ses:SendEmail"]
        assert all(one.endswith(":identity/aval-foundation/MailSenderAddress") for one in statement.resources)


def test_events_are_published_on_our_bus_alone(assembly: Assembly) -> None:
    bus = assembly.the("AWS::Events::EventBus")
    publishers = [s for s in _role_statements(assembly) if "events:PutEvents" in s.actions]
    assert publishers
    for statement in publishers:
        assert statement.resources == [f"{bus.name}.Arn"]


def test_the_work_on_imports_reaches_contracts_and_the_registry_and_writes_contracts_alone(
    assembly: Assembly,
) -> None:
    tables = assembly.resources("AWS::DynamoDB::Table")
    names = {f"{table.name}.Arn": re.sub(r".*/([A-Z][a-z]+)Table\w+", r"\1", table.name) for table in tables}
    reached: dict[str, set[str]] = {}
    for statement in assembly.role_statements("aval-process-import-slice"):
        for resource in statement.resources:
            if resource in names:
                reached.setdefault(names[resource], set()).update(statement.actions)
    read = {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
    assert reached == {
        "Contracts": {*read, "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "Registry": read,
    }


def test_whoever_tells_of_contracts_reads_the_stream_and_not_the_table(assembly: Assembly) -> None:
    statements = assembly.role_statements("aval-publish-contract-events")
    reached = {
        resource
        for statement in statements
        for resource in statement.resources
        if any(action.startswith("dynamodb:") for action in statement.actions)
    }
    assert [one.endswith(".StreamArn") for one in reached] == [True]


def test_nobody_deletes_contracts_or_their_history(assembly: Assembly) -> None:
    [table] = [one for one in assembly.resources("AWS::DynamoDB::Table") if "Contracts" in one.name]
    deleting = {"dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
    holders = [
        statement.holder
        for statement in _role_statements(assembly)
        if f"{table.name}.Arn" in statement.resources and deleting & set(statement.actions)
    ]
    assert holders == []
