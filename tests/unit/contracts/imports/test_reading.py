import io

import pytest

from aval.contracts.imports.reading import read
from aval.contracts.imports.rows import (
    Adjustment,
    Closing,
    Closure,
    Demand,
    Registration,
    Row,
    TermsChange,
    Unreadable,
    Validation,
)
from aval.contracts.model import (
    ContractCode,
    ContractKind,
    ModulationKind,
    ParcelCode,
    ProfileCode,
    local_hour,
)
from aval.registry.model import Submarket
from tests.support.contracts import BUYER, SELLER, YEAR, amount_xml, contract_xml, energy, file_xml, terms

SAMPLE = (
    '<?xml version="1.0" encoding="ISO-8859-1"?><ContratosCCEAL tipoGeracao="1" tipoCCEAL="1">'
    '<Contrato sequencialControle="1" dataDeInicio="01/01/2026 00" dataDeFim="01/01/2027 00"'
    f' idComprador="{BUYER}" idVendedor="{SELLER}" idSubMerEntrega="3"/></ContratosCCEAL>'
)


def rows_of(text: str) -> list[Row]:
    return list(read(io.BytesIO(text.encode()))[1])


def row_of(row: str, *, generation: int = 4, root: str = "ContratosCCEAL", cceal_type: int | None = 1) -> Row:
    (found,) = rows_of(file_xml([row], generation=generation, root=root, cceal_type=cceal_type))
    return found


def demand_of(row: str, generation: int = 4, root: str = "ContratosCCEAL") -> Demand:
    found = row_of(row, generation=generation, root=root)
    assert found.remarks == ()
    return found.demand


def faults_of(row: Row) -> dict[str, str]:
    assert isinstance(row.demand, Unreadable), row
    return {fault.pointer: fault.detail for fault in row.demand.faults}


def test_a_registration_by_period() -> None:
    assert row_of(contract_xml(sequence=7)) == Row(
        1, "7", Registration(ContractKind.CCEAL, terms(), (energy(),))
    )


def test_terms_alone_are_a_draft() -> None:
    (row,) = rows_of(SAMPLE)
    assert row.demand == Registration(
        ContractKind.CCEAL, terms(delivery_submarket=Submarket.NE), (), is_draft=True
    )


def test_every_term_is_read() -> None:
    row = contract_xml(
        idSubMerOrigem=2,
        referencia="A-1",
        observacao="sazonalizado &amp; flat",
        dirAlivExp=1,
        partVerLastro="e",
        contratoCessao="X",
        idContratoCessao=55,
        tipoGravacao="R",
    )
    assert demand_of(row) == Registration(
        ContractKind.CCEAL,
        terms(
            origin_submarket=Submarket.S,
            reference="A-1",
            remark="sazonalizado & flat",
            relieves_exposure=True,
            ballast="E",
            assigned_from=ContractCode(55),
        ),
        (energy(),),
        is_draft=True,
    )


@pytest.mark.parametrize("other", ["NUMEROCONTRATO", "númeroContrato", "x:numeroContrato"])
def test_two_spellings_of_an_attribute_may_not_disagree(other: str) -> None:
    spelt = '<Contrato xmlns:x="u" numeroContrato="123" {}="{}" cancelarContrato="X"/>'
    assert (
        "duas vezes" in faults_of(row_of(spelt.format(other, 124), generation=25))["Contrato/numeroContrato"]
    )
    assert demand_of(spelt.format(other, 123), generation=25) == Closure(ContractCode(123), Closing.CANCEL)


def test_names_are_read_with_accents_in_any_case_and_in_any_namespace() -> None:
    plain = contract_xml()
    spelled = (
        plain.replace("MontanteMedio ", "MontanteMédio ")
        .replace("/MontanteMedio>", "/MontanteMédio>")
        .replace("MontanteMedioContrato", "n:MontanteMédioContrato")
        .replace("tipoGravacao", "tipoGravação")
        .replace("idComprador", "IDCOMPRADOR")
        .replace("<Contrato ", '<n:Contrato xmlns:n="urn:n" ')
        .replace("</Contrato>", "</n:Contrato>")
    )
    assert row_of(spelled) == row_of(plain)


def test_blank_attributes_are_as_good_as_none() -> None:
    assert row_of(contract_xml(referencia="", cancelarContrato=" ", idContratoCessao="")) == row_of(
        contract_xml()
    )


def test_comments_and_text_between_elements_mean_nothing() -> None:
    text = file_xml(["<!-- a -->", contract_xml(), "text", "<?pi a?>"])
    assert rows_of(text) == rows_of(file_xml([contract_xml()]))


