"""`aval certificado verificar` says of a file what the deployed API says."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes

from local.issuing import SERVER_AUTH, client_extensions, name_of, new_key
from tests.support.agents import ANA, BOLT, VENTO, Person, certificate
from tests.support.stack import Stack

ONLY_THE_PLATFORM_KNOWS = {"requerente", "duplicado", "quantidade", "revogacao"}
LONG_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(days=500)


def files(stack: Stack) -> dict[str, bytes]:
    lawful = certificate(stack, "MESMO VEREDITO", cnpj=BOLT)
    five_faults = certificate(
        stack,
        "CINCO FALHAS",
        subject=name_of("CINCO FALHAS", serial_number=VENTO),
        key=new_key(3072).public_key(),
        begins=LONG_AGO,
        lifetime=timedelta(days=396),
        digest=hashes.SHA384(),
        extensions=client_extensions(usages=(SERVER_AUTH,)),
    )
    return {
        "lawful": lawful,
        "five faults": five_faults,
        "of another company": certificate(stack, "ALHEIO", cnpj=VENTO),
        "without CNPJ": certificate(stack, "SEM CNPJ"),
        "forged": lawful[:-1] + bytes([lawful[-1] ^ 1]),
        "trailing byte": lawful + b"\0",
        "empty": b"",
        "text": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "too large": b"\0" * (64 * 1024 + 1),
    }


def by_command(stack: Stack, file: Path) -> tuple[int, Any]:
    aval = Path(sys.executable).parent / "aval"
    command = [str(aval), "certificado", "verificar", str(file), "--json"]
    told = subprocess.run(
        [*command, "--cnpj", BOLT, "--truststore", str(stack.hierarchy / "truststore.pem")],
        capture_output=True,
        check=False,
    )
    return told.returncode, json.loads(told.stdout)


def by_api(ana: Person, file: bytes) -> Any:
    answer = ana.verify(BOLT, file)
    assert answer.status == 200
    return [row for row in answer.json()["regras"] if row["regra"] not in ONLY_THE_PLATFORM_KNOWS]


@pytest.fixture(scope="module")
def ana(stack: Stack) -> Person:
    person = Person.logged_in(stack, ANA)
    person.empty(BOLT)
    return person


def test_command_and_api_answer_alike_row_by_row(stack: Stack, ana: Person, tmp_path: Path) -> None:
    refused = {}
    for name, content in files(stack).items():
        file = tmp_path / "empresa.cer"
        file.write_bytes(content)
        code, told = by_command(stack, file)
        assert told["regras"] == by_api(ana, content), name
        refused[name] = {row["regra"] for row in told["regras"] if not row["ok"]}
        assert (code, told["aceito"]) == ((1, False) if refused[name] else (0, True)), name
    assert refused["five faults"] == {"uso", "chave", "validade", "assinatura", "cnpj"}
    assert [name for name, rules in refused.items() if not rules] == ["lawful", "without CNPJ"]
