"""Arguments that several commands take, parsed with their own complaints."""

import argparse
from datetime import UTC, date, datetime

from aval.identifiers import Cnpj, EventCode, IdentifierInvalid
from aval.moments import SAO_PAULO, utc_now


def moment(text: str) -> datetime:
    """ISO 8601; a bare date is its midnight in São Paulo, and so is a time without an offset."""
    try:
        if "T" not in text and " " not in text.strip():
            told = datetime.combine(date.fromisoformat(text.strip()), datetime.min.time())
        else:
            told = datetime.fromisoformat(text.strip())
        return (told if told.tzinfo else told.replace(tzinfo=SAO_PAULO)).astimezone(UTC)
    except (ValueError, OverflowError) as failure:
        raise argparse.ArgumentTypeError(f"{text!r} não é uma data ISO 8601") from failure


def cnpj(text: str) -> Cnpj:
    try:
        return Cnpj.parse(text)
    except IdentifierInvalid as failure:
        raise argparse.ArgumentTypeError(failure.detail) from failure


def event(text: str) -> EventCode:
    try:
        return EventCode.parse(text)
    except IdentifierInvalid as failure:
        raise argparse.ArgumentTypeError(failure.detail) from failure


def add_moment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--em",
        type=moment,
        default=utc_now(),
        metavar="DATA",
        help="julga como neste momento (ISO 8601; sem hora: 00:00 de São Paulo); sem isto, agora",
    )
