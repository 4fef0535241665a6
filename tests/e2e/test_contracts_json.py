"""The life of contracts as JSON: registered, validated, adjusted, finished, and refused on the way."""

import hashlib
import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.agents import (
    ANA,
    AURORA,
    BRUNO,
    CARLA,
    DARIO,
    ELISA,
    PASSWORD,
    Person,
    certificate,
    system_pem,
)
from tests.support.contract_agents import Agent, Month, amount, registration, send_form
from tests.support.contracts import contract_xml, file_xml
from tests.support.stack import Stack

BOLTS, AURORAS, VENTO, CAMPO, MOINHO, LUZ, NOBODY = 10010, 10020, 10030, 10050, 10040, 10060, 99999
ROWS: Final = 100
NEXT = Month.ahead(1)
LARGEST_UPLOAD: Final = 50 * 1024 * 1024


@pytest.fixture(scope="module")
def seller(stack: Stack) -> Agent:
    return Agent(Person.logged_in(stack, ANA), VENTO)


@pytest.fixture(scope="module")
def buyer(stack: Stack) -> Agent:
    return Agent(Person.logged_in(stack, ELISA), CAMPO)


@pytest.fixture
def contract(seller: Agent) -> int:
    """Registered for a year from next month, and to be validated yet."""
    (code,) = seller.registered(registration(VENTO, CAMPO))
    return code


def validated(seller: Agent, buyer: Agent) -> int:
    (code,) = seller.registered(registration(VENTO, CAMPO))
    assert buyer.validate(code, NEXT.begins).json()["status"] == "SUCESSO"
    return code


# The whole life


@pytest.fixture(scope="module")
def wrong_rows() -> dict[int, tuple[dict[str, Any], str]]:
    """By place, and what the refusal says."""
    past, after = Month.ahead(-6), Month.ahead(6)
    closed = registration(
        VENTO,
        CAMPO,
        dataDeInicio=past.begins,
        dataDeFim=after.begins,
        montantes=[amount(past, after)],
    )
    return {
        10: (registration(VENTO, NOBODY), "99999"),
        50: (closed, "prazo"),
        90: (registration(LUZ, CAMPO), "10060"),
    }


@pytest.fixture(scope="module")
def results(seller: Agent, wrong_rows: dict[int, tuple[dict[str, Any], str]]) -> list[dict[str, Any]]:
    lawful = registration(VENTO, CAMPO)
    rows = [wrong_rows.get(place, (lawful, ""))[0] for place in range(1, ROWS + 1)]
    code = seller.submit(registrar=rows)
    found = seller.awaited(code)
    assert (found["totalLinhas"], found["linhasFeitas"], found["linhasComErro"]) == (100, 100, 3)
    assert seller.outcome(code, status="ERRO")["detalhes"] == [
        row for row in found["detalhes"] if row["status"] == "ERRO"
    ]
    details: list[dict[str, Any]] = found["detalhes"]
    return details


@pytest.fixture(scope="module")
def registered(results: list[dict[str, Any]]) -> list[int]:
    return [row["contrato"]["codigo"] for row in results if row["status"] == "SUCESSO"]


def test_ninety_seven_rows_of_a_hundred_are_registered_and_three_say_why_not(
    results: list[dict[str, Any]],
    registered: list[int],
    wrong_rows: dict[int, tuple[dict[str, Any], str]],
) -> None:
    assert [row["linha"] for row in results] == list(range(1, ROWS + 1))
    assert len(set(registered)) == 97
    refused = {row["linha"]: row for row in results if row["status"] == "ERRO"}
    assert set(refused) == set(wrong_rows)
    for place, (_, told) in wrong_rows.items():
        assert told in refused[place]["descricao"]
        assert refused[place]["contrato"] is None