@pytest.mark.parametrize("letter", ["G", "C"])
def test_modulation_by_parcel_names_its_parcels(letter: str) -> None:
    parcels = (
        '<AtivoAssociadoModulacao idAtivoAssociadoModulacao="7001"/>'
        '<AtivoAssociadoModulacao idAtivoAssociadoModulacao="7002" excluirAtivoAssociadoModulacao="X"/>'
        '<AtivoAssociadoModulacao idAtivoAssociadoModulacao=""/>'
        '<AtivoAssociadoModulacao idAtivoAssociadoModulacao="7001"/></MontanteMedio>'
    )
    row = contract_xml(amounts=amount_xml(modulation=letter).replace("</MontanteMedio>", parcels))
    (found,) = demand_of(row).energies  # type: ignore[union-attr]
    assert found == energy(modulation=ModulationKind(letter), parcels=(ParcelCode(7001),))


def test_a_modulation_by_parcel_without_one_is_refused() -> None:
    faults = faults_of(row_of(contract_xml(amounts=amount_xml(modulation="G"))))
    assert "idAtivoAssociadoModulacao" in faults["MontanteMedio[1]/AtivoAssociadoModulacao"]


def test_every_fault_of_a_row_is_told_at_once() -> None:
    row = contract_xml(
        idComprador="abc",
        idVendedor=None,
        idSubMerEntrega="5",
        dataDeFim="31/02/2026 23",
        dirAlivExp="1",
        amounts=amount_xml(average="-1", modulation="Z"),
    )
    assert set(faults_of(row_of(row))) == {
        "Contrato/idComprador",
        "Contrato/idVendedor",
        "Contrato/idSubMerEntrega",
        "Contrato/dataDeFim",
        "Contrato/idSubMerOrigem",
        "MontanteMedio[1]/montanteMedio",
        "MontanteMedio[1]/tipoModulacao",
    }


def test_an_unknown_attribute_or_element_is_remarked_on_and_nothing_is_lost() -> None:
    row = row_of(contract_xml(novidade="1", amounts=amount_xml() + "<Novo/>"))
    assert row.demand == row_of(contract_xml()).demand
    assert row.remarks == (
        "o atributo novidade de Contrato não é conhecido e foi ignorado",
        "o elemento Novo de Contrato não é conhecido e foi ignorado",
    )


def test_a_seller_that_marks_its_own_amount_validated_is_told_who_does_that() -> None:
    row = row_of(contract_xml(amounts=amount_xml(validarMontante="X")))
    assert isinstance(row.demand, Registration)
    assert "quem valida é o comprador" in row.remarks[0]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (contract_xml(tipoGravacao="C", amounts=""), "montantes"),
        (contract_xml(dataDeFim="31/12/2025 23"), "depois do início"),
        (contract_xml(contratoCessao="X"), "idContratoCessao"),
        (contract_xml(tipoCBR="1"), "ContratosCBR"),
        (contract_xml(validarFinalizacao="X"), "contrato a validar"),
        (contract_xml(numeroContrato=1, cancelarContrato="X"), "uma coisa só"),
        (
            '<Contrato numeroContrato="1" cancelarContrato="X" dataFinalizacao="01/02/2026 00"/>',
            "uma coisa só",
        ),
        ('<Contrato numeroContrato="1"/>', "não pede nada"),
        (
            '<Contrato numeroContrato="1"><MontanteMedio vigenciaDeInicio="01/01/2026 00"/></Contrato>',
            "validar",
        ),
        (
            '<Contrato numeroContrato="1"><MontanteMedio validarMontante="X"/></Contrato>',
            "início do montante",
        ),
        ("<Outro/>", "elemento Contrato"),
        (contract_xml(amounts=amount_xml().replace("CCEALFirme", "CCEALFlexivel")), "não é aceito"),
    ],
)
def test_a_row_whose_parts_do_not_fit_is_refused_with_what_to_do(text: str, part: str) -> None:
    (row,) = rows_of(f"<ContratosCCEAL>{text}</ContratosCCEAL>")
    assert part in " ".join(faults_of(row).values())


VALIDATION = (
    '<Contrato sequencialControle="1" numeroContrato="123">'
    '<MontanteMedio vigenciaDeInicio="01/01/2026 00" validarMontante="X"/>'
    '<MontanteMedio dataDeInicio="01/02/2026 00" dataDeFim="28/02/2026 23" validarMontante="x"/></Contrato>'
)
EDIT = f'<Contrato numeroContrato="123" tipoGravacao="C">{amount_xml()}</Contrato>'


