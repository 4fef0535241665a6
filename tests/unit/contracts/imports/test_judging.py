"""The whole life of a contract, refusal by refusal; the subjects have their own files beside this one."""

from dataclasses import replace

from aval.contracts.bus import RowResult, RowStatus
from aval.contracts.imports.judging import Needs, needs
from aval.contracts.imports.rows import (
    Adjustment,
    Closing,
    Closure,
    Demand,
    Row,
    TermsChange,
    Unreadable,
    Validation,
)
from aval.contracts.model import (
    AmountSituation,
    ContractAct,
    ContractCode,
    ContractSituation,
    ModulationKind,
    Transition,
    local_hour,
)
from aval.errors import Fault
from tests.support.contracts import BUYER, FEBRUARY, JANUARY, NOW, SELLER, YEAR, energy, registration, terms
from tests.support.import_books import AS_BUYER, AS_SELLER, LOAD, NEW_CODE, PLANT, book, judged


def test_a_contract_lives_from_registration_to_its_end() -> None:
    standing = book()
    acts: list[Transition] = []
    for demand, who in (
        (registration(energy(JANUARY), energy(FEBRUARY)), AS_SELLER),
        (Validation(NEW_CODE, (JANUARY.begins, FEBRUARY.begins)), AS_BUYER),
        (Adjustment(NEW_CODE, (energy(FEBRUARY, "12"),)), AS_SELLER),
        (Validation(NEW_CODE, (FEBRUARY.begins,)), AS_BUYER),
        (Closure(NEW_CODE, Closing.FINISH, FEBRUARY.begins), AS_BUYER),
        (Closure(NEW_CODE, Closing.VALIDATE_FINISH), AS_SELLER),
    ):
        found = judged(demand, standing, who)
        assert found.result.status is RowStatus.DONE, found.result.description
        assert found.change is not None
        acts += found.change.transitions
    both = replace(JANUARY, ends=FEBRUARY.ends)
    assert [(told.act, told.before, told.after, told.period) for told in acts] == [
        (ContractAct.REGISTERED, "", "NAO_VALIDADO", None),
        (ContractAct.AMOUNT_VALIDATED, "INSERIDO_NAO_VALIDADO", "VALIDADO", both),
        (ContractAct.VALIDATED, "NAO_VALIDADO", "VALIDADO", None),
        (ContractAct.AMOUNT_ADJUSTED, "VALIDADO", "AJUSTADO_NAO_VALIDADO", FEBRUARY),
        (ContractAct.UPDATED, "VALIDADO", "NAO_VALIDADO", None),
        (ContractAct.AMOUNT_VALIDATED, "AJUSTADO_NAO_VALIDADO", "VALIDADO", FEBRUARY),
        (ContractAct.VALIDATED, "NAO_VALIDADO", "VALIDADO", None),
        (ContractAct.FINISHED, "VALIDADO", "FINALIZACAO_NAO_VALIDADA", JANUARY),
        (ContractAct.FINISH_VALIDATED, "FINALIZACAO_NAO_VALIDADA", "FINALIZADO", JANUARY),
    ]
    ended = standing.contracts[NEW_CODE]
    assert (ended.situation, ended.version) == (ContractSituation.FINISHED, 6)
    assert [(one.period, one.situation) for one in ended.amounts] == [(JANUARY, AmountSituation.VALIDATED)]
    assert [told.author for told in acts] == [
        *(AS_SELLER.author, AS_BUYER.author, AS_BUYER.author, AS_SELLER.author, AS_SELLER.author),
        *(AS_BUYER.author, AS_BUYER.author, AS_BUYER.author, AS_SELLER.author),
    ]
    assert {told.at for told in acts} == {NOW}


def test_an_unreadable_row_tells_all_of_its_faults_with_their_places() -> None:
    faults = (Fault("formato", "deve ser X", "Contrato/a"), Fault("estrutura", "e mais uma"))
    assert judged(Unreadable(faults), book()).result == RowResult(
        1, "A", RowStatus.REFUSED, "Contrato/a: deve ser X; e mais uma", None
    )


def test_what_was_overlooked_in_reading_turns_success_into_a_warning() -> None:
    result = judged(registration(), book(), remarks=("o atributo x foi ignorado",)).result
    assert (result.status, result.contract) == (RowStatus.WARNED, NEW_CODE)
    assert result.description.endswith("; o atributo x foi ignorado")


def test_a_refused_row_leaves_the_book_as_it_was() -> None:
    standing = book(months=())
    assert judged(registration(), standing).change is None
    assert standing.contracts == {}


def test_what_a_row_needs_is_all_that_it_names() -> None:
    by_plant = energy(modulation=ModulationKind.GENERATION, parcels=(PLANT,))
    made = registration(by_plant, terms=terms(ballast_parcels=(LOAD,), assigned_from=ContractCode(9)))
    nine = frozenset({ContractCode(9)})
    asked: dict[Demand, Needs] = {
        made: Needs(nine, frozenset({SELLER, BUYER}), frozenset({PLANT, LOAD})),
        Adjustment(ContractCode(9), (by_plant,), TermsChange(buyer=BUYER)): Needs(
            nine, frozenset({BUYER}), frozenset({PLANT})
        ),
        Adjustment(ContractCode(9), (energy(),)): Needs(nine),
        Validation(ContractCode(9), (YEAR.begins,)): Needs(nine),
        Closure(ContractCode(9), Closing.FINISH, local_hour(2026, 2, 1)): Needs(nine),
        Unreadable(()): Needs(),
    }
    for demand, expected in asked.items():
        assert needs(Row(1, "", demand)) == expected