def test_contracts_live_from_registration_to_the_end(
    seller: Agent, buyer: Agent, registered: list[int]
) -> None:
    pending = buyer.codes(papel="COMPRADOR", naoValidados="true")
    assert set(registered) <= set(pending)
    first, *others = registered
    assert buyer.amounts(first, naoValidados="true") == [(NEXT.begins, "10.000000", "INSERIDO_NAO_VALIDADO")]

    assert buyer.validate(first, NEXT.begins).json()["status"] == "SUCESSO"
    named = [{"vigenciaDeInicio": NEXT.begins}]
    rows = buyer.imported(validar=[{"numeroContrato": code, "montantes": named} for code in others])
    assert {row["status"] for row in rows} == {"SUCESSO"}
    assert not set(registered) & set(buyer.codes(naoValidados="true"))
    assert {seller.situation(code) for code in registered[:3]} == {"VALIDADO"}

    third, fifth = Month.ahead(3), Month.ahead(5)
    adjusted = seller.imported(
        ajustar=[{"numeroContrato": first, "montantes": [amount(third, fifth, "12.500000")]}]
    )
    assert [row["status"] for row in adjusted] == ["SUCESSO"]
    assert buyer.amounts(first) == [
        (NEXT.begins, "10.000000", "VALIDADO"),
        (third.begins, "12.500000", "AJUSTADO_NAO_VALIDADO"),
        (fifth.begins, "10.000000", "VALIDADO"),
    ]
    assert first in buyer.codes(naoValidados="true")
    assert buyer.validate(first, third.begins).json()["status"] == "SUCESSO"
    assert buyer.situation(first) == "VALIDADO"

    ends = Month.ahead(2)
    (asked,) = seller.imported(encerrar=[{"numeroContrato": first, "dataFinalizacao": ends.begins}])
    assert asked["status"] == "SUCESSO", asked
    assert seller.situation(first) == "FINALIZACAO_NAO_VALIDADA"
    (agreed,) = buyer.imported(encerrar=[{"numeroContrato": first, "validarFinalizacao": True}])
    assert agreed["status"] == "SUCESSO", agreed
    assert seller.situation(first) == "FINALIZADO"
    assert seller.contract(first)["dataFinalizacao"] == ends.begins
    assert seller.amounts(first) == [(NEXT.begins, "10.000000", "VALIDADO")]

    acts = [event["ato"] for event in reversed(seller.history(first))]
    assert acts[0] == "CONTRATO.REGISTRADO"
    assert acts[-1] == "CONTRATO.FINALIZACAO_VALIDADA"
    assert acts.count("MONTANTE_ENERGIA.VALIDADO") == 2
    (late,) = seller.imported(ajustar=[{"numeroContrato": first, "montantes": [amount(NEXT, ends)]}])
    assert late["status"] == "ERRO"


def test_a_contract_goes_on_while_its_end_waits_and_who_asked_withdraws(
    seller: Agent, buyer: Agent, contract: int
) -> None:
    (asked,) = buyer.imported(encerrar=[{"numeroContrato": contract, "cancelarContrato": True}])
    assert asked["status"] == "SUCESSO", asked
    assert buyer.validate(contract, NEXT.begins).json()["status"] == "SUCESSO"
    assert seller.situation(contract) == "CANCELAMENTO_NAO_VALIDADO"
    assert seller.amounts(contract) == [(NEXT.begins, "10.000000", "VALIDADO")]
    withdrawal = [{"numeroContrato": contract, "retirarPedido": True}]
    assert seller.imported(encerrar=withdrawal)[0]["status"] == "ERRO"
    assert buyer.imported(encerrar=withdrawal)[0]["status"] == "SUCESSO"
    assert seller.situation(contract) == "VALIDADO"


def test_a_draft_is_shown_to_its_buyer_when_it_is_completed(seller: Agent, buyer: Agent) -> None:
    (draft,) = seller.registered(registration(VENTO, CAMPO, tipoGravacao="R"))
    assert seller.situation(draft) == "RASCUNHO"
    for path in (f"/contratos/{draft}", f"/contratos/{draft}/montantes", f"/contratos/{draft}/historico"):
        assert buyer.get(path).status == 404, path
    assert draft not in buyer.codes()
    assert draft not in seller.codes(naoValidados="true")
    (completed,) = seller.imported(ajustar=[{"numeroContrato": draft, "tipoGravacao": "C"}])
    assert completed["status"] == "SUCESSO", completed
    assert draft in buyer.codes(papel="COMPRADOR", naoValidados="true")