@pytest.mark.parametrize(
    ("root", "generation"), [("ContratosCCEAL", 24), ("ContratosCBR", 24), ("ContratosCBR", 9)]
)
def test_a_validation_names_amounts_by_their_beginning(root: str, generation: int) -> None:
    begins = (local_hour(2026, 1, 1), local_hour(2026, 2, 1))
    assert demand_of(VALIDATION, generation, root) == Validation(ContractCode(123), begins)


def test_a_validation_may_name_a_week_or_a_month_of_an_amount() -> None:
    row = (
        '<Contrato numeroContrato="1">'
        '<MontanteMedio vigenciaDeInicio="01/01/2026 00" vigenciaDeFim="31/01/2026 23">'
        '<semana semana="2" validarMontante="X"/></MontanteMedio>'
        '<MontanteMedio><MesAno mesAno="03/2026" validarMontante="X"/></MontanteMedio></Contrato>'
    )
    expected = (local_hour(2026, 1, 3), local_hour(2026, 3, 1))
    assert demand_of(row, 24) == Validation(ContractCode(1), expected)


@pytest.mark.parametrize(
    ("root", "generation"), [("ContratosCCEAL", 15), ("ContratosCBR", 9), ("ContratosCBR", 17)]
)
def test_an_edit_names_its_contract(root: str, generation: int) -> None:
    assert demand_of(EDIT, generation, root) == Adjustment(ContractCode(123), (energy(),))


def test_an_edit_without_the_mark_of_completion_leaves_a_draft_a_draft() -> None:
    row = f'<Contrato numeroContrato="1" referencia="B" idComprador="9">{amount_xml()}</Contrato>'
    change = TermsChange(buyer=ProfileCode(9), reference="B")
    assert demand_of(row, 15) == Adjustment(ContractCode(1), (energy(),), change, completes=False)


def test_an_edit_of_the_seller_is_remarked_on() -> None:
    row = row_of(EDIT.replace("<Contrato ", '<Contrato idVendedor="5" '), generation=15)
    assert row.demand == demand_of(EDIT, 15)
    assert "idVendedor" in row.remarks[0]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('dataFinalizacao="30/06/2026 23"', Closure(ContractCode(1), Closing.FINISH, local_hour(2026, 7, 1))),
        ('validarFinalizacao="X"', Closure(ContractCode(1), Closing.VALIDATE_FINISH)),
        (
            'dataFinalizacao="01/07/2026 00" validarFinalizacao="X" cancelarContrato=""',
            Closure(ContractCode(1), Closing.VALIDATE_FINISH, local_hour(2026, 7, 1)),
        ),
        ('cancelarContrato="X"', Closure(ContractCode(1), Closing.CANCEL)),
        ('validarCancelamento="X"', Closure(ContractCode(1), Closing.VALIDATE_CANCELLATION)),
        ('retirarPedido="X" dataFinalizacao=""', Closure(ContractCode(1), Closing.WITHDRAW)),
    ],
)
@pytest.mark.parametrize(
    ("root", "generation"), [("ContratosCCEAL", 25), ("ContratosCBR", 12), ("ContratosCBR", 13)]
)
def test_an_end_is_asked_for_or_agreed_to(
    attributes: str, expected: Closure, root: str, generation: int
) -> None:
    assert demand_of(f'<Contrato numeroContrato="1" {attributes}/>', generation, root) == expected


@pytest.mark.parametrize(
    ("row", "generation", "root"),
    [
        (contract_xml(), 24, "ContratosCCEAL"),
        (contract_xml(), 13, "ContratosCCEAL"),
        (VALIDATION, 15, "ContratosCCEAL"),
        (VALIDATION, 12, "ContratosCBR"),
        (EDIT, 4, "ContratosCCEAL"),
        (EDIT, 6, "ContratosCBR"),
        ('<Contrato numeroContrato="1" cancelarContrato="X"/>', 24, "ContratosCCEAL"),
        ('<Contrato numeroContrato="1" cancelarContrato="X"/>', 11, "ContratosCBR"),
    ],
)
def test_a_row_whose_shape_contradicts_the_files_act_is_refused(row: str, generation: int, root: str) -> None:
    (detail,) = faults_of(row_of(row, generation=generation, root=root)).values()
    assert f"tipoGeracao={generation}" in detail


