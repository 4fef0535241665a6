import csv
import io
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.identifiers import Cnpj, Cpf
from aval.moments import SAO_PAULO
from aval.registry.drops import Drop, judge_drop, read_drop
from aval.registry.model import (
    CalendarEntry,
    CalendarKind,
    CompanyRelation,
    Parcel,
    Representation,
    Role,
    Situation,
    Submarket,
    Validity,
)
from aval.registry.refusals import DropRefused
from aval.registry.schemas import SCHEMAS, Dataset, Record
from tests.support.registry import (
    ANA,
    AURORA,
    BOLT,
    aurora,
    bruno,
    calendar_entry,
    content,
    parcel,
    participant,
    person,
    profile,
    regulated_amount,
    regulated_contract,
    representation,
    second_profile,
    whole,
)

DEMO = Path(__file__).resolve().parents[3] / "local/demo/registro.json"


def judge(**datasets: Any) -> Drop:
    return judge_drop(read_drop("a.json", content(**datasets)), {})


def errors(**datasets: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(DropRefused) as refused:
        judge(**datasets)
    return [(error.where, error.field, error.detail) for error in refused.value.errors]


def test_reads_every_dataset_into_records() -> None:
    drop = judge(**whole())
    assert set(drop) == set(Dataset)
    assert drop[Dataset.PARCELAS] == (
        Parcel(
            code=7001,
            asset=5001,
            profile=10010,
            cnpj=Cnpj(BOLT),
            name="UHE AURORA",
            short_name="AURORA",
            submarket=Submarket.S,
            capacity_mw=Decimal("120.5"),
            physical_guarantee_mwm=None,
            situation=Situation(1, "ATIVO"),
            validity=Validity(date(2026, 1, 1)),
        ),
    )
    assert drop[Dataset.REPRESENTACOES] == (
        Representation(Cpf(ANA), Cnpj(BOLT), Role.REPRESENTANTE_CCEE, Validity(date(2026, 1, 1))),
    )
    assert drop[Dataset.CALENDARIO] == (
        CalendarEntry(
            CalendarKind.REGISTRO_CONTRATO,
            "2026-08",
            datetime(2026, 7, 1, tzinfo=SAO_PAULO),
            datetime(2026, 9, 9, 18, tzinfo=SAO_PAULO),
        ),
    )


def test_the_demo_registry_stands_on_its_own() -> None:
    drop = judge_drop(read_drop(DEMO.name, DEMO.read_bytes()), {})
    # The calendar is counted from today, apart (local/seed/calendar.py).
    assert set(drop) == set(Dataset) - {Dataset.CALENDARIO}


def test_an_empty_list_empties_a_dataset() -> None:
    assert judge(calendario=[]) == {Dataset.CALENDARIO: ()}


def test_masks_are_taken_off_and_letters_raised() -> None:
    drop = judge(participantes=[aurora(cnpj="12.abc.345/01de-35")], pessoas=[person(cpf="111.222.333-96")])
    assert [record.cnpj for record in drop[Dataset.PARTICIPANTES] if hasattr(record, "cnpj")] == [AURORA]
    assert [record.cpf for record in drop[Dataset.PESSOAS] if hasattr(record, "cpf")] == [ANA]


def test_names_every_error_of_every_dataset_at_once() -> None:
    found = errors(
        participantes=[participant(cnpj="33047509000140", classe=8), {}],
        pessoas=[person(cpf="11122233390", email="ana"), person(nome=[1])],
        representacoes=[representation(fimVigencia="2025-12-31", representada=AURORA)],
        calendario=[calendar_entry(prazo="2026-07-01T00:00:00-03:00")],
    )
    assert [(where, field) for where, field, _ in found] == [
        ("/participantes/0", "cnpj"),
        ("/participantes/0", "classe"),
        *(
            ("/participantes/1", field)
            for field in (
                "cnpj",
                "codigo",
                "sigla",
                "razaoSocial",
                "classe",
                "situacaoCodigo",
                "situacao",
                "inicioVigencia",
            )
        ),
        ("/pessoas/0", "cpf"),
        ("/pessoas/0", "email"),
        ("/pessoas/1", "nome"),
        ("/representacoes/0", "fimVigencia"),
        ("/calendario/0", "prazo"),
        ("/representacoes/0", "representada"),
    ]


@pytest.mark.parametrize(("day", "is_lawful"), [("2025-12-31", False), ("2026-01-01", True)])
def test_a_validity_may_last_one_day_and_no_less(day: str, *, is_lawful: bool) -> None:
    drop = read_drop("a.json", content(representacoes=[representation(fimVigencia=day)]))
    assert (not drop.errors) == is_lawful


@pytest.mark.parametrize(("minute", "is_lawful"), [("00", False), ("01", True)])
def test_a_deadline_comes_after_its_opening(minute: str, *, is_lawful: bool) -> None:
    entry = calendar_entry(prazo=f"2026-07-01T00:{minute}:00-03:00")
    assert (not read_drop("a.json", content(calendario=[entry])).errors) == is_lawful


@pytest.mark.parametrize(("day", "is_lawful"), [("2025-12-31", False), ("2026-01-01", True)])
def test_a_regulated_contract_may_last_one_day_and_no_less(day: str, *, is_lawful: bool) -> None:
    drop = read_drop("a.json", content(contratosRegulados=[regulated_contract(fim=day)]))
    assert (not drop.errors) == is_lawful


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (
            regulated_contract(comprador=10010),
            ("comprador", "vendedor e comprador não podem ser o mesmo perfil"),
        ),
        (
            regulated_amount(tipo="MONTANTE_MEDIO"),
            (
                "tipo",
                "deve ser um de MONTANTE_ENERGIA_ANUAL, MONTANTE_ENERGIA_MENSAL, MONTANTE_ANO_CONTRATUAL, "
                "MONTANTE_OBRIGACAO_ENTREGA",
            ),
        ),
        (regulated_amount(fim="2025-12-31"), ("fim", "o último dia não pode vir antes do primeiro")),
        (
            regulated_amount(montante="-1"),
            ("montante", "deve ser um número de até 9 algarismos e 6 casas, sem sinal"),
        ),
    ],
)
def test_says_what_is_wrong_with_a_regulated_contract(
    row: dict[str, Any], complaint: tuple[str, str]
) -> None:
    dataset = "montantesRegulados" if "montante" in row else "contratosRegulados"
    found = read_drop("a.json", content(**{dataset: [row]})).errors
    assert [(error.field, error.detail) for error in found] == [complaint]


