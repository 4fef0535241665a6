"""Each operation: its request read, one question to the bus, its reply written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aval.contracts.bus import (
    Acting,
    ContractBus,
    Outcome,
    ProcessingCode,
    ProcessingState,
    RowResult,
    Submission,
)
from aval.contracts.paging import MAX_PAGE_SIZE, Page, PageRequest
from aval.contracts.refusals import NothingFound, ParametersInvalid
from aval.edge.soap import contract_queries, contract_replies, registry_queries, registry_replies
from aval.edge.soap.documents import Element
from aval.edge.soap.namespaces import Dialect
from aval.edge.soap.replies import Reply

MAX_UNPAGED_RESULTS: Final = 10_000
_ENDED: Final = (ProcessingState.DONE, ProcessingState.REFUSED, ProcessingState.FAILED)


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks what of whom; `paging` is None where the message asks for no page."""

    bus: ContractBus
    acting: Acting
    dialect: Dialect
    request: Element
    paging: PageRequest | None
    at: datetime

    @property
    def page(self) -> PageRequest:
        return self.paging or PageRequest()


def import_file(call: Call) -> Reply:
    text = contract_queries.imported_text(call.request, call.dialect)
    code = call.bus.submit(Submission(call.acting, text), at=call.at)
    return Reply("importarArquivoResponse", contract_replies.processing_code(code))


def read_outcome(call: Call) -> Reply:
    code = _processing_code(call)
    first = call.bus.outcome(code, call.paging or PageRequest(size=MAX_PAGE_SIZE), call.acting)
    if first.processing.state not in _ENDED:
        return Reply(
            "obterResultadoProcessamentoResponse", contract_replies.processing(first.processing, None)
        )
    if call.paging is not None:
        rows, page = first.results.rows, first.results
        return Reply(
            "obterResultadoProcessamentoResponse", contract_replies.processing(first.processing, rows), page
        )
    rows = _all_results(call, code, first)
    return Reply("obterResultadoProcessamentoResponse", contract_replies.processing(first.processing, rows))


def _processing_code(call: Call) -> ProcessingCode:
    named = contract_queries.processing_named(call.request, call.dialect)
    if isinstance(named, str):
        return call.bus.latest_submission(named, call.acting)
    return ProcessingCode(named)


def _all_results(call: Call, code: ProcessingCode, first: Outcome) -> tuple[RowResult, ...]:
    """What has ended does not change: its pages are one list."""
    if first.results.total > MAX_UNPAGED_RESULTS:
        raise ParametersInvalid(
            f"o resultado tem {first.results.total} linhas: acima de {MAX_UNPAGED_RESULTS}, "
            "peça por páginas, com paginacao no cabeçalho"
        )
    rows = list(first.results.rows)
    for number in range(2, first.results.total_pages + 1):
        page = call.bus.outcome(code, PageRequest(number, MAX_PAGE_SIZE), call.acting)
        rows.extend(page.results.rows)
    return tuple(rows)


def list_contracts(call: Call) -> Reply:
    query = contract_queries.contract_query(call.request, call.dialect, call.acting)
    page = _found(call.bus.contracts(query, call.page, call.acting))
    return Reply("listarContratoResponse", contract_replies.contracts(page.rows), page)


def read_contract(call: Call) -> Reply:
    code, market, period = contract_queries.one_contract(call.request, call.dialect)
    found = call.bus.contract(code, market, period, call.acting)
    return Reply("obterContratoResponse", contract_replies.contract(found, "bmv2"))


def list_amounts(call: Call) -> Reply:
    query = contract_queries.amount_query(call.request, call.dialect)
    page = _found(call.bus.amounts(query, call.page, call.acting))
    return Reply("listarMontanteEnergiaResponse", contract_replies.amounts(page.rows), page)


def list_parcels(call: Call) -> Reply:
    query = registry_queries.parcel_query(call.request, call.dialect)
    page = _found(call.bus.parcels(query, call.page))
    return Reply("listarParcelaAtivoResponse", registry_replies.parcels(page.rows), page)


def list_linked_parcels(call: Call) -> Reply:
    query = registry_queries.parcel_query(call.request, call.dialect)
    page = _found(call.bus.linked_parcels(query, call.page, call.acting))
    return Reply("listarParcelaAtivoResponse", contract_replies.linked_parcels(page.rows), page)


def list_assets(call: Call) -> Reply:
    query = registry_queries.asset_query(call.request, call.dialect, now=call.at)
    page = _found(call.bus.assets(query, call.page))
    return Reply("listarAtivoMedicaoResponse", registry_replies.assets(page.rows), page)


def list_participants(call: Call) -> Reply:
    query = registry_queries.participant_query(call.request, call.dialect)
    page = _found(call.bus.participants(query, call.page))
    return Reply("listarParticipanteMercadoResponse", registry_replies.participants(page.rows), page)


def list_profiles(call: Call) -> Reply:
    query = registry_queries.profile_query(call.request, call.dialect)
    page = _found(call.bus.profiles(query, call.page))
    return Reply("listarPerfilParticipanteMercadoResponse", registry_replies.profiles(page.rows), page)


def _found(page: Page[Any]) -> Page[Any]:
    if not page.rows:
        raise NothingFound("nenhum registro atende ao pedido, ou a página pedida passa da última")
    return page
