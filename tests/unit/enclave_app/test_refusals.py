from pathlib import Path

import pytest

from aval.sealing.refusals import SealReason
from enclave_app.enclave.refusals import EnclaveReason

PAGE = Path(__file__).parents[3] / "docs/keys.md"


@pytest.mark.parametrize("reason", EnclaveReason, ids=str)
def test_every_code_is_told_on_the_page(reason: EnclaveReason) -> None:
    assert f"`{reason.value}`" in PAGE.read_text(encoding="utf-8")


def test_a_code_names_one_rule_only() -> None:
    codes = [reason.value for reason in (*EnclaveReason, *SealReason)]
    assert len(codes) == len(set(codes))
