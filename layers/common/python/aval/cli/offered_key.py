"""The enclave's key, as a command is given it: believed for what hardware and the log of measurements say."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from aval.attestation.document import parse_document
from aval.attestation.refusals import AttestationRefused, MeasurementLogRefused
from aval.attestation.roots import LABEL_FOR_PEOPLE, is_hardware
from aval.cli.expected_code import ExpectedCode, add_expected_code, expected_code, nonce, read_file
from aval.cli.outcome import CommandFailed, ExitCode
from aval.sealing.offered_key import MAX_OFFER_BYTES, AttestedKey, KeyOffer, verify_offer, verify_past_offer
from aval.sealing.refusals import SealRefused

Refusal = AttestationRefused | MeasurementLogRefused | SealRefused
REFUSALS: Final = (AttestationRefused, MeasurementLogRefused, SealRefused)


def add_offered_key(parser: argparse.ArgumentParser, *, live: bool) -> None:
    parser.add_argument(
        "--chave",
        required=True,
        type=Path,
        metavar="DOC",
        help="o que GET /prudencial/chave respondeu" + (", até 5 minutos atrás" if live else ""),
    )
    if live:
        parser.add_argument(
            "--nonce",
            type=nonce,
            metavar="HEX",
            help="o nonce do pedido; sem isto, só a hora do atestado diz que ele é de agora",
        )
    add_expected_code(parser)


def key_to_seal_to(given: argparse.Namespace, *, now: datetime) -> AttestedKey:
    """Raise `CommandFailed` unless released code attests it now."""
    offer, expected = _offer(given), _expected(given)
    with refusals_end_the_command():
        key = verify_offer(
            offer,
            root=expected.root,
            measurements=expected.accepted(now),
            now=now,
            nonce=given.nonce or _own_nonce(offer),
        )
    if given.nonce is None:
        warn("sem --nonce, só a hora do atestado diz que ele é de agora")
    _warn_of_root(expected)
    return key


def key_that_signed(given: argparse.Namespace) -> AttestedKey:
    """Raise `CommandFailed` unless it was attested by code that was released then."""
    offer, expected = _offer(given), _expected(given)
    with refusals_end_the_command():
        key = verify_past_offer(offer, root=expected.root, accepted=expected.accepted)
    _warn_of_root(expected)
    return key


@contextmanager
def refusals_end_the_command() -> Iterator[None]:
    try:
        yield
    except REFUSALS as refusal:
        raise CommandFailed(f"{refusal.reason}: {refusal.detail}", ExitCode.REFUSED) from refusal


def warn(text: str) -> None:
    print(f"aval: atenção: {text}", file=sys.stderr)


def _offer(given: argparse.Namespace) -> KeyOffer:
    with refusals_end_the_command():
        return KeyOffer.read(read_file(given.chave, most=MAX_OFFER_BYTES + 1))


def _expected(given: argparse.Namespace) -> ExpectedCode:
    with refusals_end_the_command():
        expected = expected_code(given)
    if not expected.names_image:
        raise CommandFailed("diga que código se espera: --medidas, com a sua chave, ou --pcr 0=HEX")
    return expected


def _own_nonce(offer: KeyOffer) -> bytes:
    """The document's: it proves nothing, and leaves the judgement of its age to stand alone."""
    return parse_document(offer.attestation).content.nonce or b""


def _warn_of_root(expected: ExpectedCode) -> None:
    if not is_hardware(expected.root):
        warn(f"{LABEL_FOR_PEOPLE}: a raiz informada não é a da AWS")
