import json
import tracemalloc
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.errors import FaultsFound
from aval.identifiers import Cnpj, EventCode
from aval.prudential.json_agents import MOST_AGENTS
from aval.prudential.parameters import MONTHS, EnergyType, Submarket
from aval.prudential.portfolio import Deduction, Leg
from aval.prudential.portfolio_json import read_portfolio, read_portfolios
from aval.prudential.refusals import DocumentUnreadable
from tests.support.portfolio_files import (
    ABSENT,
    COMPANY,
    EVENT,
    OTHER_COMPANY,
    as_file,
    changed,
    portfolio,
    refused,
)

MONTH = "/meses/3"


def read(pointer: str = "/evento", value: object = EVENT) -> Any:
    return read_portfolio(as_file(changed(portfolio(), pointer, value)))


def test_reads_what_the_file_says() -> None:
    told = read()
    assert (told.event, told.company) == (EventCode(EVENT), Cnpj(COMPANY))
    assert told.equity.base_date == date(2022, 12, 31)
    assert told.equity.deductions == (Deduction("I", Decimal(2000000)),)
    assert told.equity.adjusted == 18000000
    assert tuple(month.label for month in told.months) == MONTHS
    month = told.months[3]
    assert month.fixed.submarkets == dict(zip(Submarket, map(Decimal, (15, -2, 0, 0)), strict=True))
    assert month.fixed.sources == dict(zip(EnergyType, map(Decimal, (10, 0, 3, 0, 0, 0)), strict=True))
    assert month.fixed.resource == Leg(Decimal(30), Decimal(210))
    assert month.fixed.requirement == Leg(Decimal(20), Decimal(225))
    assert (month.generation, month.consumption, month.regulated) == (5, 2, Decimal("-10.5"))
    assert month.variable.resource == Leg(Decimal(1), Decimal(-3))
    assert month.variable.requirement == Leg(Decimal(0), Decimal(0))
    assert month.derivatives.submarkets[Submarket.SE] == 3
    assert month.derivatives.resource == Leg(Decimal(4), Decimal(200))
    assert month.derivatives.requirement == Leg(Decimal(1), Decimal(240))


def test_months_may_come_in_any_order_and_a_fault_tells_where_the_file_has_its_month() -> None:
    backwards = changed(portfolio(), "/meses", portfolio()["meses"][::-1])
    assert read_portfolio(as_file(backwards)) == read()
    with refused(("/meses/0/precoFixo/submercados", "soma-submercados")) as faults:
        read_portfolio(as_file(changed(backwards, "/meses/0/precoFixo/submercados/SE", "16")))
    assert faults


def test_takes_a_mask_on_the_cnpj_and_a_mark_before_the_text() -> None:
    assert read("/cnpj", "33.047.509/0001-49").company == COMPANY
    assert read_portfolio(b"\xef\xbb\xbf" + as_file(portfolio())) == read()


def test_holds_a_portfolio_to_the_event_that_is_expected() -> None:
    assert read_portfolio(as_file(portfolio()), event=EventCode(EVENT)) == read()
    with refused(("/evento", "evento")):
        read_portfolio(as_file(portfolio()), event=EventCode("202303002"))


