from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from aval.contracts.imports.rows import Adjustment, Closing, Closure, Row, TermsChange, Validation
from aval.contracts.model import (
    HOUR,
    ContractCode,
    ContractKind,
    LevelUnit,
    LoadLevels,
    ModulationKind,
    ParcelCode,
    local_hour,
)
from aval.edge.contracts.imports import ImportRequest
from aval.edge.shape_faults import faults_of_shape
from aval.errors import Fault, FaultsFound
from tests.support.contracts import BUYER, JANUARY, SELLER, YEAR, energy, registration, terms

AMOUNT: dict[str, Any] = {
    "dataDeInicio": "2026-01-01T00:00",
    "dataDeFim": "2026-12-31T23:00",
    "montanteMedio": "10.000000",
}
REGISTRATION: dict[str, Any] = {
    "dataDeInicio": "2026-01-01T00:00:00-03:00",
    "dataDeFim": "2026-12-31T23:00:00-03:00",
    "idVendedor": SELLER,
    "idComprador": BUYER,
    "idSubMerEntrega": 1,
    "montantes": [AMOUNT],
}


def request(**members: Any) -> ImportRequest:
    return ImportRequest.model_validate({"perfil": SELLER, **members})


def registered(kind: str = "CCEAL", **members: Any) -> Any:
    (row,) = request(tipo=kind, registrar=[{**REGISTRATION, **members}]).rows()
    return row.demand


def amount(**members: Any) -> Any:
    (found,) = registered(montantes=[{**AMOUNT, **members}]).energies
    return found


def faults(**members: Any) -> list[tuple[str, str]]:
    with pytest.raises(FaultsFound) as refused:
        request(**members).rows()
    return [(fault.pointer, fault.detail) for fault in refused.value.faults]


def shape_faults(**members: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        request(**members)
    found = [{**one, "loc": ("body", *one["loc"])} for one in refused.value.errors()]
    return [(fault.pointer, fault.detail) for fault in faults_of_shape(found)]


def test_a_registration_reads_as_the_file_s_would() -> None:
    assert request(registrar=[REGISTRATION]).rows() == (Row(1, "1", registration()),)


def test_rows_are_counted_and_keep_the_names_that_they_bring() -> None:
    rows = request(registrar=[REGISTRATION, {**REGISTRATION, "sequencialControle": "B-7"}]).rows()
    assert [(row.number, row.sequence) for row in rows] == [(1, "1"), (2, "B-7")]


def test_every_term_of_a_registration_is_read() -> None:
    told = registered(
        kind="CBR",
        tipoCBR=2,
        tipoGravacao="R",
        idSubMerOrigem=3,
        referencia="A-2026",
        observacao="ação",
        dirAlivExp=True,
        partVerLastro="G",
        idAtivoAssociadoLastro=[7001],
        idContratoCessao=9,
        montantes=[],
    )
    assert told == registration(
        kind=ContractKind.CBR,
        is_draft=True,
        energies=(),
        terms=terms(
            cceal_type=None,
            cbr_type=2,
            origin_submarket=3,
            reference="A-2026",
            remark="ação",
            relieves_exposure=True,
            ballast="G",
            ballast_parcels=(ParcelCode(7001),),
            assigned_from=ContractCode(9),
        ),
    )


def test_an_amount_with_limits_and_parcels_is_read() -> None:
    told = amount(
        tipoModulacao="G",
        limiteMinimoModulacao="9",
        limiteMaximoModulacao="11.5",
        idAtivoAssociadoModulacao=[7001, 7002],
    )
    assert told == energy(
        modulation=ModulationKind.GENERATION,
        limits=(Decimal(9), Decimal("11.5")),
        parcels=(ParcelCode(7001), ParcelCode(7002)),
    )


def test_hours_and_load_levels_are_declared_modulation() -> None:
    assert amount(montantesHorarios=["1", "2.5"]) == energy(
        modulation=ModulationKind.DECLARED, hourly_mwh=(Decimal(1), Decimal("2.5"))
    )
    levels = {"unidadePatamar": "1", "patamarLeve": "8", "patamarMedio": "10", "patamarPesado": "12"}
    assert amount(**levels) == energy(
        modulation=ModulationKind.DECLARED,
        levels=LoadLevels(LevelUnit.AVERAGE_MW, Decimal(8), Decimal(10), Decimal(12)),
    )


def test_hours_may_be_a_ceiling_when_the_row_says_so() -> None:
    assert amount(montantesHorarios=["1"], tipoModulacao="L").modulation is ModulationKind.CEILING


def test_an_adjustment_names_stretches_and_terms() -> None:
    told = {"numeroContrato": 7, "montantes": [AMOUNT], "referencia": "B"}
    (row,) = request(ajustar=[told]).rows()
    change = TermsChange(reference="B")
    assert row.demand == Adjustment(ContractCode(7), (energy(),), change, completes=False)


def test_a_draft_is_completed_by_saving_it_so() -> None:
    (row,) = request(ajustar=[{"numeroContrato": 7, "tipoGravacao": "C"}]).rows()
    assert row.demand == Adjustment(ContractCode(7))


def test_an_adjustment_of_a_draft_may_leave_it_one() -> None:
    told = {
        "numeroContrato": 7,
        "tipoGravacao": "R",
        "dataDeInicio": "2026-01-01T00:00",
        "dataDeFim": "2026-01-31T23:00",
        "idComprador": BUYER,
    }
    (row,) = request(ajustar=[told]).rows()
    change = TermsChange(buyer=BUYER, period=JANUARY)
    assert row.demand == Adjustment(ContractCode(7), (), change, completes=False)


def test_a_validation_names_amounts_by_their_first_hour() -> None:
    told = {"numeroContrato": 7, "montantes": [{"vigenciaDeInicio": "2026-01-01T03:00Z"}]}
    (row,) = request(validar=[told]).rows()
    assert row.demand == Validation(ContractCode(7), (local_hour(2026, 1, 1),))


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        (
            "dataFinalizacao",
            "2026-06-30T23:00",
            Closure(ContractCode(7), Closing.FINISH, local_hour(2026, 7, 1)),
        ),
        ("validarFinalizacao", True, Closure(ContractCode(7), Closing.VALIDATE_FINISH)),
        ("cancelarContrato", True, Closure(ContractCode(7), Closing.CANCEL)),
        ("validarCancelamento", True, Closure(ContractCode(7), Closing.VALIDATE_CANCELLATION)),
        ("retirarPedido", True, Closure(ContractCode(7), Closing.WITHDRAW)),
    ],
)
def test_an_ending_is_asked_for_validated_or_withdrawn(member: str, value: object, expected: Closure) -> None:
    (row,) = request(encerrar=[{"numeroContrato": 7, member: value}]).rows()
    assert row.demand == expected


