import pytest

from aval.identifiers import Cnpj, Cpf
from aval.prudential.refusals import CompanyForbidden
from aval.prudential.standing import Standing
from tests.support.contract_api import STRANGER, directory
from tests.support.contracts import NOW
from tests.support.registry import ANA, AURORA, BOLT, BRUNO

STANDING = Standing(directory())
UNKNOWN = Cnpj.parse("11222333000181")


def test_a_ccee_representative_acts_for_the_company() -> None:
    STANDING.require_person(Cpf(ANA), Cnpj(BOLT), at=NOW)


@pytest.mark.parametrize(
    ("person", "company"),
    [(BRUNO, BOLT), (STRANGER, BOLT), (ANA, AURORA), (ANA, UNKNOWN), (None, BOLT)],
    ids=["legal representative", "stranger", "another company", "no such company", "unbound login"],
)
def test_nobody_else_acts_for_it(person: str | None, company: str) -> None:
    with pytest.raises(CompanyForbidden):
        STANDING.require_person(Cpf(person) if person else None, Cnpj(company), at=NOW)


def test_a_system_acts_for_its_own_company_alone() -> None:
    STANDING.require_system(Cnpj(BOLT), Cnpj(BOLT))
    for system, company in ((BOLT, AURORA), (None, BOLT), (UNKNOWN, UNKNOWN)):
        with pytest.raises(CompanyForbidden):
            STANDING.require_system(Cnpj(system) if system else None, Cnpj(company))