@pytest.mark.parametrize(
    ("pointer", "value", "at", "rule"),
    [
        ("/evento", "2023-03", "/evento", "evento"),
        ("/cnpj", "33047509000148", "/cnpj", "cnpj"),
        ("/cnpj", 33047509000149, "/cnpj", "tipo"),
        ("/cnpj", ABSENT, "/cnpj", "obrigatorio"),
        ("/observacao", "oi", "", "desconhecido"),
        ("/patrimonioLiquido", None, "/patrimonioLiquido", "tipo"),
        ("/patrimonioLiquido/dataBase", "31/12/2022", "/patrimonioLiquido/dataBase", "tipo"),
        ("/patrimonioLiquido/dataBase", "2022-02-29", "/patrimonioLiquido/dataBase", "tipo"),
        ("/patrimonioLiquido/valor", "20.000.000,00", "/patrimonioLiquido/valor", "numero"),
        ("/patrimonioLiquido/valor", 20000000, "/patrimonioLiquido/valor", "numero"),
        ("/patrimonioLiquido/deducoes/0/item", "IX", "/patrimonioLiquido/deducoes/0/item", "tipo"),
        ("/patrimonioLiquido/deducoes/0/valor", "-1", "/patrimonioLiquido/deducoes/0/valor", "nao-negativo"),
        ("/patrimonioLiquido/deducoes", [{}] * 9, "/patrimonioLiquido/deducoes", "quantidade"),
        ("/meses", {}, "/meses", "tipo"),
        ("/meses/6", ABSENT, "/meses", "quantidade"),
        (f"{MONTH}/mes", "M+03", f"{MONTH}/mes", "tipo"),
        (f"{MONTH}/geracao", "cinco", f"{MONTH}/geracao", "numero"),
        (
            f"{MONTH}/precoVariavel/requisito/mwm",
            "-1",
            f"{MONTH}/precoVariavel/requisito/mwm",
            "nao-negativo",
        ),
        (f"{MONTH}/consumo", None, f"{MONTH}/consumo", "tipo"),
        (f"{MONTH}/mercadoRegulado", ABSENT, f"{MONTH}/mercadoRegulado", "obrigatorio"),
        (f"{MONTH}/precoFixo/recurso/mwm", 30.5, f"{MONTH}/precoFixo/recurso/mwm", "numero"),
        (f"{MONTH}/precoFixo/recurso/preco", "-1", f"{MONTH}/precoFixo/recurso/preco", "nao-negativo"),
        (f"{MONTH}/precoFixo/recurso/spread", "0", f"{MONTH}/precoFixo/recurso", "desconhecido"),
        (f"{MONTH}/precoFixo/submercados/SU", "0", f"{MONTH}/precoFixo/submercados", "desconhecido"),
        (f"{MONTH}/precoFixo/submercados/N", "0.1", f"{MONTH}/precoFixo/submercados", "soma-submercados"),
        (f"{MONTH}/precoFixo/fontes/I1", "0.1", f"{MONTH}/precoFixo/fontes", "soma-fontes"),
        (f"{MONTH}/derivativos/submercados/S", "1", f"{MONTH}/derivativos/submercados", "soma-derivativos"),
        (f"{MONTH}/derivativos", ABSENT, f"{MONTH}/derivativos", "obrigatorio"),
        (f"{MONTH}/precoVariavel/recurso/preco", "1", f"{MONTH}/precoVariavel/recurso", "desconhecido"),
    ],
)
def test_refuses_with_place_and_rule(pointer: str, value: object, at: str, rule: str) -> None:
    with refused((at, rule)):
        read(pointer, value)


def test_refuses_a_month_told_twice_and_the_one_that_it_displaced() -> None:
    with refused(("/meses", "meses"), ("/meses", "meses")) as faults:
        read("/meses/3/mes", "M+2")
    assert [fault.detail.rpartition("; ")[2] for fault in faults] == [
        "M+2 veio 2 vezes",
        "M+3 veio 0 vezes",
    ]


def test_refuses_a_deduction_told_twice() -> None:
    twice = [{"item": "II", "valor": "1"}, {"item": "II", "valor": "2"}]
    with refused(("/patrimonioLiquido/deducoes/1/item", "repetido")):
        read("/patrimonioLiquido/deducoes", twice)


def test_takes_all_eight_deductions_and_none() -> None:
    items = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
    eight = [{"item": item, "valor": "0.01"} for item in items]
    assert len(read("/patrimonioLiquido/deducoes", eight).equity.deductions) == 8
    assert read("/patrimonioLiquido/deducoes", []).equity.adjusted == 20000000


def test_a_month_that_cannot_be_read_does_not_hide_what_is_wrong_in_another() -> None:
    document = changed(portfolio(), "/meses/1/geracao", "x")
    document = changed(document, "/meses/5/consumo", "2.5")
    document = changed(document, "/patrimonioLiquido/valor", ABSENT)
    with refused(
        ("/patrimonioLiquido/valor", "obrigatorio"),
        ("/meses/1/geracao", "numero"),
        ("/meses/5/precoFixo/submercados", "soma-submercados"),
        ("/meses/5/precoFixo/fontes", "soma-fontes"),
    ):
        read_portfolio(as_file(document))


def test_refuses_a_name_told_twice_in_one_object() -> None:
    data = as_file(portfolio()).replace(b'"geracao": "5"', b'"geracao": "5", "geracao": "6"', 1)
    with refused(("/meses/0", "repetido")):
        read_portfolio(data)


def test_a_fault_quotes_what_was_found_short_and_visible() -> None:
    with refused(("/meses/0/geracao", "numero")) as faults:
        read("/meses/0/geracao", "1\n\u202e\ud800" + "9" * 100)
    assert faults[0].detail.endswith("; veio “1\\u000a\\u202e\\ud800" + "9" * 36 + "…”")


