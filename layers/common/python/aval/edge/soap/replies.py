"""The envelope of a reply, in the prefixes that CCEE's own have: naive clients look elements up by them."""

from dataclasses import dataclass, field
from typing import Any, Final

from aval.contracts.paging import Page
from aval.edge.soap.faults import ReplyTooLarge
from aval.edge.soap.namespaces import SOAP, Dialect
from aval.edge.soap.writing import escaped

# A Lambda answer holds 6 MB of JSON, in which a sign outside ASCII may take six bytes and a quote two.
MAX_REPLY_BYTES: Final = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Prefixes:
    header: str
    messages: str
    objects: str


@dataclass(frozen=True, slots=True)
class Reply:
    """`content` is what stands inside `element`, written in the prefixes of the service."""

    element: str
    content: str = field(repr=False)
    page: Page[Any] | None = None


def reply_envelope(
    reply: Reply, *, dialect: Dialect, prefixes: Prefixes, transaction_id: str, version: str
) -> str:
    """Raise `ReplyTooLarge` for more than the gateway passes."""
    header, messages, objects = prefixes.header, prefixes.messages, prefixes.objects
    told = f"<{header}:versao>{escaped(version)}</{header}:versao>" if version else ""
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<soapenv:Envelope xmlns:soapenv="{SOAP}" xmlns:{header}="{dialect.header}"><soapenv:Header>'
        f"<{header}:messageHeader><{header}:transactionId>{transaction_id}</{header}:transactionId>{told}"
        f"</{header}:messageHeader>{_paging(header, reply.page)}</soapenv:Header><soapenv:Body>"
        f'<{messages}:{reply.element} xmlns:{messages}="{dialect.messages}"'
        f' xmlns:{objects}="{dialect.objects}">'
        f"{reply.content}</{messages}:{reply.element}></soapenv:Body></soapenv:Envelope>"
    )
    if len(text) > MAX_REPLY_BYTES // 6 and len(text.encode("ascii", "xmlcharrefreplace")) > MAX_REPLY_BYTES:
        raise ReplyTooLarge(
            "a resposta passa de 5 MB; peça menos itens por página em paginacao/quantidadeItens"
        )
    return text


def _paging(prefix: str, page: Page[Any] | None) -> str:
    if page is None:
        return ""
    return (
        f"<{prefix}:paginacao><{prefix}:numero>{page.request.number}</{prefix}:numero>"
        f"<{prefix}:quantidadeItens>{len(page.rows)}</{prefix}:quantidadeItens>"
        f"<{prefix}:totalPaginas>{page.total_pages}</{prefix}:totalPaginas>"
        f"<{prefix}:quantidadeTotalItens>{page.total}</{prefix}:quantidadeTotalItens></{prefix}:paginacao>"
    )
