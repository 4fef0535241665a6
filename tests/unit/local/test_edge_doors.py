import pytest

from local.edge.connection import Door, Traffic

WSDL = Door("a", "127.0.0.1", 1, "secret", Traffic.DESCRIPTIONS)
KMS = Door("", "127.0.0.1", 1, "secret", Traffic.KMS)


@pytest.mark.parametrize("target", [b"/ws/v2/ContratoBSv2?wsdl", b"/ws/cntr/ImportarArquivoBSv1?xsd=BO-v1"])
def test_the_door_of_the_wsdls_passes_reading_under_ws(target: bytes) -> None:
    assert WSDL.passes(b"GET", target)


@pytest.mark.parametrize(
    ("method", "target"),
    [(b"POST", b"/ws/v2/ContratoBSv2"), (b"GET", b"/sessao"), (b"HEAD", b"/ws/"), (b"GET", b"/sistema/ws/")],
)
def test_the_door_of_the_wsdls_passes_nothing_else(method: bytes, target: bytes) -> None:
    assert not WSDL.passes(method, target)


def test_other_doors_pass_everything() -> None:
    assert Door("a", "127.0.0.1", 1, "secret").passes(b"POST", b"/sistema/token")


def test_the_door_of_kms_passes_its_calls() -> None:
    assert KMS.passes(b"POST", b"/", b"TrentService.Decrypt")


@pytest.mark.parametrize(
    ("method", "target", "action"),
    [
        (b"POST", b"/", b""),
        (b"POST", b"/", b"DynamoDB_20120810.GetItem"),
        (b"POST", b"/_aval/kms/misbehave", b"TrentService.Decrypt"),
        (b"GET", b"/", b"TrentService.Decrypt"),
    ],
)
def test_the_door_of_kms_passes_nothing_else(method: bytes, target: bytes, action: bytes) -> None:
    assert not KMS.passes(method, target, action)
