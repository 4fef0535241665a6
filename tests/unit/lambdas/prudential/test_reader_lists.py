"""PUT and GET /prudencial/empresas/{cnpj}/leitores."""

from typing import Any

import pytest

from aval.adapters.dynamodb.reader_lists import DynamoDbReaderLists
from aval.certificates.revocation import RevocationStanding
from aval.prudential.coverage import Coverage
from aval.prudential.reader_lists import ReaderAuthorisations
from lambdas.prudential import put_reader_list, read_reader_lists
from tests.support import pki
from tests.support.authorisations import addition, authorisation, chain
from tests.support.contract_api import STRANGER, Answer
from tests.support.dynamodb import CONFIDENTIAL_TABLE
from tests.support.monitored import MonitoredRegistry
from tests.support.registry import BOLT
from tests.support.sealing import reader, readers
from tests.unit.lambdas.prudential.conftest import Doors

PATH = f"/prudencial/empresas/{BOLT}/leitores"
TOLD_AT = "2026-07-01T09:00:00-03:00"


class Truststores:
    def current(self) -> Any:
        return pki.truststore()


class Revocations:
    def standing(self, *_: object) -> RevocationStanding:
        return RevocationStanding.NAO_REVOGADO


@pytest.fixture
def readers_doors(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> Doors:
    lists = DynamoDbReaderLists(doors.vault.client, CONFIDENTIAL_TABLE)
    judged = ReaderAuthorisations(lists, Truststores(), Revocations())  # type: ignore[arg-type]
    for module in (put_reader_list, read_reader_lists):
        monkeypatch.setattr(module, "_authorisations", lambda: judged)
        monkeypatch.setattr(module, "_coverage", lambda: Coverage(MonitoredRegistry()))
        monkeypatch.setattr(module, "utc_now", lambda: pki.START)
    return doors


def put(doors: Doors, signed: str, **told: Any) -> Answer:
    return doors.as_system("put_reader_list", "PUT", PATH, body={"autorizacao": signed}, **told)


def by_certificate(*names: str) -> str:
    return authorisation(readers(*names), company=pki.OLD_COMPANY, certificates=chain(cnpj=BOLT))


def told_of(*names: str) -> list[dict[str, Any]]:
    listed = [reader(name).public for name in names]
    return [{**one.as_json(), "impressao": one.fingerprint} for one in listed]


def test_a_company_brings_its_list_and_reads_it_back(readers_doors: Doors) -> None:
    first = by_certificate("ana")
    answer = put(readers_doors, first)
    assert answer.status == 200
    assert answer.document == {
        "cnpj": BOLT,
        "resumo": readers("ana").digest,
        "leitores": told_of("ana"),
        "autorizacoes": [{"numero": 1, "autorizacao": first, "porCertificado": True, "em": TOLD_AT}],
    }
    second = addition(readers("ana", "bia"), readers("ana"), company=BOLT)
    put(readers_doors, second)
    assert readers_doors.as_system("read_reader_lists", "GET", PATH).document == {
        "cnpj": BOLT,
        "resumo": readers("ana", "bia").digest,
        "leitores": told_of("ana", "bia"),
        "autorizacoes": [
            {"numero": 1, "autorizacao": first, "porCertificado": True, "em": TOLD_AT},
            {"numero": 2, "autorizacao": second, "porCertificado": False, "em": TOLD_AT},
        ],
    }


def test_a_company_without_a_list_reads_that_it_has_none(readers_doors: Doors) -> None:
    answer = readers_doors.as_system("read_reader_lists", "GET", PATH)
    assert answer.document == {"cnpj": BOLT, "resumo": None, "leitores": [], "autorizacoes": []}


def test_what_does_not_hold_is_refused_with_its_sentence(readers_doors: Doors) -> None:
    answer = put(readers_doors, authorisation(company=pki.OLD_COMPANY))
    assert answer.problem == (422, "selo-recusado")
    assert answer.document["detail"] == (
        f"o certificado é do CNPJ {pki.COMPANY.masked}, de outra empresa que {pki.OLD_COMPANY.masked}"
    )


def test_who_does_not_act_for_the_company_neither_brings_nor_reads(readers_doors: Doors) -> None:
    told: dict[str, Any] = {"cnpj": pki.COMPANY}
    assert put(readers_doors, by_certificate(), **told).problem == (403, "empresa-nao-autorizada")
    read = readers_doors.as_person("read_reader_lists", "GET", PATH, cpf=STRANGER)
    assert read.problem == (403, "empresa-nao-autorizada")


@pytest.mark.parametrize(
    "body", [{}, {"autorizacao": ""}, {"autorizacao": "a b"}, {"autorizacao": 1}], ids=str
)
def test_a_request_of_another_form_is_refused(readers_doors: Doors, body: dict[str, Any]) -> None:
    answer = readers_doors.as_system("put_reader_list", "PUT", PATH, body=body)
    assert answer.problem == (422, "pedido-recusado")