def test_the_other_partys_people_have_no_names_in_the_history(seller: Agent, buyer: Agent) -> None:
    code = validated(seller, buyer)
    told = {event["ato"]: event for event in buyer.history(code)}
    assert told["CONTRATO.REGISTRADO"]["quem"] is None
    assert told["MONTANTE_ENERGIA.VALIDADO"]["quem"] == "Elisa Demonstração"
    # Ana is the seller's, and BOLT, which she represents too, operates for the buyer without being it.
    seen = {event["ato"]: event for event in seller.history(code)}
    assert seen["CONTRATO.REGISTRADO"]["quem"] == "Ana Demonstração"
    assert seen["MONTANTE_ENERGIA.VALIDADO"]["quem"] is None


def test_a_validation_again_says_so_and_changes_nothing(seller: Agent, buyer: Agent) -> None:
    code = validated(seller, buyer)
    before = buyer.contract(code)
    again = buyer.validate(code, NEXT.begins)
    assert (again.status, again.json()["status"]) == (200, "AVISO")
    assert buyer.contract(code) == before


# Refusals that change nothing


def problem(answer: Any) -> tuple[int, str]:
    return answer.status, answer.json()["type"].removeprefix("urn:aval:problema:")


def test_who_is_not_the_party_changes_nothing(seller: Agent, buyer: Agent, contract: int) -> None:
    before = buyer.contract(contract)
    assert problem(seller.validate(contract, NEXT.begins)) == (422, "ato-recusado")
    named = {"numeroContrato": contract, "montantes": [amount(NEXT, Month.ahead(2), "11")]}
    (refused,) = buyer.imported(ajustar=[named])
    assert refused["status"] == "ERRO"
    assert buyer.contract(contract) == before


def test_a_reader_reads_and_writes_nothing(stack: Stack, seller: Agent) -> None:
    carla = Agent(Person.logged_in(stack, CARLA), CAMPO)
    (code,) = seller.registered(registration(VENTO, CAMPO))
    # BOLT, whose books Carla keeps, operates for the buyer.
    before = carla.contract(code)
    assert problem(carla.validate(code, NEXT.begins)) == (403, "perfil-nao-autorizado")
    refused = carla.post("/contratos/importacoes", registrar=[registration(VENTO, CAMPO)])
    assert problem(refused) == (403, "perfil-nao-autorizado")
    assert carla.contract(code) == before


def open_profiles(agent: Agent) -> dict[int, bool]:
    """By code, whether `agent` may act by it."""
    pages = agent.pages("/contratos/perfis", "perfis", limite=7)
    return {one["codigo"]: one["podeAgir"] for page in pages for one in page}


def test_who_operates_for_a_buyer_is_told_that_it_may_act_by_it_and_may(
    seller: Agent, buyer: Agent, contract: int
) -> None:
    told = open_profiles(seller)
    assert {code: told[code] for code in (AURORAS, VENTO, CAMPO, MOINHO)} == dict.fromkeys(
        (AURORAS, VENTO, CAMPO, MOINHO), True
    )
    assert LUZ not in told
    operating = Agent(seller.person, CAMPO)
    assert operating.validate(contract, NEXT.begins).json()["status"] == "SUCESSO"
    assert buyer.situation(contract) == "VALIDADO"
    (campo,) = [
        one for one in seller.read("/contratos/perfis", limite=1000)["perfis"] if one["codigo"] == CAMPO
    ]
    owner = campo["participanteMercado"]
    assert (campo["sigla"], owner["cnpj"], owner["sigla"]) == ("CAMPO CLARO", "58290417000116", "CAMPO CLARO")


def test_the_list_of_profiles_agrees_with_what_imports_take(stack: Stack) -> None:
    for email in (ANA, BRUNO, CARLA, DARIO, ELISA):
        person = Person.logged_in(stack, email)
        told = open_profiles(Agent(person, CAMPO))
        for profile in (BOLTS, AURORAS, VENTO, CAMPO, MOINHO, LUZ, NOBODY):
            agent = Agent(person, profile)
            # A file that is none is refused after the profile was judged, so that nothing is imported.
            taken = agent.post("/contratos/importacoes", tamanho=10**9, sha256="0f" * 32)
            assert (taken.status != 403) == told.get(profile, False), (email, profile, taken.body)
            looked = agent.get("/contratos", perfil=profile)
            assert (looked.status == 200) == (profile in told), (email, profile, looked.body)


