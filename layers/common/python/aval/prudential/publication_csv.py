"""The published list as Brazilian spreadsheets open it (docs/publication.md)."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from aval.prudential.publication import PublishedAgent, PublishedList

COLUMNS: Final = (
    "Código do agente",
    "Nome empresarial",
    "Sigla",
    "CNPJ",
    "Código da classe",
    "Classe",
    "Evento",
    "FA",
    "Observação",
)
# What a spreadsheet would compute instead of show. https://owasp.org/www-community/attacks/CSV_Injection
_COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(published: PublishedList) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for agent in published.agents:
        writer.writerow(_row(agent, published.event))
    # Without the mark Excel takes the file for one of Windows' own code page.
    return text.getvalue().encode("utf-8-sig")


def _row(agent: PublishedAgent, event: str) -> Iterator[str]:
    yield str(agent.code)
    yield _shown(agent.name)
    yield _shown(agent.sigla)
    # Masked it is text: fourteen digits would become a number, and lose its zeros.
    yield agent.cnpj.masked
    yield str(agent.class_code)
    yield _shown(agent.class_name)
    yield event
    yield "" if agent.number is None else agent.number.replace(".", ",")
    yield _shown(agent.remark)


def _shown(text: str) -> str:
    return f"'{text}" if text.startswith(_COMPUTED) else text