def test_an_amount_of_a_contract_is_named_once_for_each_kind_and_beginning() -> None:
    monthly = regulated_amount(tipo="MONTANTE_ENERGIA_MENSAL")
    later = regulated_amount(inicio="2027-01-01", fim="2027-12-31")
    assert (
        len(judge(montantesRegulados=[regulated_amount(), monthly, later])[Dataset.MONTANTES_REGULADOS]) == 3
    )
    assert errors(montantesRegulados=[regulated_amount(), regulated_amount(fim="2026-06-30")]) == [
        ("/montantesRegulados/1", "contrato, tipo, inicio", "repetido: já está em /montantesRegulados/0")
    ]


def test_amounts_of_one_contract_and_kind_do_not_overlap() -> None:
    year = regulated_amount()
    second_half = regulated_amount(inicio="2026-07-01", fim="2027-06-30")
    within = regulated_amount(inicio="2026-03-01", fim="2026-03-31")
    next_year = regulated_amount(inicio="2027-01-01", fim="2027-12-31")
    assert len(judge(montantesRegulados=[next_year, year])[Dataset.MONTANTES_REGULADOS]) == 2
    assert errors(montantesRegulados=[next_year, second_half, year, within]) == [
        ("/montantesRegulados/3", "inicio", "o período se sobrepõe ao de /montantesRegulados/2"),
        ("/montantesRegulados/1", "inicio", "o período se sobrepõe ao de /montantesRegulados/2"),
        ("/montantesRegulados/0", "inicio", "o período se sobrepõe ao de /montantesRegulados/1"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        (participant(), aurora(cnpj=BOLT), "cnpj"),
        (participant(), aurora(codigo=1001), "codigo"),
        (participant(), aurora(sigla="BOLT OPERACOES"), "sigla"),
    ],
)
def test_a_participant_is_named_once(first: dict[str, Any], second: dict[str, Any], field: str) -> None:
    assert errors(participantes=[first, second]) == [
        ("/participantes/1", field, "repetido: já está em /participantes/0")
    ]


@pytest.mark.parametrize(
    ("second", "field"), [(bruno(cpf=ANA), "cpf"), (bruno(email="ANA@demo.aval.example"), "email")]
)
def test_a_person_and_an_address_are_named_once(second: dict[str, Any], field: str) -> None:
    assert errors(pessoas=[person(), second]) == [("/pessoas/1", field, "repetido: já está em /pessoas/0")]


def test_a_representation_may_come_back_after_a_gap_but_not_twice_from_one_day() -> None:
    once, again = representation(fimVigencia="2026-02-01"), representation(inicioVigencia="2026-03-01")
    assert len(judge(representacoes=[once, again])[Dataset.REPRESENTACOES]) == 2
    fields = "representante, representada, papel, inicioVigencia"
    assert errors(representacoes=[once, representation()]) == [
        ("/representacoes/1", fields, "repetido: já está em /representacoes/0")
    ]


@pytest.mark.parametrize(
    ("row", "is_lawful"),
    [
        (representation(representante=AURORA, papel="CONTROLE"), True),
        (representation(representante=AURORA, papel="REPRESENTANTE_CCEE"), False),
        (representation(representante=AURORA, papel="MONITORAMENTO_PRUDENCIAL"), False),
        (representation(papel="MONITORAMENTO_PRUDENCIAL"), True),
        (representation(papel="CONTROLE"), False),
        (representation(representante=BOLT, papel="CONTROLE"), False),
    ],
)
def test_people_have_roles_and_companies_relations(row: dict[str, Any], *, is_lawful: bool) -> None:
    assert (not read_drop("a.json", content(representacoes=[row])).errors) == is_lawful