def test_the_shape_alone_decides_where_the_file_names_no_act() -> None:
    rows = rows_of(f"<ContratosCCEAL>{contract_xml()}{VALIDATION}{EDIT}</ContratosCCEAL>")
    assert [type(row.demand) for row in rows] == [Registration, Validation, Adjustment]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_flexible_contracts_are_refused_row_by_row(number: int) -> None:
    (detail,) = faults_of(row_of(contract_xml(), cceal_type=number)).values()
    assert f"tipo {number} não é aceito por este serviço" in detail


@pytest.mark.parametrize(
    "root", ["ContratosCCEARQ", "ContratosLeilaoAjuste", "ContratosProinfa", "ReducaoContratual"]
)
def test_regulated_contracts_are_refused_row_by_row(root: str) -> None:
    row = '<Contrato sequencialControle="4"><Ano ano="2026"/></Contrato>'
    rows = rows_of(file_xml([row, row], generation=20, root=root, cceal_type=None))
    assert [(row.number, row.sequence) for row in rows] == [(1, "4"), (2, "4")]
    assert [faults_of(row) for row in rows] == [
        {"Contrato": f"linhas de {root} não são aceitas por este serviço"}
    ] * 2


def test_a_cbr_has_its_own_terms_and_elements() -> None:
    amounts = '<AtivoAssociadoLastro idAtivoAssociadoLastro="7001"/>' + amount_xml().replace(
        "CCEALFirme", "CBR"
    )
    row = contract_xml(tipoCBR=3, amounts=amounts)
    assert demand_of(row, root="ContratosCBR") == Registration(
        ContractKind.CBR,
        terms(cceal_type=None, cbr_type=3, ballast_parcels=(ParcelCode(7001),)),
        (energy(),),
    )


def test_a_cbr_has_none_of_a_cceals_terms() -> None:
    row = row_of(contract_xml(partVerLastro="G", idSubMerOrigem=1), root="ContratosCBR")
    assert set(faults_of(row)) == {"Contrato/partVerLastro", "Contrato/idSubMerOrigem"}


def test_a_long_list_of_faults_ends_with_how_many_more() -> None:
    row = row_of(contract_xml(amounts=amount_xml(average="x") * 25))
    assert isinstance(row.demand, Unreadable)
    assert len(row.demand.faults) == 21
    assert "mais 5 falhas" in row.demand.faults[-1].detail


def test_a_stretch_without_dates_is_the_whole_contract() -> None:
    row = contract_xml(amounts=amount_xml(dataDeInicio=None, dataDeFim=None))
    assert demand_of(row).energies == (energy(YEAR),)  # type: ignore[union-attr]


@pytest.mark.parametrize(("count", "is_taken"), [(3_000, True), (3_001, False)])
def test_a_row_has_a_limited_number_of_stretches(*, count: int, is_taken: bool) -> None:
    row = row_of(contract_xml(amounts=amount_xml() * count))
    if is_taken:
        assert isinstance(row.demand, Registration)
    else:
        assert "divida-a" in faults_of(row)["Contrato"]


@pytest.mark.parametrize(("count", "is_taken"), [(100, True), (101, False)])
def test_a_stretch_has_a_limited_number_of_parcels(*, count: int, is_taken: bool) -> None:
    parcels = "".join(
        f'<AtivoAssociadoModulacao idAtivoAssociadoModulacao="{7001 + one}"/>' for one in range(count)
    )
    row = row_of(
        contract_xml(
            amounts=amount_xml(modulation="G").replace("</MontanteMedio>", f"{parcels}</MontanteMedio>")
        )
    )
    if is_taken:
        assert isinstance(row.demand, Registration)
    else:
        assert "100 parcelas" in faults_of(row)["MontanteMedio[1]"]


@pytest.mark.parametrize(
    "inside",
    [
        '<AtivoAssociadoModulacao idAtivoAssociadoModulacao="7001"/>',
        '<AtivoAssociadoLastro idAtivoAssociadoLastro="7001"/>',
        '<MesAno mesAno="01/2026"/>',
        '<Semana semana="1"/>',
        "<Novo{}/>",
        '<a b{}="1"/>',
        '<MontanteMedio dataDeInicio="01/01/2026 00"/>',
    ],
)
@pytest.mark.timeout(20)
def test_a_row_full_of_one_thing_takes_no_more_time_than_it_is_long(inside: str) -> None:
    parts = "".join(inside.replace("{}", str(number)) for number in range(60_000))
    for amounts in (parts, amount_xml().replace("</MontanteMedio>", f"{parts}</MontanteMedio>")):
        row = row_of(contract_xml(amounts=amounts))
        assert len(row.remarks) <= 20
        if isinstance(row.demand, Unreadable):
            assert len(row.demand.faults) <= 21
