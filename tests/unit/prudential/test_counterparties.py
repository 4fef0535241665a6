import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from aval.errors import FaultsFound
from aval.identifiers import Cnpj, EventCode
from aval.prudential import counterparties
from aval.prudential.counterparties import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    MOST_COUNTERPARTIES,
    MOST_MITIGATORS,
    Counterparty,
    Mitigator,
    MitigatorKind,
    read_counterparties,
    read_many,
)
from aval.prudential.json_agents import MOST_AGENTS
from aval.prudential.refusals import DocumentUnreadable
from tests.support.portfolio_files import ABSENT, COMPANY, EVENT, OTHER_COMPANY, as_file, changed, refused

SCHEMA = Draft202012Validator(json.loads(counterparties.schema()))
FIRST = "/contrapartes/0"
MITIGATOR = f"{FIRST}/mitigadores/0"


def example() -> Any:
    return json.loads(counterparties.example())


def read(pointer: str = "/evento", value: object = EVENT) -> Any:
    return read_counterparties(as_file(changed(example(), pointer, value)))


def agent(company: str = COMPANY) -> dict[str, Any]:
    return {"cnpj": company, "contrapartes": example()["contrapartes"]}


def test_the_published_schema_is_one_of_2020_12() -> None:
    Draft202012Validator.check_schema(SCHEMA.schema)
    assert SCHEMA.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_published_example_holds_to_the_schema_and_reads() -> None:
    SCHEMA.validate(example())
    told = read_counterparties(counterparties.example(), event=EventCode(EVENT))
    assert (told.event, told.company) == (EVENT, COMPANY)
    first, second, third = told.listed
    assert (first.name, first.mtm) == ("COMERC EXEMPLO", Decimal(10000000))
    assert [one.kind for one in first.mitigators] == [
        MitigatorKind.FIANCA_BANCARIA,
        MitigatorKind.CAUCAO,
    ]
    assert (second.mtm, third.mitigators) == (Decimal("-7250000.5"), ())


def test_schema_and_reader_have_the_same_limits_and_kinds() -> None:
    named = SCHEMA.schema["$defs"]
    assert named["mitigador"]["properties"]["tipo"]["enum"] == [one.value for one in MitigatorKind]
    assert (
        named["contrapartes"]["maxItems"] == len(named["contrapartes"]["prefixItems"]) == MOST_COUNTERPARTIES
    )
    assert named["contraparte"]["properties"]["mitigadores"]["maxItems"] == MOST_MITIGATORS
    assert named["contraparte"]["properties"]["sigla"]["maxLength"] == LONGEST_NAME
    assert named["mitigador"]["properties"]["descricao"]["maxLength"] == LONGEST_DESCRIPTION
    assert named["lote"]["properties"]["agentes"]["maxItems"] == MOST_AGENTS


def test_no_object_of_the_schema_takes_another_member_and_all_members_are_required() -> None:
    def objects(node: object) -> list[dict[str, Any]]:
        below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        own = [node] if isinstance(node, dict) and node.get("type") == "object" else []
        return own + [found for one in below for found in objects(one)]

    assert len(objects(SCHEMA.schema)) == 5
    for one in objects(SCHEMA.schema):
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])


@pytest.mark.parametrize(
    ("pointer", "value", "at", "rule"),
    [
        ("/evento", "2023", "/evento", "evento"),
        ("/outro", 1, "", "desconhecido"),
        ("/contrapartes", {}, "/contrapartes", "tipo"),
        ("/contrapartes", [None] * 6, "/contrapartes", "quantidade"),
        (f"{FIRST}/ordem", 2, f"{FIRST}/ordem", "tipo"),
        (f"{FIRST}/ordem", "1", f"{FIRST}/ordem", "tipo"),
        (f"{FIRST}/cnpj", "11 222 333 0001 81", f"{FIRST}/cnpj", "cnpj"),
        (f"{FIRST}/sigla", "", f"{FIRST}/sigla", "texto"),
        (f"{FIRST}/sigla", "A" * 61, f"{FIRST}/sigla", "texto"),
        (f"{FIRST}/mtm", 10000000, f"{FIRST}/mtm", "numero"),
        (f"{FIRST}/mtm", "1e7", f"{FIRST}/mtm", "numero"),
        (f"{FIRST}/mitigadores", ABSENT, f"{FIRST}/mitigadores", "obrigatorio"),
        (f"{MITIGATOR}/tipo", "AVAL", f"{MITIGATOR}/tipo", "tipo"),
        (f"{MITIGATOR}/descricao", "D" * 501, f"{MITIGATOR}/descricao", "texto"),
        (f"{MITIGATOR}/prazo", "2023-12-31", MITIGATOR, "desconhecido"),
        (f"{MITIGATOR}/valor", "-0.01", f"{MITIGATOR}/valor", "nao-negativo"),
    ],
)
def test_refuses_with_place_and_rule_what_the_schema_refuses(
    pointer: str, value: object, at: str, rule: str
) -> None:
    assert not SCHEMA.is_valid(changed(example(), pointer, value))
    with refused((at, rule)):
        read(pointer, value)