@pytest.mark.parametrize(
    ("datasets", "where", "field", "target"),
    [
        ({"perfis": [profile(cnpj=AURORA), second_profile()]}, "/perfis/0", "cnpj", "participantes"),
        ({"parcelas": [parcel(ativo=9)]}, "/parcelas/0", "ativo", "ativos"),
        ({"parcelas": [parcel(perfil=9)]}, "/parcelas/0", "perfil", "perfis"),
        (
            {"contratosRegulados": [regulated_contract(vendedor=9)]},
            "/contratosRegulados/0",
            "vendedor",
            "perfis",
        ),
        (
            {"montantesRegulados": [regulated_amount(contrato=9)]},
            "/montantesRegulados/0",
            "contrato",
            "contratosRegulados",
        ),
        (
            {"representacoes": [representation(representante="33344455508")]},
            "/representacoes/0",
            "representante",
            "pessoas",
        ),
        (
            {"representacoes": [representation(representante=AURORA, papel="CONTROLE")]},
            "/representacoes/0",
            "representante",
            "participantes",
        ),
        (
            {"representacoes": [representation(representada=AURORA)]},
            "/representacoes/0",
            "representada",
            "participantes",
        ),
    ],
)
def test_a_reference_names_something_that_exists(
    datasets: dict[str, Any], where: str, field: str, target: str
) -> None:
    registry = whole() | {"participantes": [participant()]}
    assert errors(**(registry | datasets)) == [(where, field, f"não existe em {target}")]


def test_an_error_never_quotes_a_person() -> None:
    found = errors(pessoas=[person(), person(), person(cpf="111", email="ana demo")])
    said = json.dumps(found)
    assert ANA not in said
    assert "ana demo" not in said
    assert "demo.aval" not in said


def as_csv(dataset: Dataset, records: list[Record]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [column.name for column in SCHEMAS[dataset].columns], delimiter=";")
    writer.writeheader()
    writer.writerows(SCHEMAS[dataset].write(record) for record in records)
    return out.getvalue().encode()


texts = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=40).filter(
    str.isprintable
)
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
twelves = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12).filter(
    lambda t: set(t) != {"0"}
)


@st.composite
def parcel_rows(draw: st.DrawFn) -> dict[str, Any]:
    begins = draw(days)
    twelve = draw(twelves)
    return parcel(
        codigo=draw(st.integers(1, 999_999_999)),
        cnpj=twelve + Cnpj.check_digits(twelve),
        nome=draw(texts),
        capacidadeTotal=str(draw(st.decimals(0, 999_999_999, places=6))),
        submercado=draw(st.sampled_from(Submarket)).value,
        inicioVigencia=begins.isoformat(),
        **draw(st.sampled_from([{}, {"fimVigencia": begins.isoformat()}, {"garantiaFisica": "1,25"}])),
    )


@settings(max_examples=60, deadline=timedelta(seconds=2))
@given(
    st.lists(parcel_rows(), max_size=6, unique_by=lambda row: row["codigo"]),
    st.randoms(use_true_random=False),
)
def test_what_is_read_says_the_same_in_json_in_csv_and_in_any_order(
    rows: list[dict[str, Any]], random: Any
) -> None:
    drop = judge(parcelas=rows)
    records = list(drop[Dataset.PARCELAS])
    written = [SCHEMAS[Dataset.PARCELAS].write(record) for record in records]
    assert judge(parcelas=written) == drop
    random.shuffle(rows)
    assert judge(parcelas=rows) == drop
    if records:
        assert judge_drop(read_drop("parcelas-1.csv", as_csv(Dataset.PARCELAS, records)), {}) == drop


def test_every_dataset_of_the_demo_says_the_same_in_csv() -> None:
    drop = judge_drop(read_drop(DEMO.name, DEMO.read_bytes()), {})
    for dataset, records in drop.items():
        again = judge_drop(read_drop(f"{dataset}-demo.csv", as_csv(dataset, list(records))), {})
        assert again == {dataset: records}


@settings(max_examples=150, deadline=timedelta(seconds=2))
@given(st.binary(max_size=300), st.sampled_from(["a.json", "pessoas-1.csv", "calendario-.csv"]))
def test_any_bytes_are_taken_or_refused_with_errors(noise: bytes, name: str) -> None:
    read = read_drop(name, noise)
    if read.errors:
        with pytest.raises(DropRefused):
            judge_drop(read, {})
    else:
        assert judge_drop(read, {})


def test_relations_are_told_apart() -> None:
    row = representation(representante=AURORA, papel="REPRESENTACAO_OPERACIONAL_TOTAL")
    (record,) = judge(representacoes=[row])[Dataset.REPRESENTACOES]
    assert record == Representation(
        Cnpj(AURORA), Cnpj(BOLT), CompanyRelation.REPRESENTACAO_OPERACIONAL_TOTAL, Validity(date(2026, 1, 1))
    )
