"""The page's desk through an agent's week, at the enclave's own code: delivered, read, validated, sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aval.sealing.readers import Readers
from tests.support.enclave import COMPANY, EVENT, NOW, root
from tests.support.enclave_platform import WEEK
from tests.support.sealing import reader
from tests.support.week_agents import FACTOR, counterparties, parameters, portfolio, verified_receipt
from tests.web.sealing_peer import PageRefused, SealingPeer, page_refuses, private, sealing_peer
from tests.web.week_page import Page, week_page


@pytest.fixture(scope="module")
def node() -> Iterator[SealingPeer]:
    with sealing_peer() as peer:
        yield peer


@pytest.fixture
def page(node: SealingPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    return week_page(node, tmp_path, monkeypatch)


def test_a_week_goes_from_the_files_to_the_factor_sent(page: Page) -> None:
    delivered = page.do("deliverPortfolio", file=json.dumps(portfolio()))
    assert delivered["state"] == "EM_PREENCHIMENTO"
    assert delivered["payload"]["agente"]["fa"] == FACTOR
    assert page.do("deliverCounterparties", file=json.dumps(counterparties()))["state"] == "CALCULADO"
    read = page.do("read")
    assert (read["released"], read["calculation"]) == ({"fa": FACTOR}, page.agent()["calculo"])
    assert read["sealedHere"] == {"portfolio": True, "counterparties": True}
    assert read["isOfOwnReaders"] is True
    assert sorted(read["caveats"]) == ["NAO_ATESTADO_POR_HARDWARE", "REMETENTE_NAO_AUTENTICADO"]
    assert read["payload"]["portfolio"]["cnpj"] == COMPANY
    assert page.do("validate")["state"] == "VALIDADO"
    sent = page.do("send")
    assert (sent["state"], sent["signedFor"]) == ("ENVIADO", {"fa": FACTOR})
    assert verified_receipt({"recibo": sent["receipt"]}).receipt.released is not None
    assert page.made.state() == "ENVIADO"


def test_nothing_but_what_is_sealed_or_signed_leaves_the_page(page: Page) -> None:
    page.deliver()
    page.do("read")
    page.do("validate")
    page.do("send")
    told = json.dumps([page.paths, page.bodies])
    assert FACTOR not in told
    assert all(body is None or list(body) in (["ato"], ["selado"]) for body in page.bodies)


def test_cancels_computes_again_and_tries_changes(page: Page) -> None:
    page.deliver()
    assert page.do("cancel")["state"] == "EM_PREENCHIMENTO"
    assert page.do("recompute")["state"] == "CALCULADO"
    changes = {"mudancas": [{"caminho": "/patrimonioLiquido/valor", "valor": "38000000"}], "alvo": "0.1"}
    told = page.do("simulate", changes=json.dumps(changes))
    assert told["payload"]["declarado"]["fa"] == FACTOR
    assert told["payload"]["simulado"]["fa"] != FACTOR


def test_an_act_is_looked_at_until_it_ended_by_the_very_same_request(page: Page) -> None:
    page.made.slow = 29
    assert page.do("deliverPortfolio", file=json.dumps(portfolio()))["state"] == "EM_PREENCHIMENTO"
    bodies = [body for path, body in zip(page.paths, page.bodies, strict=True) if path.startswith("PUT")]
    assert len(bodies) == 30
    assert all(body == bodies[0] for body in bodies)


def test_after_thirty_looks_the_same_request_may_be_sent_again(page: Page) -> None:
    page.made.slow = 30
    identity = page.do("prepare", file=json.dumps(portfolio()))
    with page_refuses("ActNotEnded"):
        page.do("perform")
    assert page.do("perform")["payload"]["objeto"] == identity
    # A lost answer is asked for again: nothing is delivered twice.
    assert page.do("perform")["payload"]["versao"] == 1


def test_a_refusal_is_told_in_the_enclaves_words_with_each_fault(page: Page) -> None:
    with pytest.raises(PageRefused) as refused:
        page.do(
            "deliverPortfolio",
            file=json.dumps(portfolio(patrimonioLiquido={"dataBase": "ontem", "valor": "1,0"})),
        )
    told = refused.value.told
    assert (told["refused"], told["name"]) == ("FALTAS", "ActRefused")
    assert [fault["pointer"] for fault in told["faults"]] == [
        "/patrimonioLiquido/deducoes",
        "/patrimonioLiquido/dataBase",
        "/patrimonioLiquido/valor",
    ]
    assert all(fault["rule"] and fault["detail"] for fault in told["faults"])


def test_a_refusal_that_nobody_sealed_is_the_doors(page: Page) -> None:
    page.deliver()
    page.do("read")
    page.changed = lambda path, status, told: (
        (409, {"detail": "do lado de fora", "codigo": "JA_VALIDADO"})
        if "validacao" in path
        else (status, told)
    )
    with pytest.raises(PageRefused) as refused:
        page.do("validate")
    assert (refused.value.detail, refused.value.told["name"]) == ("do lado de fora", "Problem")


def test_a_forged_refusal_is_not_believed_to_be_the_enclaves(page: Page) -> None:
    page.deliver()
    page.do("read")
    page.changed = lambda path, status, told: (
        (409, {"detail": "do lado de fora", "codigo": "X", "resposta": "{}"})
        if "validacao" in path
        else (status, told)
    )
    with pytest.raises(PageRefused) as refused:
        page.do("validate")
    assert refused.value.told["name"] == "Problem"


def test_counterparties_of_other_readers_are_refused_by_the_enclave(page: Page) -> None:
    page.deliver()
    page.names = ("bia", "ana")
    page.open()
    with page_refuses("LEITORES_DIVERGEM"):
        page.do("deliverCounterparties", file=json.dumps(counterparties()))


def test_a_sending_names_the_readers_that_the_data_came_with(page: Page) -> None:
    page.names = ("ana", "bia")
    page.open()
    page.deliver()
    page.names = ("ana",)
    page.open()
    assert page.do("read")["isOfOwnReaders"] is False
    with page_refuses("LEITORES_DIVERGEM"):
        page.do("send")


def test_a_number_that_was_not_computed_is_not_sent(page: Page) -> None:
    page.deliver()
    page.do("read")
    page.do("validate")
    with page_refuses("NUMERO_DIVERGE"):
        page.do("send", instead="0.17")
    assert page.made.state() == "VALIDADO"


def test_says_where_data_were_not_sealed_here(page: Page) -> None:
    page.made.deliver()
    assert page.do("read")["sealedHere"] == {"portfolio": False, "counterparties": False}


def test_an_answer_about_another_object_is_refused(page: Page) -> None:
    page.deliver()
    kept: dict[str, Any] = {}

    def older(path: str, status: int, told: Any) -> tuple[int, Any]:
        if "leitura" in path:
            kept.setdefault("told", told)
            return status, kept["told"]
        return status, told

    page.changed = older
    page.do("read")
    with page_refuses("PEDIDO_DIVERGE"):
        page.do("read")


def test_a_list_that_names_another_calculation_is_refused(page: Page) -> None:
    page.deliver()
    stale = {**page.agent(), "calculo": "0" * 64}
    with page_refuses("OBJETO_DIVERGE"):
        page.node.ask("desk", act="read", agent=stale)


def test_parameters_that_are_not_those_of_the_calculation_are_refused(page: Page) -> None:
    page.deliver()
    other = {"parametros": json.loads(parameters(k="0", theta="0.5"))}
    page.changed = lambda path, status, told: (status, other if path == WEEK else told)
    with page_refuses("OBJETO_DIVERGE"):
        page.do("read")


def test_parameters_are_asked_for_again_where_newer_ones_came(page: Page) -> None:
    page.deliver()
    page.do("read")
    page.made.desk.vault.weeks[EVENT] = parameters(2, theta="0.5")
    page.made.platform.routes[f"GET {WEEK}"] = lambda _: (
        200,
        {"parametros": json.loads(parameters(2, theta="0.5"))},
    )
    assert page.do("read")["calculation"] is None
    page.do("recompute")
    assert page.do("read")["calculation"] == page.agent()["calculo"]


def test_a_journal_behind_what_was_seen_is_refused(page: Page) -> None:
    page.deliver()
    seen = page.do("seen")
    page.do("saw", head={"contador": seen["counter"] + 1, "resumo": "0" * 64})
    # The enclave itself does nothing for who saw more than its journal holds.
    with page_refuses("DIARIO_ANTERIOR"):
        page.do("read")


def test_a_reader_who_is_not_in_the_list_opens_no_desk(page: Page) -> None:
    with page_refuses("NAO_E_LEITOR"):
        page.node.ask(
            "desk",
            act="open",
            pinned={
                "raiz": root().fingerprint,
                "chaveMedidas": (page.made.folder / "medidas.pem").read_text(),
            },
            event=EVENT,
            sender=COMPANY,
            keys=private(reader("caio")),
            readers=Readers((reader("ana").public,)).as_json(),
            at=0,
        )


def test_nothing_is_sealed_to_a_key_whose_attestation_answers_another_nonce(page: Page) -> None:
    kept: dict[str, Any] = {}

    def repeated(path: str, status: int, told: Any) -> tuple[int, Any]:
        return (status, kept.setdefault("told", told)) if "chave" in path else (status, told)

    page.changed = repeated
    page.open()
    with page_refuses("NONCE_DIVERGENTE"):
        page.open()
    assert not [path for path in page.paths if path.startswith("PUT")]


@pytest.mark.parametrize("name", ["root", "log"])
def test_nothing_is_sealed_under_another_root_or_log(page: Page, name: str) -> None:
    told = {
        "raiz": "0" * 64 if name == "root" else root().fingerprint,
        "chaveMedidas": (page.made.folder / "medidas.pem").read_text(),
    }
    if name == "log":
        page.changed = lambda path, status, told: (status, told[:-3] if "medidas" in path else told)
    with pytest.raises(PageRefused) as refused:
        page.node.ask(
            "desk",
            act="open",
            pinned=told,
            event=EVENT,
            sender=COMPANY,
            keys=private(reader("ana")),
            readers=Readers((reader("ana").public,)).as_json(),
            at=int(NOW.timestamp() * 1000),
        )
    assert refused.value.code == {"root": "RAIZ_DESCONHECIDA", "log": "REGISTRO_FORMA"}[name]
