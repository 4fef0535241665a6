from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from aval.contracts.bus import (
    Acting,
    AmountQuery,
    ContractQuery,
    KindFilter,
)
from aval.contracts.model import (
    AmountKind,
    Author,
    ContractCode,
    Market,
    Period,
    ProfileCode,
    Side,
    local_hour,
)
from aval.contracts.refusals import ParametersInvalid, ProfileForbidden
from aval.edge.soap import contract_queries
from aval.edge.soap.namespaces import V1, V2
from tests.support.adhesion import BOLT
from tests.support.soap import request

OWN, OTHER = ProfileCode(10010), ProfileCode(10011)
ACTING = Acting(Author(BOLT, OWN), frozenset({OWN, OTHER}))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
JANUARY = Period(local_hour(2019, 1, 1), local_hour(2019, 2, 1))
MONTH = (
    "<m:periodoReferencia><o:inicio>2019-01-01T00:00:00</o:inicio>"
    "<o:fim>2019-02-01T00:00:00</o:fim></m:periodoReferencia>"
)


def contracts(inner: str) -> ContractQuery:
    return contract_queries.contract_query(request(inner), V2, ACTING)


def amounts(inner: str) -> AmountQuery:
    return contract_queries.amount_query(request(inner), V2)


def refusal(read: Callable[..., Any], *given: Any) -> str:
    with pytest.raises(ParametersInvalid) as refused:
        read(*given)
    return refused.value.detail


def test_contracts_without_filters_are_the_free_ones_of_the_profile_that_asks() -> None:
    assert contracts(MONTH) == ContractQuery(Market.FREE, JANUARY, frozenset({OWN}))


def test_contracts_with_every_filter() -> None:
    query = contracts(
        "<m:ambienteContratacao><o:nome>livre</o:nome></m:ambienteContratacao>"
        f"{MONTH}<m:tipos><o:tipoContrato><o:id>10185</o:id><o:subTipo><o:id>10777</o:id></o:subTipo>"
        "</o:tipoContrato><o:tipoContrato><o:codigo>CBR</o:codigo></o:tipoContrato></m:tipos>"
        "<m:perfis><o:perfil><o:id>10010</o:id></o:perfil><o:perfil><o:id>10011</o:id></o:perfil></m:perfis>"
        "<m:papel>VENDEDOR</m:papel><m:listarMontantesNaoValidados>Sim</m:listarMontantesNaoValidados>"
    )
    assert query == ContractQuery(
        market=Market.FREE,
        period=JANUARY,
        profiles=frozenset({OWN, OTHER}),
        side=Side.SELLER,
        kinds=(KindFilter(10185, "", 10777), KindFilter(type_code="CBR")),
        only_not_validated=True,
    )


def test_empty_filters_and_lone_blanks_are_none() -> None:
    query = contracts(
        f"{MONTH}<m:papel> </m:papel><m:ambienteContratacao/><m:tipos><o:tipoContrato><o:id> </o:id>"
        "<!-- nada --></o:tipoContrato></m:tipos><m:perfis><o:perfil><o:id/></o:perfil></m:perfis>"
        "<m:listarMontantesNaoValidados/><m:desconhecido> </m:desconhecido>"
    )
    assert query == ContractQuery(Market.FREE, JANUARY, frozenset({OWN}))


def test_regulated_contracts_are_public_and_may_be_chosen_by_any_profile() -> None:
    regulated = f"<m:ambienteContratacao><o:nome>REGULADO</o:nome></m:ambienteContratacao>{MONTH}"
    assert contracts(regulated).profiles == frozenset()
    chosen = f"{regulated}<m:perfis><o:perfil><o:id>99</o:id></o:perfil></m:perfis>"
    assert contracts(chosen).profiles == {99}


def test_free_contracts_of_a_foreign_profile_are_refused() -> None:
    with pytest.raises(ProfileForbidden):
        contracts(f"{MONTH}<m:perfis><o:perfil><o:id>99</o:id></o:perfil></m:perfis>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((yes, True) for yes in ("Sim", "sim", "true", "1")),
        *((no, False) for no in ("Não", "Nao", "false", "0", "")),
    ],
)
def test_both_spellings_of_yes_and_no_are_taken(text: str, expected: bool) -> None:
    told = f"<m:listarMontantesNaoValidados>{text}</m:listarMontantesNaoValidados>"
    assert contracts(MONTH + told).only_not_validated is expected
    kind = "<m:tipos><o:tipoMontanteEnergia><o:nome>MONTANTE_MEDIO</o:nome></o:tipoMontanteEnergia></m:tipos>"
    assert amounts(MONTH + kind + told).only_not_validated is expected


