import json
from dataclasses import replace

import pytest
from asn1crypto import pem
from asn1crypto import x509 as asn1

from aval.attestation.roots import AWS_ROOT
from enclave_app.enclave.addresses import UnixAddress, VsockAddress
from enclave_app.enclave.configuration import KmsKey, MeasuredConfiguration, Setting
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused
from tests.support.measured import ARN, configuration, fingerprint_of

OTHER_ARN = ARN.replace("sa-east-1", "us-east-1")
FOR_AWS = configuration(
    setting=Setting.AWS,
    root=AWS_ROOT,
    kms_keys=(
        KmsKey(ARN, "kms.sa-east-1.amazonaws.com"),
        KmsKey(OTHER_ARN, "kms.us-east-1.amazonaws.com"),
    ),
    nsm=None,
    listener=VsockAddress(0xFFFFFFFF, 5000),
    relay=VsockAddress(3, 8000),
)


def reason_of(data: bytes) -> EnclaveReason:
    with pytest.raises(EnclaveRefused) as caught:
        MeasuredConfiguration.parse(data)
    return caught.value.reason


def altered(**changes: object) -> bytes:
    return json.dumps({**json.loads(configuration().to_bytes()), **changes}).encode()


def root_of_serial_zero() -> str:
    """A root of ours whose serial number was overwritten; nobody looks at a root's own signature."""
    certificate = asn1.Certificate.load(
        pem.unarmor(json.loads(configuration().to_bytes())["raizesTls"].encode())[2]
    )
    certificate["tbs_certificate"]["serial_number"] = 0
    return str(pem.armor("CERTIFICATE", certificate.dump(force=True)), "ascii")


@pytest.mark.parametrize("whole", [configuration(), FOR_AWS], ids=["a desk", "AWS"])
def test_a_configuration_reads_back_as_it_was_written(whole: MeasuredConfiguration) -> None:
    assert MeasuredConfiguration.parse(whole.to_bytes()) == whole


def test_only_the_root_of_aws_stands_for_hardware() -> None:
    assert FOR_AWS.is_hardware
    assert not configuration().is_hardware


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"root": fingerprint_of("another")}, EnclaveReason.CONFIGURATION_ROOT),
        ({"nsm": UnixAddress("/run/nsm.sock")}, EnclaveReason.CONFIGURATION_DEVICE),
        ({"listener": UnixAddress("/run/enclave.sock")}, EnclaveReason.CONFIGURATION_DEVICE),
        ({"relay": UnixAddress("/run/relay.sock")}, EnclaveReason.CONFIGURATION_DEVICE),
        ({"kms_keys": (KmsKey(ARN, "kms.us-east-1.amazonaws.com"),)}, EnclaveReason.CONFIGURATION_KMS),
        ({"kms_keys": (KmsKey(ARN, "kms.example.org"),)}, EnclaveReason.CONFIGURATION_KMS),
        ({"kms_keys": (KmsKey(ARN, "kms.sa-east-1.amazonaws.com", 8443),)}, EnclaveReason.CONFIGURATION_KMS),
    ],
    ids=["another root", "a simulated module", "a listener", "a relay", "a region", "a host", "a port"],
)
def test_a_configuration_for_aws_refuses_what_a_desk_has(
    change: dict[str, object], reason: EnclaveReason
) -> None:
    assert reason_of(replace(FOR_AWS, **change).to_bytes()) is reason  # type: ignore[arg-type]


def test_a_configuration_of_a_desk_refuses_what_aws_has() -> None:
    assert reason_of(configuration(root=AWS_ROOT).to_bytes()) is EnclaveReason.CONFIGURATION_ROOT
    assert reason_of(configuration(nsm=None).to_bytes()) is EnclaveReason.CONFIGURATION_DEVICE


@pytest.mark.parametrize(
    "change",
    [
        {"ambiente": "TESTE"},
        {"raiz": "641a"},
        {"chaves": []},
        {"chaves": "chave"},
        {"chaves": [{"arn": ARN, "host": "kms.example.org"}]},
        {"chaves": [{"arn": ARN, "host": "kms.example.org", "porta": "443"}]},
        {"chaves": [{"arn": ARN, "host": "kms.example.org", "porta": True}]},
        {"chaves": [{"arn": ARN, "host": "kms.example.org", "porta": 0}]},
        {"chaves": [{"arn": ARN, "host": "kms.example.org/x", "porta": 443}]},
        {"chaves": [{"arn": ARN.replace("key/", "alias/"), "host": "kms.example.org", "porta": 443}]},
        {"chaves": [{"arn": "*", "host": "kms.example.org", "porta": 443}]},
        {"chaves": [{"arn": ARN, "host": "kms.example.org", "porta": 443}] * 2},
        {"raizesTls": ""},
        {"raizesTls": None},
        {"raizesIcp": "-----BEGIN CERTIFICATE-----"},
        pytest.param({"raizesIcp": root_of_serial_zero()}, id="a serial of zero"),
        {"nsm": "/dev/null"},
        {"nsm": "vsock:3:1"},
        {"escuta": "tcp:0.0.0.0:80"},
        {"rele": "unix:relative"},
        {"assinante": "00"},
        {"assinante": "F" * 96},
        {"depurar": True},
    ],
    ids=str,
)
def test_refuses_a_configuration_that_is_not_whole(change: dict[str, object]) -> None:
    assert reason_of(altered(**change)) is EnclaveReason.CONFIGURATION_MALFORMED


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"raiz":1,"raiz":2}', b" " * (1 << 20 | 1)])
def test_refuses_what_is_no_configuration(data: bytes) -> None:
    assert reason_of(data) is EnclaveReason.CONFIGURATION_MALFORMED


@pytest.mark.parametrize("name", json.loads(configuration().to_bytes()))
def test_refuses_a_configuration_that_leaves_something_out(name: str) -> None:
    told = json.loads(configuration().to_bytes())
    del told[name]
    assert reason_of(json.dumps(told).encode()) is EnclaveReason.CONFIGURATION_MALFORMED


def test_the_parent_may_choose_among_the_measured_keys() -> None:
    assert FOR_AWS.kms_key().region == "sa-east-1"
    assert FOR_AWS.kms_key(OTHER_ARN).region == "us-east-1"


@pytest.mark.parametrize("arn", [ARN + "0", ARN.upper(), "", "*"])
def test_refuses_another_key_offered_by_the_parent(arn: str) -> None:
    with pytest.raises(EnclaveRefused) as caught:
        FOR_AWS.kms_key(arn)
    assert caught.value.reason is EnclaveReason.KEY_NOT_MEASURED