def test_one_portfolio_alone_is_a_file_of_one_agent() -> None:
    read_in = read_portfolios(as_file(portfolio()))
    assert (read_in.taken, read_in.refused, read_in.places) == ((read(),), (), ("",))


def test_a_wrong_agent_is_refused_and_the_others_taken() -> None:
    wrong = changed(portfolio(OTHER_COMPANY), "/meses/2/geracao", "-1")
    third = portfolio("11222333000181")
    read_in = read_portfolios(as_file({"agentes": [portfolio(), wrong, third, None]}))
    assert [one.company for one in read_in.taken] == [COMPANY, "11222333000181"]
    refused_first, refused_second = read_in.refused
    assert (refused_first.company, refused_first.place) == (OTHER_COMPANY, "/agentes/1")
    assert {fault.pointer for fault in refused_first.faults} >= {"/agentes/1/meses/2/geracao"}
    assert (refused_second.company, refused_second.place) == ("", "/agentes/3")
    assert [fault.rule for fault in refused_second.faults] == ["tipo"]
    assert read_in.places == tuple(f"/agentes/{number}" for number in range(4))


def test_of_two_portfolios_of_one_company_neither_counts() -> None:
    masked = portfolio("33.047.509/0001-49")
    read_in = read_portfolios(as_file({"agentes": [portfolio(), portfolio(OTHER_COMPANY), masked]}))
    assert [one.company for one in read_in.taken] == [OTHER_COMPANY]
    assert [(one.place, one.faults[0].pointer) for one in read_in.refused] == [
        ("/agentes/0", "/agentes/0/cnpj"),
        ("/agentes/2", "/agentes/2/cnpj"),
    ]


@pytest.mark.parametrize(
    ("document", "at", "rule"),
    [
        ({"agentes": []}, "/agentes", "quantidade"),
        ({"agentes": [None] * (MOST_AGENTS + 1)}, "/agentes", "quantidade"),
        ({"agentes": {}}, "/agentes", "tipo"),
        ({"agentes": [{}], "evento": EVENT}, "", "desconhecido"),
    ],
)
def test_refuses_the_whole_file_for_what_is_wrong_around_the_agents(
    document: object, at: str, rule: str
) -> None:
    with refused((at, rule)):
        read_portfolios(as_file(document))


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"null,", b'{"a":1', b"\xff", b'{"a":Infinity}', b"[" * 200_000]
)
def test_what_is_no_json_is_unreadable(data: bytes) -> None:
    for reader in (read_portfolio, read_portfolios):
        with pytest.raises(DocumentUnreadable):
            reader(data)


def test_a_file_over_the_limit_is_not_parsed() -> None:
    with pytest.raises(DocumentUnreadable) as refusal:
        read_portfolio(b" " * 50_000_001)
    assert "o limite é 50000000" in refusal.value.faults[0].detail
    with refused(("", "tipo")):
        read_portfolio(b" " * 49_999_998 + b"[]")


@given(st.data())
def test_any_value_in_any_place_is_read_or_refused_by_rule(data: st.DataObject) -> None:
    target: Any = portfolio()
    pointer = ""
    while isinstance(target, dict | list) and (not pointer or data.draw(st.integers(0, 5))):
        step = data.draw(st.sampled_from(list(target) if isinstance(target, dict) else range(len(target))))
        target, pointer = target[step], f"{pointer}/{step}"
    value = data.draw(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text()
        | st.from_regex(r"-?[0-9]{1,21}(\.[0-9]{1,13})?", fullmatch=True, alphabet="-.0123456789")
        | st.just([])
        | st.just({})
        | st.just(ABSENT)
    )
    document = changed(portfolio(), pointer, value)
    try:
        told = read_portfolio(json.dumps(document).encode())
    except FaultsFound:
        return
    assert tuple(month.label for month in told.months) == MONTHS


def test_many_agents_take_little_more_memory_than_their_figures() -> None:
    """Portfolios take some seven times their text; with the tree of the whole file it would be eleven."""
    firsts = [f"{number:012d}" for number in range(1, 501)]
    agents = [portfolio(first + Cnpj.check_digits(first)) for first in firsts]
    data = as_file({"agentes": agents})
    tracemalloc.start()
    read = read_portfolios(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(read.taken) == 500
    assert peak < 9 * len(data)
