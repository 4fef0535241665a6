"""How the agents' own addresses lie in the confidential table: public, each registration kept."""

from typing import Final

from aval.adapters.dynamodb.attributes import Item, Key, key, number
from aval.identifiers import Cnpj
from aval.moments import from_storage, to_storage
from aval.prudential.links import Link, PublicAddress

HISTORY: Final = "HIST#"
ALL: Final = "DIVULGACOES"
_COMPANY: Final = "DIVULGACAO#"


def company_partition(company: Cnpj) -> str:
    return f"{_COMPANY}{company}"


def link_key(company: Cnpj) -> Key:
    return key(company_partition(company), "LINK")


def link_item(link: Link) -> Key:
    return {**link_key(link.company), **_told(link)}


def history_item(link: Link) -> Key:
    return {**key(company_partition(link.company), f"{HISTORY}{link.number:06d}"), **_told(link)}


def listed_item(link: Link) -> Key:
    return {**key(ALL, link.company), "address": {"S": link.address}}


def read_link(item: Item) -> Link:
    return Link(
        company=Cnpj(item["pk"]["S"].removeprefix(_COMPANY)),
        number=int(item["number"]["N"]),
        address=PublicAddress(item["address"]["S"]),
        at=from_storage(item["at"]["S"]),
        by=item["by"]["S"],
    )


def _told(link: Link) -> Key:
    return {
        "number": number(link.number),
        "address": {"S": link.address},
        "at": {"S": to_storage(link.at)},
        "by": {"S": link.by},
    }
