"""A SOAP 1.1 envelope: who asks, through which profile, which page, and one request."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from aval.contracts.model import ProfileCode
from aval.contracts.paging import MAX_PAGE_SIZE, PageRequest
from aval.contracts.refusals import ParametersInvalid
from aval.edge.soap.documents import Element
from aval.edge.soap.namespaces import SECURITY, SOAP, SOAP_12, Dialect
from aval.edge.soap.reading import Fields
from aval.edge.soap.security import Credentials, read_credentials
from aval.errors import DomainError

_BUS: Final = "http://xmlns.energia.org.br/"
_LARGEST_PAGE_NUMBER: Final = 1_000_000_000


class EnvelopeRefused(DomainError):
    """XML, but no envelope of this service."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """`page` is None where the message asks for none."""

    credentials: Credentials
    header: Fields
    paging: Element | None = field(repr=False)
    request: Element = field(repr=False)


def read_envelope(root: Element, dialect: Dialect) -> Envelope:
    """Raise `EnvelopeRefused` or `CredentialsRefused`; what the request says is read later."""
    header, body = _parts(root)
    blocks = list(_blocks(header, dialect))
    return Envelope(
        credentials=read_credentials([block for block in blocks if block.namespace == SECURITY]),
        header=_message_header(_only(blocks, dialect.header, "messageHeader"), dialect),
        paging=_only(blocks, dialect.header, "paginacao"),
        request=_single_request(body),
    )


def profile_of(envelope: Envelope) -> ProfileCode:
    code = envelope.header.code("codigoPerfilAgente")
    if code is None:
        raise ParametersInvalid("informe o codigoPerfilAgente no messageHeader")
    return ProfileCode(code)


def page_of(envelope: Envelope, dialect: Dialect) -> PageRequest | None:
    """None where the message asks for no page; more rows than a page may have are as many as it may."""
    if envelope.paging is None or envelope.paging.is_blank:
        return None
    fields = Fields.of(envelope.paging, dialect, "numero", "quantidadeItens")
    number, size = fields.code("numero"), fields.code("quantidadeItens")
    default = PageRequest()
    number = default.number if number is None else number
    size = default.size if size is None else size
    if not 1 <= number <= _LARGEST_PAGE_NUMBER:
        raise ParametersInvalid("paginacao/numero começa em 1")
    if size < 1:
        raise ParametersInvalid("paginacao/quantidadeItens deve ser ao menos 1")
    return PageRequest(number, min(size, MAX_PAGE_SIZE))


def _parts(root: Element) -> tuple[Element | None, Element]:
    if (root.namespace, root.name) == (SOAP_12, "Envelope"):
        raise EnvelopeRefused("estes serviços falam SOAP 1.1; a mensagem é SOAP 1.2")
    if (root.namespace, root.name) != (SOAP, "Envelope"):
        raise EnvelopeRefused("a mensagem não é um Envelope SOAP 1.1")
    # SOAP 1.1, section 4: a header, if any, then one body. What came after it could only be meant to hide.
    order = [child.name if child.namespace == SOAP else "" for child in root.children]
    if order not in (["Header", "Body"], ["Body"]):
        raise EnvelopeRefused("o Envelope deve ter um Header e, depois dele, um só Body, e nada mais")
    header = root.children[0] if len(order) == 2 else None
    for part in root.children:
        if any(inner.namespace == SOAP for inner in _below(part)):
            raise EnvelopeRefused("Envelope, Header e Body não podem estar dentro de outro elemento")
    return header, root.children[-1]


def _below(element: Element) -> Iterator[Element]:
    for child in element.children:
        yield child
        yield from _below(child)


def _blocks(header: Element | None, dialect: Dialect) -> Iterator[Element]:
    for block in header.children if header else ():
        if block.namespace in (SECURITY, dialect.header):
            yield block
        elif block.namespace.startswith(_BUS):
            raise EnvelopeRefused(
                f"o cabeçalho {block.name} não é deste serviço: use o namespace {dialect.header}"
            )
        elif block.attributes.get(f"{SOAP} mustUnderstand") in ("1", "true"):
            raise EnvelopeRefused(f"o cabeçalho {block.name}, de compreensão obrigatória, não é conhecido")


def _only(blocks: list[Element], namespace: str, name: str) -> Element | None:
    found = [block for block in blocks if (block.namespace, block.name) == (namespace, name)]
    if len(found) > 1:
        raise EnvelopeRefused(f"o cabeçalho {name} aparece mais de uma vez")
    return found[0] if found else None


def _message_header(block: Element | None, dialect: Dialect) -> Fields:
    if block is None:
        return Fields.empty("messageHeader", dialect)
    return Fields.of(block, dialect, "codigoPerfilAgente", "versao", "transactionId")


def _single_request(body: Element) -> Element:
    if len(body.children) != 1:
        raise EnvelopeRefused("o Body deve ter um só elemento, o pedido")
    return body.children[0]
