"""The services' WSDLs and schemas as they are served: addresses and imports lead back to their host."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from aval.edge.requests import RouteUnknown
from aval.edge.soap.services import SERVICES, Service

MEDIA_TYPE: Final = "text/xml; charset=utf-8"
_BY_PATH: Final[Mapping[str, Service]] = {service.path: service for service in SERVICES}
_FOLDER: Final = files("aval.edge.soap").joinpath("wsdl")
_SCHEMA_NAME: Final = re.compile(r"[A-Za-z]+-[v0-9.]+")
# In the files imports name their neighbours, so that they can be used where they lie.
_IMPORT: Final = re.compile(r'schemaLocation="([^"]+)\.xsd"')
_ADDRESS: Final = re.compile(r'(<soap:address location=")[^"]+(")')


def described(path: str, query: str, *, services_url: str) -> str:
    """The document that `path?query` names: `wsdl`, or `xsd=` and a schema's name. Raise `RouteUnknown`."""
    service = _BY_PATH.get(path)
    name, _, value = query.partition("=")
    if service is None or name.lower() not in ("wsdl", "xsd"):
        raise RouteUnknown("peça o WSDL de um dos serviços, pelo caminho dele e ?wsdl")
    if name.lower() == "wsdl":
        text = _ADDRESS.sub(rf"\g<1>{services_url}{service.path}\g<2>", _file(f"{service.name}.wsdl"))
    elif _SCHEMA_NAME.fullmatch(value) and _FOLDER.joinpath(f"{value}.xsd").is_file():
        text = _file(f"{value}.xsd")
    else:
        raise RouteUnknown("este serviço não tem um esquema com este nome; siga as importações do WSDL")
    # The service's own name and the query: some clients resolve a bare query against its folder.
    return _IMPORT.sub(rf'schemaLocation="{service.name}?xsd=\g<1>"', text)


@cache
def _file(name: str) -> str:
    return _FOLDER.joinpath(name).read_text(encoding="utf-8")