def test_many_profiles_are_named_in_one_request(seller: Agent) -> None:
    answer = seller.get(f"/perfis?codigo={CAMPO}&codigo={VENTO}&codigo={NOBODY}")
    assert [one["codigo"] for one in answer.json()["perfis"]] == [VENTO, CAMPO]
    told = seller.get("/perfis?" + "&".join(f"codigo={code}" for code in range(1, 102)))
    assert (told.status, told.json()["errors"][0]["pointer"]) == (422, "query:codigo")


def test_a_stranger_finds_nothing(stack: Stack, contract: int) -> None:
    dario = Agent(Person.logged_in(stack, DARIO), CAMPO)
    for path in ("", "/montantes", "/ativos", "/historico"):
        assert problem(dario.get(f"/contratos/{contract}{path}")) == (404, "nada-encontrado")
    assert dario.read("/contratos") == {"contratos": [], "proxima": None}
    assert problem(dario.get("/contratos", perfil=CAMPO)) == (403, "perfil-nao-autorizado")
    assert problem(dario.validate(contract, NEXT.begins)) == (403, "perfil-nao-autorizado")


def test_a_foreign_contract_is_not_there_and_stays_as_it_was(seller: Agent, buyer: Agent) -> None:
    (code,) = seller.registered(registration(VENTO, MOINHO))
    before = seller.contract(code)
    assert problem(buyer.get(f"/contratos/{code}")) == (404, "nada-encontrado")
    assert problem(buyer.validate(code, NEXT.begins)) == (404, "nada-encontrado")
    (refused,) = buyer.imported(
        validar=[{"numeroContrato": code, "montantes": [{"vigenciaDeInicio": NEXT.begins}]}]
    )
    assert refused["status"] == "ERRO"
    assert seller.contract(code) == before


def test_a_foreign_or_unknown_profile_imports_nothing(buyer: Agent) -> None:
    for profile in (VENTO, NOBODY):
        answer = Agent(buyer.person, profile).post(
            "/contratos/importacoes", registrar=[registration(VENTO, CAMPO)]
        )
        assert problem(answer) == (403, "perfil-nao-autorizado")


def test_an_import_is_its_submitters_alone(seller: Agent, buyer: Agent) -> None:
    code = seller.submit(registrar=[registration(VENTO, CAMPO)])
    seller.awaited(code)
    assert problem(buyer.get(f"/contratos/importacoes/{code}")) == (404, "nada-encontrado")
    newest = seller.read("/contratos/importacoes", limite=1)["importacoes"][0]
    assert (newest["codigoProcessamento"], newest["situacao"], newest["perfil"]) == (code, "CONCLUIDO", VENTO)
    assert (newest["totalLinhas"], newest["linhasFeitas"], newest["linhasComErro"]) == (1, 1, 0)
    listed = [one for page in buyer.pages("/contratos/importacoes", "importacoes", limite=2) for one in page]
    assert code not in [one["codigoProcessamento"] for one in listed]


def test_rows_that_cannot_be_read_are_refused_by_their_pointers(seller: Agent) -> None:
    wrong = {**registration(VENTO, CAMPO), "idVendedor": "eu"}
    upside_down = {**registration(VENTO, CAMPO), "dataDeFim": Month.ahead(-1).begins}
    answer = seller.post("/contratos/importacoes", registrar=[registration(VENTO, CAMPO), wrong])
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["#/registrar/1/idVendedor"]
    answer = seller.post("/contratos/importacoes", registrar=[upside_down])
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["#/registrar/0/dataDeFim"]


# Races and pages