@pytest.mark.parametrize(
    ("pointer", "value", "at", "rule"),
    [
        ("/cnpj", "33047509000148", "/cnpj", "cnpj"),
        ("/cnpj", "11.222.333/0001-81", f"{FIRST}/cnpj", "propria"),
        (f"{FIRST}/sigla", "A\tB", f"{FIRST}/sigla", "texto"),
        ("/contrapartes/2/cnpj", "11.222.333/0001-81", "/contrapartes/2/cnpj", "repetido"),
        ("/contrapartes/2/mtm", "7250000.51", "/contrapartes/2/mtm", "ordem"),
        (
            "/contrapartes/1/mitigadores/0/valor",
            "1",
            "/contrapartes/1/mitigadores/0/valor",
            "nenhum-mitigador",
        ),
    ],
)
def test_refuses_what_only_arithmetic_can_tell(pointer: str, value: object, at: str, rule: str) -> None:
    assert SCHEMA.is_valid(changed(example(), pointer, value))
    with refused((at, rule)):
        read(pointer, value)


@pytest.mark.parametrize("mtm", ["7250000.50", "-7250000.5", "0"])
def test_equal_amounts_of_either_sign_are_in_order(mtm: str) -> None:
    assert read("/contrapartes/2/mtm", mtm).listed[2].mtm == Decimal(mtm)


def test_an_amount_that_cannot_be_read_puts_no_other_out_of_order() -> None:
    with refused(("/contrapartes/1/mtm", "numero")):
        read("/contrapartes/1/mtm", "?")


def test_takes_five_counterparties_and_none() -> None:
    assert read("/contrapartes", []).listed == ()
    SCHEMA.validate(changed(example(), "/contrapartes", []))
    companies = ("11222333000181", "44555666000181", "00000000000191", "60701190000104", "12ABC34501DE35")
    five = [
        {"ordem": order, "cnpj": company, "sigla": "X", "mtm": "1", "mitigadores": []}
        for order, company in enumerate(companies, start=1)
    ]
    SCHEMA.validate(changed(example(), "/contrapartes", five))
    assert len(read("/contrapartes", five).listed) == 5


def test_exposure_is_what_no_mitigator_covers_and_never_negative() -> None:
    cover = (
        Mitigator(MitigatorKind.CDB, Decimal("6.5"), ""),
        Mitigator(MitigatorKind.CAUCAO, Decimal(1), ""),
    )
    assert Counterparty(Cnpj(COMPANY), "X", Decimal(10), cover).exposure == Decimal("2.5")
    assert Counterparty(Cnpj(COMPANY), "X", Decimal(7), cover).exposure == 0
    assert Counterparty(Cnpj(COMPANY), "X", Decimal(-10), ()).exposure == 0


@pytest.mark.parametrize(("equity", "share"), [("4", "0.625"), ("0.5", "5"), ("0", None), ("-1", None)])
def test_the_share_of_net_equity_is_told_where_there_is_some(equity: str, share: str | None) -> None:
    one = Counterparty(Cnpj(COMPANY), "X", Decimal("2.5"), ())
    assert one.share_of(Decimal(equity)) == (None if share is None else Decimal(share))


def test_of_many_agents_a_wrong_one_is_refused_and_the_others_taken() -> None:
    wrong = changed(agent(OTHER_COMPANY), "/contrapartes/0/mtm", "muito")
    document = {"evento": EVENT, "agentes": [agent(), wrong]}
    read_in = read_many(as_file(document), event=EventCode(EVENT))
    assert read_in.places == ("/agentes/0", "/agentes/1")
    assert read_in.taken == (read(),)
    [refusal] = read_in.refused
    assert (refusal.company, refusal.place) == (OTHER_COMPANY, "/agentes/1")
    assert [fault.pointer for fault in refusal.faults] == ["/agentes/1/contrapartes/0/mtm"]


def test_of_two_entries_of_one_company_neither_counts() -> None:
    read_in = read_many(as_file({"evento": EVENT, "agentes": [agent(), agent()]}))
    assert read_in.taken == ()
    assert [one.faults[0].rule for one in read_in.refused] == ["repetido", "repetido"]


@pytest.mark.parametrize(
    ("document", "at", "rule"),
    [
        ({"evento": "202303002", "agentes": [agent()]}, "/evento", "evento"),
        ({"evento": EVENT, "agentes": []}, "/agentes", "quantidade"),
        ({"evento": EVENT, "agentes": [agent()], "tudoOuNada": True}, "", "desconhecido"),
        ({"agentes": [agent()]}, "/evento", "obrigatorio"),
    ],
)
def test_refuses_the_whole_file_for_what_is_wrong_around_the_agents(
    document: object, at: str, rule: str
) -> None:
    with refused((at, rule)):
        read_many(as_file(document), event=EventCode(EVENT))


def test_what_is_no_json_is_unreadable() -> None:
    for reader in (read_counterparties, read_many):
        with pytest.raises(DocumentUnreadable):
            reader(b"PK\x03\x04")


@given(st.data())
def test_the_schema_refuses_nothing_that_the_reader_takes(data: st.DataObject) -> None:
    target, pointer = example(), ""
    while isinstance(target, dict | list) and target and (not pointer or data.draw(st.integers(0, 4))):
        step = data.draw(st.sampled_from(list(target) if isinstance(target, dict) else range(len(target))))
        target, pointer = target[step], f"{pointer}/{step}"
    value = data.draw(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.from_regex(r"[+-]?[0-9]{1,21}(\.[0-9]{1,13})?", fullmatch=True, alphabet="+-.0123456789")
        | st.sampled_from([[], {}, ABSENT, "-0", "-0.00", *MitigatorKind])
    )
    document = changed(example(), pointer, value)
    try:
        read_counterparties(as_file(document))
    except FaultsFound:
        return
    SCHEMA.validate(document)
