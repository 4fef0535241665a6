import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.errors import FaultsFound
from aval.identifiers import EventCode
from aval.prudential.correlation import PLACES
from aval.prudential.parameters import MONTHS, EnergyType, Frequency, Netting, Submarket
from aval.prudential.parameters_json import read_parameters
from aval.prudential.refusals import DocumentUnreadable
from aval.registry.model import ParticipantClass
from tests.support.portfolio_files import ABSENT, as_file, changed, parameters, refused


def read(pointer: str = "/versao", value: object = 1) -> Any:
    return read_parameters(as_file(changed(parameters(), pointer, value)))


def test_reads_what_the_file_says() -> None:
    told = read()
    assert told.event == EventCode("202303001")
    assert told.deadline == datetime(2023, 3, 3, 23, 1, tzinfo=UTC)
    assert (told.confidence, told.settlement_days, told.k) == (Decimal("0.95"), 5, 0)
    assert tuple(month.label for month in told.months) == MONTHS
    first = told.months[0]
    assert (first.name, first.hours, first.volatility) == ("MÊS 0", 744, Decimal("0.0734"))
    assert first.submarket_spread[Submarket.S] == Decimal("-1.5")
    assert first.source_spread[EnergyType.I5] == Decimal("12.25")
    assert (first.stress_long, first.stress_short) == (Decimal("168.47"), Decimal("279.76"))
    assert told.correlation == ((Decimal(1),) * 7,) * 7


def test_without_options_the_months_net_unsigned_in_a_weekly_event_of_generators_and_traders() -> None:
    told = read("/opcoes", ABSENT)
    assert (told.netting, told.frequency) == (Netting.SEM_SINAL, Frequency.WEEKLY)
    assert told.classes == (
        ParticipantClass.AUTOPRODUTOR,
        ParticipantClass.COMERCIALIZADOR,
        ParticipantClass.IMPORTADOR,
        ParticipantClass.GERADOR,
        ParticipantClass.PRODUTOR_INDEPENDENTE,
        ParticipantClass.EXPORTADOR,
    )


def test_a_monthly_event_is_for_free_and_special_consumers() -> None:
    told = read("/periodicidade", "MENSAL")
    assert told.classes == (ParticipantClass.CONSUMIDOR_LIVRE, ParticipantClass.CONSUMIDOR_ESPECIAL)


def test_the_file_may_tell_the_classes_and_the_way_of_netting() -> None:
    assert read("/classes", [4, 2]).classes == (
        ParticipantClass.COMERCIALIZADOR,
        ParticipantClass.GERADOR,
    )
    assert read("/opcoes/compensacaoEntreMeses", "COM_SINAL").netting is Netting.COM_SINAL


def test_months_may_come_in_any_order() -> None:
    assert read("/meses", parameters()["meses"][::-1]) == read()


def test_the_digest_is_of_what_is_said_and_not_of_how_it_is_spelled() -> None:
    document = changed(parameters(), "/meses/0/volatilidade", "+0.07340")
    document = changed(document, "/prazo", "2023-03-03T23:01:00Z")
    document = changed(document, "/meses/0/horas", "744.0")
    pretty = json.dumps(dict(reversed(document.items())), indent=2).encode()
    assert read_parameters(pretty).digest == read().digest
    assert read().digest == "46fe3d9dc01abcd5c8630d514d731c3989ed76831fa5f09f7dac1d78df9a6b55"


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/evento", "202303002"),
        ("/versao", 2),
        ("/prazo", "2023-03-03T20:01:01-03:00"),
        ("/indiceConfianca", "0.99"),
        ("/diasLiquidacao", 1),
        ("/theta", "0.1"),
        ("/pldMaximo", "785.28"),
        ("/meses/6/forward", "222.73"),
        ("/meses/6/rotulo", "OUTRO"),
        ("/meses/6/spreadFonte/I1", "0.000000000001"),
        ("/correlacao", [["1" if i == j else "0.5" for i in range(7)] for j in range(7)]),
        ("/opcoes/compensacaoEntreMeses", "COM_SINAL"),
        ("/periodicidade", "MENSAL"),
        ("/classes", [4]),
    ],
)
def test_any_change_of_what_is_said_changes_the_digest(pointer: str, value: object) -> None:
    assert read(pointer, value).digest != read().digest


def test_reads_what_it_writes() -> None:
    assert read_parameters(as_file(read().as_json())) == read()