def test_people_who_validate_the_same_amount_at_once_make_one_transition(
    seller: Agent, buyer: Agent, contract: int
) -> None:
    through_bolt = Agent(seller.person, CAMPO)
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda agent: agent.validate(contract, NEXT.begins), [buyer, through_bolt] * 3)
        )
    assert {answer.status for answer in answers} == {200}
    assert sorted(answer.json()["status"] for answer in answers) == ["AVISO"] * 5 + ["SUCESSO"]
    acts = [event["ato"] for event in buyer.history(contract)]
    assert acts.count("MONTANTE_ENERGIA.VALIDADO") == 1


def test_the_same_rows_sent_twice_at_once_are_one_processing(seller: Agent) -> None:
    rows = [registration(VENTO, CAMPO, referencia="DUAS VEZES")]
    with ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(lambda _: seller.submit(registrar=rows), range(4)))
    assert len(codes) == 1
    assert seller.awaited(codes.pop())["linhasFeitas"] == 1


def sizes() -> Iterator[int]:
    chosen = random.Random(20_260_701)
    return iter([1, 7, *(chosen.randint(2, 60) for _ in range(4)), 1000])


def test_pages_of_any_size_add_up_to_the_whole_list(seller: Agent, registered: list[int]) -> None:
    whole = seller.codes()
    assert whole == sorted(set(whole))
    assert set(registered) <= set(whole)
    for size in sizes():
        if size > 1:
            assert seller.codes(limite=size) == whole, size
    assert seller.read("/contratos", cursor=str(whole[-1])) == {"contratos": [], "proxima": None}
    assert problem(seller.get("/contratos", cursor="x")) == (422, "cursor-ilegivel")


def test_pages_of_results_and_of_history_add_up_too(seller: Agent, buyer: Agent) -> None:
    code = seller.submit(registrar=[registration(VENTO, CAMPO)] * 20)
    whole = seller.awaited(code)["detalhes"]
    contract = whole[0]["contrato"]["codigo"]
    assert buyer.validate(contract, NEXT.begins).status == 200
    events = seller.history(contract)
    assert len(events) > 1
    for size in sizes():
        pages = seller.pages(f"/contratos/importacoes/{code}", "detalhes", limite=size)
        assert [row for page in pages for row in page] == whole
        told = seller.pages(f"/contratos/{contract}/historico", "eventos", limite=size)
        assert [event for page in told for event in page] == events


# Files


def local(month: Month, hour: str = "00") -> str:
    return f"{month.instant:%d/%m/%Y} {hour}"


def file_of(rows: int, **changes: Any) -> bytes:
    told = {
        "idVendedor": VENTO,
        "idComprador": CAMPO,
        "dataDeInicio": local(NEXT),
        "dataDeFim": local(Month.ahead(2)),
    }
    row_amount = (
        f'<MontanteMedio dataDeInicio="{local(NEXT)}" dataDeFim="{local(Month.ahead(2))}">'
        '<MontanteMedioContratoCCEALFirme montanteMedio="10"/>'
        '<TipoModulacao tipoModulacao="F"/></MontanteMedio>'
    )
    contracts = (contract_xml(row, amounts=row_amount, **told, **changes) for row in range(1, rows + 1))
    return file_xml(contracts).encode()


def test_a_file_in_a_json_member_is_imported(seller: Agent) -> None:
    declared = f'<?xml version="1.0" encoding="ISO-8859-1"?>\n{file_of(2, referencia="AÇÃO").decode()}'
    first, _ = (row["contrato"]["codigo"] for row in seller.imported(arquivo=declared))
    assert seller.contract(first)["referencia"] == "AÇÃO"


def test_a_file_that_is_none_is_refused_whole(seller: Agent) -> None:
    found = seller.awaited(seller.submit(arquivo="<ContratosCCEAL><Contrato>"))
    assert (found["situacao"], len(found["detalhes"])) == ("RECUSADO", 1)
    assert found["detalhes"][0]["status"] == "ERRO"


def prepared(seller: Agent, content: bytes, *, size: int | None = None) -> Any:
    digest = hashlib.sha256(content).hexdigest()
    answer = seller.post(
        "/contratos/importacoes", tamanho=len(content) if size is None else size, sha256=digest
    )
    assert answer.status == 202, answer.body
    return answer.json()


