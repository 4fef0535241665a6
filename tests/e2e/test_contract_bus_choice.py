"""The JSON twin answers alike from our own tables and from another bus: here, from this stack's own SOAP."""

import json
import time
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import pytest

from tests.support.agents import ANA, VENTO, Person
from tests.support.contract_agents import Agent, Month, registration
from tests.support.stack import Stack
from tests.support.systems import System

SELLER, BUYER = 10030, 10010
FUNCTIONS: Final = (
    "aval-list-contracts",
    "aval-read-contract",
    "aval-list-amounts",
    "aval-start-import",
    "aval-read-import",
    "aval-list-profiles",
)
SECONDS: Final = 30.0


@pytest.fixture(scope="module")
def system(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> System:
    ana = Person.logged_in(stack, ANA)
    return System.enrolled(stack, ana, VENTO, SELLER, tmp_path_factory.mktemp("vento"))


@pytest.fixture(scope="module")
def seller(stack: Stack) -> Agent:
    return Agent(Person.logged_in(stack, ANA), SELLER)


@pytest.fixture(scope="module")
def contracts(seller: Agent) -> list[int]:
    rows = [registration(SELLER, BUYER, referencia=f"ESCOLHA {number}") for number in range(3)]
    return seller.registered(*rows)


def told(seller: Agent, contracts: list[int]) -> list[Any]:
    """Everything that is asked of either bus, without what names a page or a call."""
    begins, ends = (Month.ahead(months).instant.date().isoformat() for months in (1, 13))
    listed = seller.read("/contratos", perfil=SELLER, papel="VENDEDOR", inicio=begins, fim=ends, limite=1000)
    profiles = seller.read("/perfis", limite=1000)
    single = [seller.contract(code) for code in contracts]
    amounts = [seller.read(f"/contratos/{code}/montantes") for code in contracts]
    return [listed["contratos"], profiles["perfis"], single, amounts]


@pytest.fixture
def another_bus(stack: Stack, system: System) -> Iterator[None]:
    """The functions as a deployment with `ContractBus` CCEE has them; afterwards as they were."""
    clients = {service: stack.client(service) for service in ("lambda", "iam", "secretsmanager")}
    access = system.access()
    secret = {
        "cnpj": access.company,
        "perfil": access.profile,
        "senha": access.password,
        "certificado": access.identity.certificate.decode(),
        "chave": access.identity.private_key.decode(),
        "autoridades": access.authorities.decode(),
    }
    arn = clients["secretsmanager"].create_secret(
        Name=f"barramento-{uuid4()}", SecretString=json.dumps(secret)
    )["ARN"]
    before = {name: variables_of(clients["lambda"], name) for name in FUNCTIONS}
    chosen = {"AVAL_CONTRACT_BUS": "CCEE", "AVAL_CCEE_URL": system.url, "AVAL_CCEE_SECRET": arn}
    statement = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    try:
        for name, variables in before.items():
            clients["iam"].put_role_policy(RoleName=name, PolicyName="other-bus", PolicyDocument=policy)
            configure(clients["lambda"], name, {**variables, **chosen})
        yield
    finally:
        for name, variables in before.items():
            clients["iam"].delete_role_policy(RoleName=name, PolicyName="other-bus")
            configure(clients["lambda"], name, variables)


def variables_of(functions: Any, name: str) -> dict[str, str]:
    variables: dict[str, str] = functions.get_function_configuration(FunctionName=name)["Environment"][
        "Variables"
    ]
    return variables


def configure(functions: Any, name: str, variables: dict[str, str]) -> None:
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    deadline = time.monotonic() + SECONDS
    while variables_of(functions, name) != variables:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def answered(stack: Stack, service: str) -> int:
    log = stack.logs / f"aval-soap-{service}.log"
    return log.read_text().count('"request answered"') if log.exists() else 0


@pytest.fixture
def native(seller: Agent, contracts: list[int]) -> list[Any]:
    """Asked before the functions are told of another bus."""
    return told(seller, contracts)


def test_both_buses_answer_alike(
    stack: Stack, seller: Agent, contracts: list[int], native: list[Any], another_bus: None
) -> None:
    before = answered(stack, "contracts")
    assert told(seller, contracts) == native
    assert answered(stack, "contracts") > before


def test_rows_handed_to_another_bus_are_done_there(stack: Stack, seller: Agent, another_bus: None) -> None:
    before = answered(stack, "import-file")
    rows = [registration(SELLER, BUYER), registration(SELLER, 99999)]
    results = seller.imported(registrar=rows)
    assert [row["status"] for row in results] == ["SUCESSO", "ERRO"]
    assert answered(stack, "import-file") == before + 1


def test_whoever_acts_for_another_company_is_refused(stack: Stack, another_bus: None) -> None:
    """ANA represents AURORA as well, and this bus knows VENTO alone: what AURORA may see, VENTO may not."""
    aurora = Agent(Person.logged_in(stack, ANA), 10020)
    answer = aurora.post("/contratos/importacoes", registrar=[registration(10020, BUYER)])
    assert answer.status == 403
    assert "41.820.367/0001-39" in answer.json()["detail"]
