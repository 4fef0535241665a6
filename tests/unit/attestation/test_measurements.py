"""The log of released measurements: nothing in it can be changed, moved, dropped or added by others."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.jwk import ECKey

from aval.attestation.log_lines import read_line
from aval.attestation.measurements import LogAct, LogEntry, LogHead, Measurement, MeasurementLog
from aval.attestation.refusals import LogReason, MeasurementLogRefused
from tests.support import nitro
from tests.support.measurements import DAY, KEY, lines, measurement, parsed, release, retirement, written


def reason_for(text: str, **told: Any) -> LogReason:
    with pytest.raises(MeasurementLogRefused) as refused:
        parsed(text, **told)
    return refused.value.reason


def reason_for_entry(log: MeasurementLog, entry: LogEntry) -> LogReason:
    with pytest.raises(MeasurementLogRefused) as refused:
        log.append(entry, KEY)
    return refused.value.reason


def whole(*told: str) -> str:
    return "".join(f"{line}\n" for line in told)


def forged(content: dict[str, Any], key: ec.EllipticCurvePrivateKey = KEY, **header: Any) -> str:
    """A line by another library, whatever it says."""
    protected = {"alg": "ES384", "typ": "aval-medida", **header}
    payload = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return jws.serialize_compact(protected, payload, ECKey.import_key(key), algorithms=["ES384"])


def content(line: str) -> dict[str, Any]:
    return dict(read_line(line, KEY.public_key()))


def test_what_is_in_force_is_what_was_released_and_not_retired() -> None:
    log = parsed(whole(*lines()))
    assert [log.accepted(nitro.START + DAY * day) for day in range(6)] == [
        (),
        (measurement(1),),
        (measurement(1), measurement(2)),
        (measurement(2),),
        (measurement(2), measurement(4)),
        (measurement(2), measurement(4)),
    ]
    assert log.accepted(nitro.START + DAY - timedelta(seconds=1)) == ()


def test_a_line_is_a_jws_that_another_library_verifies() -> None:
    [line, *_] = lines()
    peer = jws.deserialize_compact(line, ECKey.import_key(KEY.public_key()), algorithms=["ES384"])
    assert json.loads(peer.payload) == {
        "n": 1,
        "anterior": "0" * 64,
        "ato": "LIBERAR",
        "instante": "2026-07-02T12:00:00Z",
        "versao": "2026.7.1",
        "medida": {str(index): ("01" * 48) for index in (0, 1, 2, 8)},
    }


def test_a_line_that_another_library_signs_is_taken() -> None:
    line = forged(content(lines()[0]))
    assert parsed(line).entries == (release(1),)


def test_the_key_may_be_told_in_pem() -> None:
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert MeasurementLog.parse(whole(*lines()), pem) == MeasurementLog.parse(whole(*lines()), pem.decode())


def test_refuses_a_key_that_is_not_p384() -> None:
    others = (ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048))
    spellings = [
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for key in others
    ]
    for pem in (*spellings, b"", b"-----BEGIN PUBLIC KEY-----"):
        with pytest.raises(MeasurementLogRefused) as refused:
            MeasurementLog.parse(whole(*lines()), pem)
        assert refused.value.reason is LogReason.KEY


@pytest.mark.parametrize("text", ["", "\n"])
def test_refuses_an_empty_log(text: str) -> None:
    assert reason_for(text) in {LogReason.EMPTY, LogReason.FORM}


def test_refuses_a_log_signed_by_another_key() -> None:
    stranger = forged(content(lines()[0]), key=nitro.key_of("estranha"))
    assert reason_for(stranger) is LogReason.SIGNATURE
    assert reason_for(whole(lines()[0], stranger)) is LogReason.SIGNATURE


@pytest.mark.parametrize("place", range(4))
def test_refuses_an_edited_line(place: int) -> None:
    told = list(lines())
    header, payload, signature = told[place].split(".")
    edited = urlsafe_b64decode(payload + "==").replace(b"2026.7", b"2026.8")
    told[place] = f"{header}.{urlsafe_b64encode(edited).rstrip(b'=').decode()}.{signature}"
    assert reason_for(whole(*told)) is LogReason.SIGNATURE


@pytest.mark.parametrize("place", range(3))
def test_refuses_a_gap(place: int) -> None:
    told = [line for number, line in enumerate(lines()) if number != place]
    assert reason_for(whole(*told)) is LogReason.ORDER


def test_refuses_lines_in_another_order() -> None:
    first, second, *rest = lines()
    assert reason_for(whole(second, first, *rest)) is LogReason.ORDER


def test_refuses_a_line_told_twice() -> None:
    first, *rest = lines()
    assert reason_for(whole(first, first, *rest)) is LogReason.ORDER


def test_refuses_a_fork_inside_the_log() -> None:
    """The operator signed two second lines: one log cannot hold what follows the other."""
    other = written(release(1), release(7, day=2))
    assert other[0] != lines()[0]
    assert reason_for(whole(other[0], *lines()[1:])) is LogReason.CHAIN
    assert reason_for(whole(lines()[0], other[1])) is LogReason.CHAIN


def test_a_head_that_was_seen_is_continued() -> None:
    whole_log = parsed(whole(*lines()))
    for count in range(1, 5):
        head = parsed(whole(*lines()[:count])).head
        assert head.count == count
        assert parsed(whole(*lines()), seen=head) == whole_log


def test_refuses_a_log_cut_short_of_what_was_seen() -> None:
    head = parsed(whole(*lines())).head
    # By itself it is a log like any other: only who has seen more can tell.
    assert parsed(whole(*lines()[:3]))
    assert reason_for(whole(*lines()[:3]), seen=head) is LogReason.TRUNCATED


def test_refuses_a_log_that_forked_from_what_was_seen() -> None:
    head = parsed(whole(*lines()[:2])).head
    other = written(release(1), release(7, day=2))
    assert parsed(whole(*other))
    assert reason_for(whole(*other), seen=head) is LogReason.FORK
    assert reason_for(whole(*lines()), seen=LogHead(2, "0" * 64)) is LogReason.FORK


@pytest.mark.parametrize(
    "changed",
    [
        {"medida": {"0": "01" * 48, "1": "01" * 48}},
        {"medida": {"0": "00" * 48, "1": "01" * 48, "2": "01" * 48}},
        {"medida": {"0": "01" * 48, "1": "01" * 48, "2": "01" * 48, "8": "00" * 48}},
        {"medida": {"0": "01" * 47, "1": "01" * 48, "2": "01" * 48}},
        {"medida": {"0": "0A" * 48, "1": "01" * 48, "2": "01" * 48}},
        {"medida": {"32": "01" * 48, "0": "01" * 48, "1": "01" * 48, "2": "01" * 48}},
        {"medida": {"00": "01" * 48, "0": "01" * 48, "1": "01" * 48, "2": "01" * 48}},
        {"medida": {"0": None}},
        {"medida": []},
        {"medida": {}},
        {"ato": "OUTRO"},
        {"ato": None},
        {"instante": "2026-07-02"},
        {"instante": 1},
        {"versao": ""},
        {"versao": "x" * 65},
        {"versao": "a\nb"},
        {"versao": 1},
        {"n": True},
        {"n": "1"},
        {"novo": 1},
    ],
    ids=str,
)
def test_refuses_a_line_of_another_form_even_when_it_is_signed(changed: dict[str, Any]) -> None:
    assert reason_for(forged({**content(lines()[0]), **changed})) is LogReason.FORM


@pytest.mark.parametrize("payload", [b"", b"[]", b"1", b'{"n":1,"n":1}', b"NaN", b"\xff", b"[" * 100_000])
def test_refuses_a_payload_that_is_no_object(payload: bytes) -> None:
    protected = {"alg": "ES384", "typ": "aval-medida"}
    line = jws.serialize_compact(protected, payload, ECKey.import_key(KEY), algorithms=["ES384"])
    assert reason_for(line) is LogReason.FORM


def test_refuses_a_member_told_twice() -> None:
    told = json.dumps(content(lines()[0]), separators=(",", ":"))
    doubled = (told[:-1] + ',"n":1}').encode()
    protected = {"alg": "ES384", "typ": "aval-medida"}
    line = jws.serialize_compact(protected, doubled, ECKey.import_key(KEY), algorithms=["ES384"])
    assert reason_for(line) is LogReason.FORM


@pytest.mark.parametrize("header", [{"kid": "x"}, {"typ": "JWT"}, {"crit": ["b64"], "b64": True}], ids=str)
def test_refuses_any_other_header(header: dict[str, Any]) -> None:
    assert reason_for(forged(content(lines()[0]), **header)) is LogReason.FORM


def test_refuses_a_line_without_a_signature() -> None:
    header = urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    [_, payload, signature] = lines()[0].split(".")
    for line in (
        f"{header}.{payload}.",
        f"{header}.{payload}.{signature}",
        payload,
        "..",
        "a.b.c.d",
        "é.é.é",
    ):
        assert reason_for(line) is LogReason.FORM


def test_a_line_has_one_spelling() -> None:
    [line, *rest] = lines()
    for other in (f"{line}=", f" {line}", f"{line}\r", line + "A" * 9000):
        assert reason_for(whole(other, *rest)) is LogReason.FORM


def test_only_two_measurements_are_in_force_at_once() -> None:
    two = parsed(whole(*lines()[:2]))
    assert reason_for_entry(two, release(3)) is LogReason.TOO_MANY
    assert reason_for_entry(two, release(2)) is LogReason.ALREADY_RELEASED


def test_only_what_is_in_force_is_retired() -> None:
    log = parsed(whole(*lines()))
    for number in (1, 9):
        assert reason_for_entry(log, retirement(number, day=5)) is LogReason.NOT_RELEASED
    assert reason_for_entry(MeasurementLog(), retirement(1, day=1)) is LogReason.NOT_RELEASED


def test_a_retired_measurement_may_be_released_again() -> None:
    log = parsed(whole(*lines()[:3]))
    again = log.with_line(log.append(release(1, day=5), KEY), KEY.public_key())
    assert again.accepted(nitro.START + DAY * 5) == (measurement(2), measurement(1))


def test_no_line_is_older_than_the_one_before() -> None:
    log = parsed(whole(*lines()))
    assert reason_for_entry(log, release(5, day=3)) is LogReason.TIME
    assert log.append(retirement(2, day=4), KEY)


def test_a_released_measurement_names_the_whole_image() -> None:
    for index in (0, 1, 2):
        less = {number: value for number, value in measurement(1).pcrs.items() if number != index}
        entry = replace(release(1), measurement=Measurement(less))
        assert reason_for_entry(MeasurementLog(), entry) is LogReason.FORM


def test_a_key_of_another_curve_appends_nothing() -> None:
    with pytest.raises(MeasurementLogRefused):
        MeasurementLog().append(release(1), ec.generate_private_key(ec.SECP256R1()))


def test_acts_are_told_in_the_words_of_the_wire() -> None:
    assert [act.value for act in LogAct] == ["LIBERAR", "RETIRAR"]
