from collections.abc import Iterator
from dataclasses import replace

import pytest

from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.lote_agents import DynamoDbLoteAgents
from aval.adapters.dynamodb.vault import DynamoDbVault
from aval.adapters.s3_confidential import ConfidentialObjects
from aval.prudential.agent_state import AgentChange
from aval.prudential.lote_persisting import changes_of
from aval.prudential.vault import StoredRecord
from tests.support.confidential import empty_vault
from tests.support.lotes import chunk, lote
from tests.support.monitored import BOLT
from tests.support.weeks import EVENT, standing


@pytest.fixture
def vault() -> Iterator[DynamoDbVault]:
    with empty_vault() as found:
        yield found


def written(counter: int = 7, version: int = 2) -> tuple[StoredRecord, AgentChange]:
    [one] = changes_of(lote(), 0, chunk((BOLT, version, standing(counter=counter))))
    return one


def agents_of(vault: DynamoDbVault) -> DynamoDbLoteAgents:
    objects = ConfidentialObjects(vault.s3, vault.bucket)
    return DynamoDbLoteAgents(vault.client, vault.table_name, objects)


def test_record_row_and_history_read_back(vault: DynamoDbVault) -> None:
    record, change = written()
    agents_of(vault).write(record, change)
    kept = DynamoDbAgents(vault.client, vault.table_name)
    assert vault.record(EVENT, BOLT, "PORTFOLIO", 2) == record
    assert kept.row(EVENT, BOLT) == change.row
    assert kept.history(EVENT, BOLT) == (change.transition,)


def test_a_repeat_changes_nothing(vault: DynamoDbVault) -> None:
    record, change = written()
    agents = agents_of(vault)
    agents.write(record, change)
    agents.write(replace(record, sealed=b"another"), change)
    kept = DynamoDbAgents(vault.client, vault.table_name)
    assert vault.record(EVENT, BOLT, "PORTFOLIO", 2) == record
    assert kept.history(EVENT, BOLT) == (change.transition,)


def test_a_chunk_that_comes_late_adds_to_the_history_and_leaves_the_newer_row(vault: DynamoDbVault) -> None:
    (early, before), (late, after) = written(7, 2), written(9, 3)
    agents = agents_of(vault)
    agents.write(late, after)
    agents.write(early, before)
    kept = DynamoDbAgents(vault.client, vault.table_name)
    assert kept.row(EVENT, BOLT) == after.row
    assert kept.history(EVENT, BOLT) == (before.transition, after.transition)
    assert vault.record(EVENT, BOLT, "PORTFOLIO", 2) == early