@pytest.mark.parametrize(
    ("pointer", "value", "at", "rule"),
    [
        ("/evento", "202313001", "/evento", "evento"),
        ("/evento", 202303001, "/evento", "tipo"),
        ("/versao", 0, "/versao", "tipo"),
        ("/versao", "1", "/versao", "tipo"),
        ("/versao", True, "/versao", "tipo"),
        ("/versao", 1.0, "/versao", "tipo"),
        ("/metodo", "MP-2022.1.0", "/metodo", "tipo"),
        ("/indiceConfianca", 0.95, "/indiceConfianca", "numero"),
        ("/indiceConfianca", "0,95", "/indiceConfianca", "numero"),
        ("/indiceConfianca", "0.5", "/indiceConfianca", "confianca"),
        ("/indiceConfianca", "1", "/indiceConfianca", "confianca"),
        ("/diasLiquidacao", 0, "/diasLiquidacao", "tipo"),
        ("/diasLiquidacao", 366, "/diasLiquidacao", "tipo"),
        ("/k", "0.5", "/k", "k"),
        ("/theta", "-0.1", "/theta", "theta"),
        ("/pldMaximo", "57.30", "/pldMaximo", "pld"),
        ("/prazo", "2023-02-02T23:59:59-03:00", "/prazo", "prazo"),
        ("/prazo", "2023-03-03T20:01:00", "/prazo", "tipo"),
        ("/prazo", "2023-02-30T20:01:00-03:00", "/prazo", "tipo"),
        ("/prazo", "20230303T200100-0300", "/prazo", "tipo"),
        ("/prazo", None, "/prazo", "tipo"),
        ("/prazo", ABSENT, "/prazo", "obrigatorio"),
        ("/fimOperacao", "2023-02-03T00:00:00-03:00", "/fimOperacao", "operacao"),
        ("/meses", [], "/meses", "quantidade"),
        ("/meses/6", ABSENT, "/meses", "quantidade"),
        ("/meses/-", {}, "/meses", "quantidade"),
        ("/meses/3/mes", "M+7", "/meses/3/mes", "tipo"),
        ("/meses/3/horas", 0, "/meses/3/horas", "horas"),
        ("/meses/3/horas", 744.5, "/meses/3/horas", "numero"),
        ("/meses/3/horas", True, "/meses/3/horas", "tipo"),
        ("/meses/3/volatilidade", "-0.000000000001", "/meses/3/volatilidade", "volatilidade"),
        ("/meses/3/volatilidade", ABSENT, "/meses/3/volatilidade", "obrigatorio"),
        ("/meses/3/spreadSubmercado/SE", "1", "/meses/3/spreadSubmercado", "spread-se"),
        ("/meses/3/spreadSubmercado/N", ABSENT, "/meses/3/spreadSubmercado/N", "obrigatorio"),
        ("/meses/3/spreadFonte/I9", "0", "/meses/3/spreadFonte", "desconhecido"),
        ("/meses/3/spreadFonte", [], "/meses/3/spreadFonte", "tipo"),
        ("/meses/3/rotulo", "MAR\n2023", "/meses/3/rotulo", "texto"),
        ("/meses/3/rotulo", "M" * 101, "/meses/3/rotulo", "texto"),
        ("/correlacao", [["1"] * 7], "/correlacao", "quantidade"),
        ("/correlacao/6", ["1"] * 6, "/correlacao/6", "quantidade"),
        ("/correlacao/6/6", 1, "/correlacao/6/6", "numero"),
        ("/correlacao/6/6", "0.9", "/correlacao/6/6", "correlacao-diagonal"),
        ("/correlacao/6/5", "0.9", "/correlacao/6/5", "correlacao-simetria"),
        ("/opcoes/compensacaoEntreMeses", "SIM", "/opcoes/compensacaoEntreMeses", "tipo"),
        ("/opcoes/outra", "SIM", "/opcoes", "desconhecido"),
        ("/periodicidade", "DIARIA", "/periodicidade", "tipo"),
        ("/classes", [], "/classes", "quantidade"),
        ("/classes", [4, 8], "/classes/1", "classe"),
        ("/classes", [4, 4], "/classes/1", "repetido"),
        ("/historicoVar", ["1"], "", "desconhecido"),
    ],
)
def test_refuses_with_place_and_rule(pointer: str, value: object, at: str, rule: str) -> None:
    with refused((at, rule)):
        read(pointer, value)


@pytest.mark.parametrize(("places", "fits"), [(PLACES, True), (PLACES + 1, False)])
def test_a_correlation_has_as_many_places_as_it_may(places: int, fits: bool) -> None:
    document = changed(
        parameters(), "/correlacao", [["1" if i == j else "0" for i in range(7)] for j in range(7)]
    )
    for pointer in ("/correlacao/0/1", "/correlacao/1/0"):
        document = changed(document, pointer, "0." + "1" * places)
    if fits:
        assert read_parameters(as_file(document)).correlation[0][1] == Decimal("0." + "1" * places)
    else:
        with refused(("/correlacao/0/1", "numero"), ("/correlacao/1/0", "numero")):
            read_parameters(as_file(document))


def test_takes_a_deadline_at_the_very_opening() -> None:
    assert read("/prazo", "2023-02-03T03:00:00Z").deadline == read().opens


def test_refuses_a_month_told_twice_and_the_one_that_it_displaced() -> None:
    with refused(("/meses", "meses"), ("/meses", "meses")) as faults:
        read("/meses/3/mes", "M+2")
    assert [fault.detail.rpartition("; ")[2] for fault in faults] == [
        "M+2 veio 2 vezes",
        "M+3 veio 0 vezes",
    ]


def test_every_fault_is_told() -> None:
    document = changed(parameters(), "/k", "1")
    document = changed(document, "/meses/0/volatilidade", "-1")
    document = changed(document, "/meses/6/forward", "caro")
    document = changed(document, "/evento", ABSENT)
    with refused(
        ("/evento", "obrigatorio"),
        ("/k", "k"),
        ("/meses/0/volatilidade", "volatilidade"),
        ("/meses/6/forward", "numero"),
    ):
        read_parameters(as_file(document))


def test_a_deadline_that_cannot_be_read_is_not_also_early() -> None:
    document = changed(parameters(), "/prazo", "amanhã")
    with refused(("/prazo", "tipo"), ("/k", "k")):
        read_parameters(as_file(changed(document, "/k", "1")))


@pytest.mark.parametrize("data", [b"", b"{", b"PK\x03\x04", b"\xff\xfe{}", b'{"k": NaN}', b"[" * 100_000])
def test_what_is_no_json_is_unreadable(data: bytes) -> None:
    with pytest.raises(DocumentUnreadable):
        read_parameters(data)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda one: st.lists(one) | st.dictionaries(st.sampled_from([*parameters(), "x"]), one),
    )
)
def test_any_json_is_refused_by_rule_and_nothing_else(document: object) -> None:
    with pytest.raises(FaultsFound):
        read_parameters(json.dumps(document).encode())
