"""Replies against the schemas that are served, with two validators."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import xmlschema
from lxml import etree

WSDL = Path(str(files("aval.edge.soap").joinpath("wsdl")))


@cache
def validators(version: str) -> dict[str, tuple[etree.XMLSchema, xmlschema.XMLSchema]]:
    found = {}
    for part in ("MH", "BM"):
        file = WSDL / f"{part}-{version}.xsd"
        schema = xmlschema.XMLSchema(file)
        found[f"http://xmlns.energia.org.br/{part}/{version}"] = (
            etree.XMLSchema(etree.parse(file)),
            schema,
        )
    return found


def require_valid(envelope: etree._Element, version: str) -> None:
    assert [child.tag for child in envelope] == [
        "{http://schemas.xmlsoap.org/soap/envelope/}Header",
        "{http://schemas.xmlsoap.org/soap/envelope/}Body",
    ]
    for part in (*envelope[0], *envelope[1]):
        first, second = validators(version)[etree.QName(part).namespace or ""]
        alone = etree.fromstring(etree.tostring(part))
        first.assertValid(alone)
        second.validate(alone)
