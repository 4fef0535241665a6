from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from aval.contracts.bus import (
    ProcessingCode,
    RowResult,
    RowStatus,
    Submission,
    UploadRequest,
    UploadTicket,
)
from aval.contracts.imports.reading import read
from aval.contracts.imports.rows import Closing, Closure, Demand, Validation
from aval.contracts.model import ContractCode, local_hour
from aval.contracts.refusals import NothingFound, ParametersInvalid
from aval.identifiers import Cnpj
from aval.moments import for_people
from tests.support.contract_api import STRANGER, Answer, ContractApi
from tests.support.contracts import BUYER, NOW, contract_xml, file_xml, registration
from tests.support.registry import BOLT, BRUNO

AMOUNT: dict[str, Any] = {
    "dataDeInicio": "2026-01-01T00:00",
    "dataDeFim": "2026-12-31T23:00",
    "montanteMedio": "10.000000",
}
REGISTRATION: dict[str, Any] = {
    "dataDeInicio": "2026-01-01T00:00",
    "dataDeFim": "2026-12-31T23:00",
    "idVendedor": 10020,
    "idComprador": 10010,
    "idSubMerEntrega": 1,
    "montantes": [AMOUNT],
}
NAMED = {"vigenciaDeInicio": "2026-01-01T00:00"}
DIGEST = "0f" * 32


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> ContractApi:
    made = ContractApi(monkeypatch)
    made.answers["submit"] = ProcessingCode(7)
    return made


def sent(api: ContractApi, *, cpf: str | None = None, **members: Any) -> Answer:
    body = {"perfil": BUYER, **members}
    who = {} if cpf is None else {"cpf": cpf}
    return api.as_person("start_import", "POST", "/contratos/importacoes", body=body, **who)


def submitted(api: ContractApi) -> Submission:
    [(name, (submission,), named)] = api.asked
    assert (name, named) == ("submit", {"at": NOW})
    assert isinstance(submission, Submission)
    return submission


def demands(text: str) -> list[tuple[str, Demand]]:
    _, rows = read(BytesIO(text.encode()))
    return [(row.sequence, row.demand) for row in rows]


# Imports


def test_a_file_is_handed_on_as_it_came(api: ContractApi) -> None:
    text = file_xml([contract_xml()])
    answer = sent(api, arquivo=text)
    assert (answer.status, answer.document) == (202, {"codigoProcessamento": 7, "envio": None})
    submission = submitted(api)
    assert submission.text == text
    author = submission.acting.author
    assert (author.company, author.profile, author.person_name) == (BOLT, BUYER, "Ana Conceição")


def test_a_system_imports_in_the_name_of_its_company(api: ContractApi) -> None:
    body = {"perfil": BUYER, "arquivo": "<a/>"}
    assert api.as_system("start_import", "POST", "/contratos/importacoes", body=body).status == 202
    author = submitted(api).acting.author
    assert (author.company, author.person_name) == (Cnpj(BOLT), None)


@pytest.mark.parametrize(
    ("form", "row", "expected"),
    [
        ("registrar", REGISTRATION, registration()),
        (
            "validar",
            {"numeroContrato": 7, "montantes": [NAMED]},
            Validation(ContractCode(7), (local_hour(2026, 1, 1),)),
        ),
        (
            "encerrar",
            {"numeroContrato": 7, "dataFinalizacao": "2026-06-30T23:00"},
            Closure(ContractCode(7), Closing.FINISH, local_hour(2026, 7, 1)),
        ),
    ],
)
def test_rows_become_the_file_that_asks_for_the_same(
    api: ContractApi, form: str, row: dict[str, Any], expected: Demand
) -> None:
    rows: dict[str, Any] = {form: [row, {**row, "sequencialControle": "B"}]}
    assert sent(api, **rows).status == 202
    assert demands(submitted(api).text) == [("1", expected), ("B", expected)]


def test_a_row_that_no_file_can_say_is_refused_where_it_is(api: ContractApi) -> None:
    unsaid = {**REGISTRATION, "montantes": [{**AMOUNT, "tipoModulacao": "D"}]}
    answer = sent(api, registrar=[REGISTRATION, unsaid])
    assert answer.problem == (422, "pedido-recusado")
    [(pointer, detail)] = answer.faults
    assert pointer == "#/registrar/1/montantes/0/tipoModulacao"
    assert "informe" in detail
    assert api.asked == []


