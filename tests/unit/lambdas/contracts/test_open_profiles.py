from typing import Any

import pytest

from tests.support.contract_api import STRANGER, ContractApi
from tests.support.registry import AURORA, BOLT, BRUNO

PATH = "/contratos/perfis"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> ContractApi:
    return ContractApi(monkeypatch)


def listed(*, may_act: bool) -> dict[str, Any]:
    owner = {"codigo": 1001, "cnpj": BOLT, "sigla": "BOLT OPERACOES", "nomeEmpresarial": "BOLT ENERGY"}
    own = {"codigo": 10010, "sigla": "BOLT OPERACOES", "participanteMercado": owner, "podeAgir": may_act}
    return {"perfis": [own], "proxima": None}


def test_a_representative_is_told_her_profiles_and_that_she_may_act(api: ContractApi) -> None:
    answer = api.as_person("list_open_profiles", "GET", PATH)
    assert (answer.status, answer.document) == (200, listed(may_act=True))


def test_who_may_only_look_is_told_so(api: ContractApi) -> None:
    answer = api.as_person("list_open_profiles", "GET", PATH, cpf=BRUNO)
    assert (answer.status, answer.document) == (200, listed(may_act=False))


def test_a_stranger_has_no_profiles(api: ContractApi) -> None:
    for cpf in (STRANGER, ""):
        answer = api.as_person("list_open_profiles", "GET", PATH, cpf=cpf)
        assert (answer.status, answer.document) == (200, {"perfis": [], "proxima": None})


def test_a_system_acts_by_its_own(api: ContractApi) -> None:
    assert api.as_system("list_open_profiles", "GET", PATH).document == listed(may_act=True)
    (own,) = api.as_system("list_open_profiles", "GET", PATH, cnpj=AURORA).document["perfis"]
    assert (own["codigo"], own["participanteMercado"]["cnpj"], own["podeAgir"]) == (10020, AURORA, True)


def test_no_bus_is_asked(api: ContractApi) -> None:
    api.as_person("list_open_profiles", "GET", PATH)
    assert api.asked == []


def test_pages_follow_the_codes(api: ContractApi) -> None:
    after = api.as_person("list_open_profiles", "GET", PATH, query={"cursor": "10010", "limite": "1"})
    assert after.document == {"perfis": [], "proxima": None}
    wrong = api.as_person("list_open_profiles", "GET", PATH, query={"cursor": "x"})
    assert wrong.problem == (422, "cursor-ilegivel")
