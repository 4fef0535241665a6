from pathlib import Path

import pytest

from aval.sealing.refusals import SealReason
from enclave_app.enclave.refusals import EnclaveReason

DOCS = Path(__file__).parents[3] / "docs"
PAGES = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("keys.md", "sealing.md"))


@pytest.mark.parametrize("reason", [*EnclaveReason, *SealReason], ids=str)
def test_every_code_is_told_on_a_page(reason: EnclaveReason | SealReason) -> None:
    assert f"`{reason.value}`" in PAGES


def test_a_code_names_one_rule_only() -> None:
    codes = [reason.value for reason in (*EnclaveReason, *SealReason)]
    assert len(codes) == len(set(codes))
