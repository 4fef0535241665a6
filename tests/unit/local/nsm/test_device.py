"""The simulated module: the product's code verifies what it attests, and its registers are the hardware's."""

import hashlib
import random
from datetime import timedelta
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.attestation.document import parse_document
from aval.attestation.verification import verify_live, verify_replay
from local.nsm.device import MOST_REQUEST_BYTES, Encoding
from tests.support import nitro
from tests.support.nitro import Module, Wrist

ERROR = "Error"


def extend(module: Module, index: int, data: bytes) -> Any:
    return module.ask({"ExtendPCR": {"index": index, "data": data}})


def test_what_it_attests_is_verified_by_the_code_that_verifies_the_hardware() -> None:
    data = Module().attest(nonce=nitro.NONCE, user_data=b"", public_key=b"k" * 1024)
    told = verify_live(
        data,
        root=nitro.FINGERPRINT,
        measurements=[nitro.MEASUREMENT],
        now=nitro.START,
        nonce=nitro.NONCE,
    )
    assert (told.module_id, told.user_data, told.public_key) == (nitro.MODULE_ID, b"", b"k" * 1024)
    assert dict(told.pcrs) == {index: nitro.MEASURED.get(index, nitro.ZERO) for index in range(16)}


def test_a_document_is_untagged_and_begins_as_the_genuine_ones() -> None:
    for data in (Module().attest(), Module(encoding=Encoding.DEFINITE).attest()):
        assert data.startswith(bytes.fromhex("8444a1013822a059"))


def test_both_encodings_of_the_map_are_given() -> None:
    module = Module()
    first, second = (parse_document(module.attest()).payload for _ in range(2))
    assert {first[0], second[0]} == {0xBF, 0xA9}
    assert first[-1] == 0xFF
    for encoding, head in ((Encoding.DEFINITE, 0xA9), (Encoding.INDEFINITE, 0xBF)):
        one = Module(encoding=encoding)
        assert [parse_document(one.attest()).payload[0] for _ in range(2)] == [head, head]


def test_members_are_in_the_genuine_order_and_absent_ones_are_null() -> None:
    content = cbor2.loads(parse_document(Module().attest()).payload)
    assert list(content) == [
        "module_id",
        "digest",
        "timestamp",
        "pcrs",
        "certificate",
        "cabundle",
        "public_key",
        "user_data",
        "nonce",
    ]
    assert (content["public_key"], content["user_data"], content["nonce"]) == (None, None, None)


def test_the_timestamp_is_the_modules_own() -> None:
    clock = Wrist(nitro.START + timedelta(hours=5, milliseconds=7))
    document = verify_replay(Module(clock).attest(), root=nitro.FINGERPRINT, measurements=[nitro.MEASUREMENT])
    assert document.timestamp == clock.now


def test_documents_verify_through_weeks_of_turning_the_clock() -> None:
    module = Module()
    for hours in (0, 2, 3, 25, 24 * 7, 24 * 21, 24 * 365):
        module.clock.now = nitro.START + timedelta(hours=hours)
        data = module.attest(nonce=nitro.NONCE)
        assert verify_live(
            data,
            root=nitro.FINGERPRINT,
            measurements=[nitro.MEASUREMENT],
            now=module.clock.now,
            nonce=nitro.NONCE,
        )


def test_describes_itself() -> None:
    assert Module().ask("DescribeNSM") == {
        "DescribeNSM": {
            "version_major": 1,
            "version_minor": 0,
            "version_patch": 0,
            "module_id": nitro.MODULE_ID,
            "max_pcrs": 32,
            "locked_pcrs": list(range(16)),
            "digest": "SHA384",
        }
    }


def test_draws_256_random_bytes_that_differ() -> None:
    module = Module()
    draws = [module.ask("GetRandom")["GetRandom"]["random"] for _ in range(2)]
    assert [len(draw) for draw in draws] == [256, 256]
    assert draws[0] != draws[1]


def test_describes_a_register() -> None:
    assert Module().ask({"DescribePCR": {"index": 0}}) == {
        "DescribePCR": {"lock": True, "data": nitro.IMAGE[0]}
    }
    assert Module().ask({"DescribePCR": {"index": 31}}) == {
        "DescribePCR": {"lock": False, "data": nitro.ZERO}
    }


def test_extending_chains_what_was_with_what_is_added() -> None:
    module = Module()
    first = hashlib.sha384(nitro.ZERO + b"one").digest()
    second = hashlib.sha384(first + b"two").digest()
    assert extend(module, 16, b"one") == {"ExtendPCR": {"data": first}}
    assert extend(module, 16, b"two") == {"ExtendPCR": {"data": second}}
    assert module.ask({"DescribePCR": {"index": 16}})["DescribePCR"]["data"] == second