# Hours


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-01T00:00", datetime(2026, 1, 1, 3, tzinfo=UTC)),
        ("2026-01-01T00:00:00", datetime(2026, 1, 1, 3, tzinfo=UTC)),
        ("2026-01-01T00:00-03:00", datetime(2026, 1, 1, 3, tzinfo=UTC)),
        ("2026-01-01T03:00:00Z", datetime(2026, 1, 1, 3, tzinfo=UTC)),
        # Daylight saving time, abolished in 2019.
        ("2019-01-01T00:00", datetime(2019, 1, 1, 2, tzinfo=UTC)),
    ],
)
def test_an_hour_without_an_offset_is_one_of_sao_paulo_s_clocks(text: str, moment: datetime) -> None:
    told = {"numeroContrato": 7, "montantes": [{"vigenciaDeInicio": text}]}
    (row,) = request(validar=[told]).rows()
    assert row.demand == Validation(ContractCode(7), (moment,))


@pytest.mark.parametrize("text", ["2026-12-31T23:00", "2027-01-01T00:00"])
def test_a_period_ends_with_its_last_hour_or_at_the_midnight_after(text: str) -> None:
    assert amount(dataDeFim=text).period == YEAR


@given(st.integers(min_value=0, max_value=20_000))
def test_every_whole_hour_reads_back(hours: int) -> None:
    moment = datetime(2017, 1, 1, 2, tzinfo=UTC) + hours * HOUR
    told = {"numeroContrato": 7, "montantes": [{"vigenciaDeInicio": moment.isoformat()}]}
    (row,) = request(validar=[told]).rows()
    assert row.demand == Validation(ContractCode(7), (moment,))


# Refusals


@pytest.mark.parametrize(
    ("members", "pointer", "detail"),
    [
        ({"dataDeFim": "2025-12-31T23:00"}, "#/registrar/0/dataDeFim", "o fim deve ser depois do início"),
        ({"tipoCBR": 1}, "#/registrar/0/tipoCBR", "só um CBR tem tipoCBR; retire-o"),
        (
            {"idAtivoAssociadoLastro": [1]},
            "#/registrar/0/idAtivoAssociadoLastro",
            "só um CBR tem idAtivoAssociadoLastro; retire-o",
        ),
        (
            {"montantes": [AMOUNT, {**AMOUNT, "limiteMinimoModulacao": "1"}]},
            "#/registrar/0/montantes/1/limiteMaximoModulacao",
            "informe os dois limites de modulação, ou nenhum",
        ),
        (
            {"montantes": [{**AMOUNT, "patamarLeve": "1"}]},
            "#/registrar/0/montantes/0/unidadePatamar",
            "informe unidadePatamar, patamarLeve, patamarMedio e patamarPesado, ou nenhum deles",
        ),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_where_it_does(
    members: dict[str, Any], pointer: str, detail: str
) -> None:
    assert faults(registrar=[{**REGISTRATION, **members}]) == [(pointer, detail)]


def test_every_fault_of_every_row_is_told() -> None:
    wrong = {**REGISTRATION, "tipoCBR": 1}
    assert [pointer for pointer, _ in faults(registrar=[wrong, REGISTRATION, wrong])] == [
        "#/registrar/0/tipoCBR",
        "#/registrar/2/tipoCBR",
    ]


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({}, "#/ajustar/0"),
        ({"dataDeInicio": "2026-01-01T00:00"}, "#/ajustar/0"),
        ({"montantes": [{**AMOUNT, "dataDeFim": "2025-01-01T00:00"}]}, "#/ajustar/0/montantes/0/dataDeFim"),
        (
            {"dataDeInicio": "2026-01-01T00:00", "dataDeFim": "2025-12-31T23:00"},
            "#/ajustar/0/dataDeFim",
        ),
    ],
)
def test_an_adjustment_that_changes_nothing_or_half_a_period_is_refused(
    members: dict[str, Any], pointer: str
) -> None:
    assert pointer in [where for where, _ in faults(ajustar=[{"numeroContrato": 7, **members}])]