def test_an_upload_gets_the_form_by_which_its_file_comes(api: ContractApi) -> None:
    ends = NOW + timedelta(hours=1)
    api.answers["prepare_upload"] = UploadTicket(ProcessingCode(8), "https://s3.example", {"key": "k"}, ends)
    answer = sent(api, tamanho=35_000_000, sha256=DIGEST)
    assert (answer.status, answer.document) == (
        202,
        {
            "codigoProcessamento": 8,
            "envio": {"url": "https://s3.example", "campos": {"key": "k"}, "validoAte": for_people(ends)},
        },
    )
    [(_, (request,), _)] = api.asked
    assert isinstance(request, UploadRequest)
    assert (request.size, request.digest) == (35_000_000, DIGEST)


def test_an_upload_of_a_size_that_is_not_taken_is_refused(api: ContractApi) -> None:
    api.answers["prepare_upload"] = ParametersInvalid("tamanho deve ser menor")
    assert sent(api, tamanho=10**9, sha256=DIGEST).problem == (422, "parametros-invalidos")


@pytest.mark.parametrize(
    ("cpf", "profile"), [(BRUNO, BUYER), (STRANGER, BUYER), ("", BUYER), (None, 10020), (None, 999)]
)
def test_only_a_ccee_representative_of_the_profile_imports(
    api: ContractApi, cpf: str | None, profile: int
) -> None:
    answer = sent(api, cpf=cpf, perfil=profile, arquivo="<a/>")
    assert answer.problem == (403, "perfil-nao-autorizado")
    assert api.asked == []


def test_what_is_sent_is_not_in_the_log(api: ContractApi) -> None:
    row = {**REGISTRATION, "referencia": "SEGREDO", "montantes": [{**AMOUNT, "montanteMedio": "98765.4"}]}
    assert sent(api, registrar=[row]).status == 202
    assert sent(api, arquivo="<a>SEGREDO 98765.4</a>").status == 202
    assert sent(api, registrar=[{**row, "idVendedor": "SEGREDO"}]).status == 422
    for secret in ("SEGREDO", "98765.4", "Conceição"):
        assert secret not in api.log.getvalue()


# Validation at once


def validated(api: ContractApi, result: RowResult | Exception, **members: Any) -> Answer:
    api.answers["validate"] = result
    body = {"perfil": BUYER, "montantes": [NAMED], **members}
    return api.as_person("validate_amounts", "POST", "/contratos/9/montantes/validacao", body=body)


@pytest.mark.parametrize("status", [RowStatus.DONE, RowStatus.WARNED])
def test_amounts_are_validated_or_were_already(api: ContractApi, status: RowStatus) -> None:
    answer = validated(api, RowResult(1, "", status, "texto", ContractCode(9)))
    assert (answer.status, answer.document) == (
        200,
        {"status": status, "descricao": "texto", "contrato": {"codigo": 9}},
    )
    [(_, (code, begins, acting), named)] = api.asked
    assert (code, begins, named) == (9, {local_hour(2026, 1, 1)}, {"at": NOW})
    assert acting.author.profile == BUYER


def test_a_validation_that_is_refused_is_a_problem_with_its_sentence(api: ContractApi) -> None:
    answer = validated(api, RowResult(1, "", RowStatus.REFUSED, "só o comprador valida"))
    assert answer.problem == (422, "ato-recusado")
    assert answer.document["detail"] == "só o comprador valida"


def test_a_foreign_contract_is_not_there(api: ContractApi) -> None:
    assert validated(api, NothingFound("não existe")).problem == (404, "nada-encontrado")


@pytest.mark.parametrize("profile", [10020, 999])
def test_a_foreign_profile_validates_nothing(api: ContractApi, profile: int) -> None:
    answer = validated(api, RowResult(1, "", RowStatus.DONE, "texto"), perfil=profile)
    assert answer.problem == (403, "perfil-nao-autorizado")
    assert api.asked == []


def test_a_validation_names_its_amounts(api: ContractApi) -> None:
    answer = validated(api, RowResult(1, "", RowStatus.DONE, "texto"), montantes=[])
    assert answer.faults == [("#/montantes", "deve ter ao menos 1 elemento(s)")]