@pytest.mark.parametrize("index", [0, 4, 8, 15])
def test_what_was_measured_at_start_is_read_only(index: int) -> None:
    module = Module()
    assert extend(module, index, b"x") == {ERROR: "ReadOnlyIndex"}
    assert module.ask({"LockPCR": {"index": index}}) == {ERROR: "ReadOnlyIndex"}
    assert module.ask({"DescribePCR": {"index": index}})["DescribePCR"]["data"] == nitro.MEASURED.get(
        index, nitro.ZERO
    )


def test_a_locked_register_is_attested_and_no_longer_extended() -> None:
    module = Module()
    extend(module, 20, b"x")
    assert 20 not in parse_document(module.attest()).content.pcrs
    assert module.ask({"LockPCR": {"index": 20}}) == "LockPCR"
    assert extend(module, 20, b"x") == {ERROR: "ReadOnlyIndex"}
    assert parse_document(module.attest()).content.pcrs[20] == hashlib.sha384(nitro.ZERO + b"x").digest()
    assert module.ask("DescribeNSM")["DescribeNSM"]["locked_pcrs"] == [*range(16), 20]


def test_a_range_is_locked_up_to_and_without_its_end() -> None:
    module = Module()
    assert module.ask({"LockPCRs": {"range": 18}}) == "LockPCRs"
    assert extend(module, 17, b"x") == {ERROR: "ReadOnlyIndex"}
    assert "ExtendPCR" in extend(module, 18, b"x")
    assert module.ask({"LockPCRs": {"range": 32}}) == "LockPCRs"
    assert len(parse_document(module.attest()).content.pcrs) == 32


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"DescribePCR": {"index": 32}}, "InvalidIndex"),
        ({"DescribePCR": {"index": -1}}, "InvalidIndex"),
        ({"ExtendPCR": {"index": 32, "data": b"x"}}, "InvalidIndex"),
        ({"LockPCR": {"index": 32}}, "InvalidIndex"),
        ({"LockPCRs": {"range": 33}}, "InvalidIndex"),
        ({"DescribePCR": {"index": "0"}}, "InvalidArgument"),
        ({"DescribePCR": {"index": True}}, "InvalidArgument"),
        ({"DescribePCR": {}}, "InvalidArgument"),
        ({"DescribePCR": {"index": 0, "more": 1}}, "InvalidArgument"),
        ("DescribePCR", "InvalidArgument"),
        ({"ExtendPCR": {"index": 16, "data": b""}}, "InvalidArgument"),
        ({"ExtendPCR": {"index": 16, "data": "x"}}, "InvalidArgument"),
        ({"GetRandom": {"size": 1}}, "InvalidArgument"),
        ({"Attestation": {"nonce": None}}, "InvalidArgument"),
        ({"Attestation": {"nonce": "x", "user_data": None, "public_key": None}}, "InvalidArgument"),
        ({"Attestation": {"nonce": bytes(513), "user_data": None, "public_key": None}}, "InputTooLarge"),
        ({"Attestation": {"nonce": None, "user_data": bytes(513), "public_key": None}}, "InputTooLarge"),
        ({"Attestation": {"nonce": None, "user_data": None, "public_key": bytes(1025)}}, "InputTooLarge"),
        ({"ExtendPCR": {"index": 16, "data": bytes(MOST_REQUEST_BYTES)}}, "InputTooLarge"),
        ("Reboot", "InvalidOperation"),
        ({"Reboot": {}}, "InvalidOperation"),
        ({"DescribeNSM": {}, "GetRandom": {}}, "InvalidArgument"),
        ({1: {}}, "InvalidArgument"),
        ([], "InvalidArgument"),
        (None, "InvalidArgument"),
    ],
    ids=str,
)
def test_refuses_under_the_names_of_the_driver(request_: object, error: str) -> None:
    assert Module().ask(request_) == {ERROR: error}


def test_takes_as_much_as_the_hardware_takes() -> None:
    told = Module().attest(user_data=bytes(512), nonce=bytes(512), public_key=bytes(1024))
    assert parse_document(told).content.nonce == bytes(512)


def test_a_reply_that_does_not_fit_is_told_so() -> None:
    asked = cbor2.dumps("GetRandom")
    whole = Module().nsm.reply(asked)
    assert len(Module().nsm.reply(asked, room=len(whole))) == len(whole)
    assert cbor2.loads(Module().nsm.reply(asked, room=len(whole) - 1)) == {ERROR: "BufferTooSmall"}


@given(st.binary(max_size=80))
def test_whatever_is_asked_there_is_a_reply(asked: bytes) -> None:
    reply = cbor2.loads(Module().nsm.reply(asked))
    assert isinstance(reply, str | dict)


def test_a_request_with_a_few_bytes_changed_has_a_reply() -> None:
    chance, module = random.Random(1), Module()
    lawful = cbor2.dumps({"ExtendPCR": {"index": 16, "data": b"x" * 8}})
    for _ in range(2_000):
        asked = bytearray(lawful)
        asked[chance.randrange(len(asked))] = chance.randrange(256)
        assert cbor2.loads(module.nsm.reply(bytes(asked)))