@pytest.mark.parametrize(
    "members", [{}, {"validarFinalizacao": True, "cancelarContrato": True}, {"dataFinalizacao": None}]
)
def test_an_ending_is_one_of_five(members: dict[str, Any]) -> None:
    assert [pointer for pointer, _ in faults(encerrar=[{"numeroContrato": 7, **members}])] == ["#/encerrar/0"]


@pytest.mark.parametrize(
    ("members", "pointer", "detail"),
    [
        (
            {"montanteMedio": "10,5"},
            "#/registrar/0/montantes/0/montanteMedio",
            "deve ser um texto com até 22 algarismos, ponto e até 6 decimais, como 10.000000",
        ),
        (
            {"montanteMedio": 10},
            "#/registrar/0/montantes/0/montanteMedio",
            "deve ser um texto com até 22 algarismos, ponto e até 6 decimais, como 10.000000",
        ),
        (
            {"dataDeInicio": "2026-02-30T00:00"},
            "#/registrar/0/montantes/0/dataDeInicio",
            "o dia não existe no calendário",
        ),
        (
            {"dataDeInicio": "01/01/2026 00"},
            "#/registrar/0/montantes/0/dataDeInicio",
            "deve ser uma hora cheia no formato AAAA-MM-DDTHH:00, com ou sem deslocamento (-03:00)",
        ),
        ({"montante": "1"}, "#/registrar/0/montantes/0/montante", "campo desconhecido; retire-o"),
    ],
)
def test_a_shape_is_refused_by_a_pointer_and_what_to_do(
    members: dict[str, Any], pointer: str, detail: str
) -> None:
    told = {**REGISTRATION, "montantes": [{**AMOUNT, **members}]}
    assert shape_faults(registrar=[told]) == [(pointer, detail)]


# Forms of an import


@pytest.mark.parametrize(
    "members",
    [
        {"arquivo": "<a/>"},
        {"registrar": [REGISTRATION]},
        {"tamanho": 1, "sha256": "0f" * 32},
        {"arquivo": "<a/>", "registrar": None},
    ],
)
def test_one_form_is_taken(members: dict[str, Any]) -> None:
    request(**members).require_one_form()


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"tamanho": 1},
        {"sha256": "0f" * 32},
        {"arquivo": "<a/>", "registrar": [REGISTRATION]},
        {"arquivo": "<a/>", "tamanho": 1, "sha256": "0f" * 32},
    ],
)
def test_no_form_half_a_form_and_two_forms_are_refused(members: dict[str, Any]) -> None:
    with pytest.raises(FaultsFound) as refused:
        request(**members).require_one_form()
    assert refused.value.faults == (
        Fault(
            "forma-do-envio",
            "envie um só: arquivo; registrar, ajustar, validar ou encerrar; ou tamanho e sha256 juntos",
            "#",
        ),
    )


def test_amounts_and_texts_do_not_show_in_the_message() -> None:
    told = request(registrar=[{**REGISTRATION, "referencia": "segredo"}], arquivo="<segredo/>")
    assert "segredo" not in repr(told)
    assert "10.000000" not in repr(told)


@pytest.mark.parametrize(
    "members",
    [
        {"profile": 10010, "arquivo": "<a/>"},
        {"perfil": 10010, "file": "<a/>"},
        {"perfil": "10010", "arquivo": "<a/>"},
        {"perfil": True, "arquivo": "<a/>"},
        {"perfil": 10010, "tamanho": True, "sha256": "0" * 64},
    ],
)
def test_only_documented_names_and_true_numbers_are_taken(members: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ImportRequest.model_validate(members)


def test_a_whole_number_may_have_a_decimal_point() -> None:
    assert ImportRequest.model_validate({"perfil": 10010.0, "arquivo": "<a/>"}).profile == 10010