@pytest.mark.parametrize(
    ("inner", "sentence"),
    [
        ("", "informe periodoReferencia/inicio e periodoReferencia/fim"),
        ("<m:periodoReferencia><o:inicio>2019-01-01</o:inicio></m:periodoReferencia>", "e pedido/periodo"),
        (MONTH.replace("2019-02", "2019-01"), "posterior"),
        (MONTH.replace("2019-02-01T00:00:00", "01/02/2019"), "deve ser uma data"),
        (MONTH.replace("2019-02-01T00:00:00", "20190201"), "deve ser uma data"),
        (MONTH.replace("2019-02-01T00:00:00", "2019-13-01"), "deve ser uma data"),
        (MONTH.replace("2019-02-01T00:00:00", "9999-12-31"), "entre os anos"),
        (MONTH.replace("2019-01-01T00:00:00", "0001-01-01T00:00:00+14:00"), "entre os anos"),
        (MONTH * 2, "mais de uma vez"),
        (f"{MONTH}<m:papel>AMBOS</m:papel>", "VENDEDOR ou COMPRADOR"),
        (f"{MONTH}<m:papel><o:nome>X</o:nome></m:papel>", "e não outros elementos"),
        (f"{MONTH}<m:perfis>10010</m:perfis>", "deve ter elementos dentro"),
        (f"{MONTH}<m:perfis><o:perfil><o:codigo>1</o:codigo></o:perfil></m:perfis>", "perfil/codigo não é"),
        (f"{MONTH}<m:perfis><o:perfil><o:id>x</o:id></o:perfil></m:perfis>", "perfil/id deve ser um número"),
        (f"{MONTH}<m:perfis><o:perfil><o:id>1</o:id><o:id>2</o:id></o:perfil></m:perfis>", "mais de uma vez"),
        (f"{MONTH}<m:outro>1</m:outro>", "pedido/outro não é um elemento deste pedido"),
        (f'{MONTH}<papel xmlns="urn:x">VENDEDOR</papel>', "papel não é um elemento deste pedido"),
        (f"{MONTH}solto", "texto solto"),
        (f"{MONTH}<m:listarMontantesNaoValidados>talvez</m:listarMontantesNaoValidados>", "Sim ou Não"),
        (f"{MONTH}<m:ambienteContratacao><o:nome>ACL</o:nome></m:ambienteContratacao>", "LIVRE ou REGULADO"),
    ],
)
def test_a_bad_contract_request_is_told_which_field_and_why(inner: str, sentence: str) -> None:
    assert sentence in refusal(contracts, inner)


def test_one_contract_by_id() -> None:
    asked = request(f"<m:contrato><o:id>7</o:id></m:contrato>{MONTH}")
    assert contract_queries.one_contract(asked, V2) == (7, None, JANUARY)
    assert "contrato/id" in refusal(contract_queries.one_contract, request(MONTH), V2)


def test_amounts_of_contracts_by_kind() -> None:
    kind = "<m:tipos><o:tipoMontanteEnergia><o:nome>{}</o:nome></o:tipoMontanteEnergia></m:tipos>"
    one, other = (f"<o:contrato><o:id>{code}</o:id></o:contrato>" for code in (1, 2))
    chosen = f"<m:contratos>{one}{other}</m:contratos>"
    query = amounts(chosen + MONTH + kind.format("MONTANTE_MODULARIZADO"))
    assert query == AmountQuery(
        Market.FREE, AmountKind.MODULATED, JANUARY, frozenset({ContractCode(1), ContractCode(2)})
    )
    assert amounts(MONTH + kind.format("MONTANTE_ENERGIA_ANUAL")).market is Market.REGULATED
    free = "<m:ambienteContratacao><o:nome>LIVRE</o:nome></m:ambienteContratacao>"
    assert "REGULADO" in refusal(amounts, MONTH + kind.format("MONTANTE_ENERGIA_ANUAL") + free)
    assert "MONTANTE_MEDIO" in refusal(amounts, MONTH)
    assert "MONTANTE_MEDIO" in refusal(amounts, MONTH + kind.format("OUTRO"))


def test_an_imported_file_is_its_text_without_the_blanks_around_it() -> None:
    file = '<?xml version="1.0" encoding="ISO-8859-1"?><ContratosCCEAL referência="São"/>'
    inner = f"<m:arquivo>\n  <!-- o arquivo --><![CDATA[{file}]]>\n</m:arquivo>"
    assert contract_queries.imported_text(request(inner, V1), V1) == file


@pytest.mark.parametrize(
    ("inner", "sentence"),
    [
        ("", "informe o arquivo"),
        ("<m:arquivo> </m:arquivo>", "informe o arquivo"),
        ("<m:arquivo><ContratosCCEAL x='1'>1</ContratosCCEAL></m:arquivo>", "e não outros elementos"),
        ("<m:arquivo><![CDATA[<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>]]></m:arquivo>", "DOCTYPE"),
        ("<m:arquivo>&lt;!doctype a></m:arquivo>", "DOCTYPE"),
    ],
)
def test_a_file_that_is_none_is_refused(inner: str, sentence: str) -> None:
    assert sentence in refusal(contract_queries.imported_text, request(inner, V1), V1)


def processing(inner: str) -> int | str:
    whole = request(f"<m:processamento>{inner}</m:processamento>", V1)
    return contract_queries.processing_named(whole, V1)


def test_a_processing_is_named_by_its_code_or_by_its_files_digest() -> None:
    kind = "<o:tipoProcessamento>IMPORTACAO_CONTRATOS</o:tipoProcessamento>"
    assert processing(f"<o:codigoProcessamento>7</o:codigoProcessamento>{kind}") == 7
    assert processing(f"<o:resumoArquivo>{'AB' * 32}</o:resumoArquivo>") == "ab" * 32


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<o:codigoProcessamento>7</o:codigoProcessamento><o:tipoProcessamento>X</o:tipoProcessamento>",
        "<o:resumoArquivo>ab</o:resumoArquivo>",
        f"<o:codigoProcessamento>7</o:codigoProcessamento><o:resumoArquivo>{'a' * 64}</o:resumoArquivo>",
    ],
)
def test_a_processing_that_is_not_named_once_is_refused(inner: str) -> None:
    assert refusal(processing, inner)