def test_a_large_file_comes_by_the_form_that_is_given_for_it(seller: Agent) -> None:
    content = file_of(2000)
    accepted = prepared(seller, content)
    code = accepted["codigoProcessamento"]
    assert seller.outcome(code)["situacao"] == "AGUARDANDO_ARQUIVO"
    assert 200 <= send_form(accepted["envio"], content) < 300
    found = seller.awaited(code)
    assert (found["situacao"], found["totalLinhas"], found["linhasComErro"]) == ("CONCLUIDO", 2000, 0)


def test_a_file_of_another_size_is_not_taken_by_the_form(seller: Agent) -> None:
    content = file_of(3)
    accepted = prepared(seller, content)
    for other in (content[:-1], content + b" "):
        assert 400 <= send_form(accepted["envio"], other) < 500
    assert seller.outcome(accepted["codigoProcessamento"])["situacao"] == "AGUARDANDO_ARQUIVO"


def test_another_file_of_the_same_size_is_refused_and_nothing_registered(seller: Agent) -> None:
    announced, sent = file_of(4, referencia="ANUNCIADO"), file_of(4, referencia="TROCADO!!")
    assert len(announced) == len(sent)
    before = seller.codes()
    accepted = prepared(seller, announced)
    assert 200 <= send_form(accepted["envio"], sent) < 300
    found = seller.awaited(accepted["codigoProcessamento"])
    assert (found["situacao"], len(found["detalhes"])) == ("RECUSADO", 1)
    assert "SHA-256" in found["detalhes"][0]["descricao"]
    assert seller.codes() == before


def test_a_file_over_fifty_megabytes_is_refused_before_it_comes(seller: Agent) -> None:
    digest = hashlib.sha256(b"").hexdigest()
    over = seller.post("/contratos/importacoes", tamanho=LARGEST_UPLOAD + 1, sha256=digest)
    assert problem(over) == (422, "parametros-invalidos")
    assert prepared(seller, b"some other", size=LARGEST_UPLOAD)["envio"] is not None


# Systems


def test_a_system_acts_with_its_token_and_has_no_name(stack: Stack, buyer: Agent, tmp_path: Path) -> None:
    ana = Person.logged_in(stack, ANA)
    file = certificate(stack, "AURORA CONTRATOS", cnpj=AURORA)
    assert ana.enrol(AURORA, file).status == 200
    issued = stack.request(
        "POST",
        f"{stack.systems_url}/sistema/token",
        body=json.dumps({"cnpj": AURORA, "senha": PASSWORD}).encode(),
        headers={"Content-Type": "application/json"},
        context=stack.context(certificate=system_pem(stack, tmp_path, file)),
    )
    system = Agent(Person(stack, issued.json()["access_token"]), AURORAS)
    (code,) = system.registered(registration(AURORAS, CAMPO))
    assert code in buyer.codes(naoValidados="true")
    (registered,) = [event for event in system.history(code) if event["ato"] == "CONTRATO.REGISTRADO"]
    assert (registered["empresa"], registered["quem"]) == (AURORA, None)
    foreign = Agent(system.person, VENTO).post(
        "/contratos/importacoes", registrar=[registration(VENTO, CAMPO)]
    )
    assert problem(foreign) == (403, "perfil-nao-autorizado")


# What is public


def test_regulated_contracts_are_everybodys_to_read_and_nobodys_to_change(stack: Stack) -> None:
    dario = Agent(Person.logged_in(stack, DARIO), LUZ)
    listed = dario.read("/contratos", ambiente="REGULADO")["contratos"]
    assert {one["ambienteContratacao"]["nome"] for one in listed} == {"REGULADO"}
    code = listed[0]["id"]
    assert dario.contract(code) == listed[0]
    amounts = dario.read(f"/contratos/{code}/montantes", tipo="MONTANTE_ENERGIA_ANUAL")["montantes"]
    assert {one["unidade"] for one in amounts} == {"MWH"}
    assert problem(dario.get(f"/contratos/{code}/montantes")) == (422, "pedido-recusado")
    assert dario.read(f"/contratos/{code}/ativos") == {"parcelasAtivo": []}
