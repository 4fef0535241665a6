"""P2: a page of 1 000 contracts as SOAP, against spyne writing the same rows and lxml building the same tree.

The peers are given the rows in their own shape, with dates in local time; ours begins each round with nothing
remembered of the round before.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from lxml import etree
from spyne import Array, Boolean, ComplexModel, DateTime, Integer, Unicode
from spyne.util.xml import get_object_as_xml

from aval.contracts import codes
from aval.contracts.model import (
    Amount,
    AmountSituation,
    Contract,
    ContractCode,
    ContractKind,
    ContractSituation,
    Energy,
    Period,
    ProfileCode,
    Terms,
)
from aval.contracts.paging import Page, PageRequest
from aval.edge.soap import contract_replies, services
from aval.edge.soap.namespaces import SOAP, V2
from aval.edge.soap.replies import Reply, reply_envelope
from aval.edge.soap.writing import SUBMARKETS, moment
from aval.moments import SAO_PAULO
from aval.registry.model import Submarket

ROWS: Final = 1000
ROUNDS: Final = 15
TRANSACTION: Final = "5f9b0a52-6e4d-4a9a-8f2c-0d5f4b7a9c01"
_BEGINS: Final = datetime(2026, 1, 1, 3, tzinfo=UTC)


def contract(number: int) -> Contract:
    """Each with dates, parties and texts of its own."""
    begins = _BEGINS + timedelta(days=number % 365)
    period = Period(begins, begins + timedelta(days=30 + number % 300))
    terms = Terms(
        ProfileCode(10_000 + number),
        ProfileCode(20_000 + number),
        period,
        Submarket(number % 4 + 1),
        cceal_type=1,
        reference=f"São João nº {number}",
        remark=f"Ajuste & validação do mês {number % 12 + 1}",
    )
    return Contract(
        ContractCode(1_000_000 + number),
        ContractKind.CCEAL,
        terms,
        ContractSituation.NOT_VALIDATED,
        (Amount(Energy(period, Decimal("10.5")), AmountSituation.INSERTED),),
        _BEGINS + timedelta(seconds=number),
        _BEGINS + timedelta(seconds=2 * number),
    )


def ours(rows: tuple[Contract, ...]) -> bytes:
    moment.cache_clear()
    page = Page(rows, PageRequest(1, ROWS), ROWS)
    reply = Reply("listarContratoResponse", contract_replies.contracts(rows), page)
    return reply_envelope(
        reply, dialect=V2, prefixes=services.CONTRACT.prefixes, transaction_id=TRANSACTION, version="2.1"
    ).encode()


def values(row: Contract) -> dict[str, Any]:
    """What the peers write of a row, in the order of the schema."""
    type_, situation = codes.contract_type(row.kind), codes.contract_situation(row.situation)
    subtype = codes.contract_subtype(row.kind, row.terms.cceal_type)
    assert subtype is not None
    local = [
        at.astimezone(SAO_PAULO)
        for at in (row.terms.period.begins, row.terms.period.ends, row.registered_at, row.changed_at)
    ]
    return {
        "id": int(row.code),
        "ambienteContratacao": {"nome": "LIVRE"},
        "tipoContrato": {
            "id": type_.id,
            "codigo": type_.code,
            "descricao": type_.description,
            "subTipo": {"id": subtype.id, "descricao": subtype.description},
        },
        "periodoVigencia": {"inicio": local[0], "fim": local[1]},
        "vendedor": {"perfil": {"id": int(row.terms.seller)}},
        "comprador": {"perfil": {"id": int(row.terms.buyer)}},
        "submercado": {
            "id": int(row.terms.delivery_submarket),
            "nome": SUBMARKETS[row.terms.delivery_submarket],
        },
        "tipoCCEAL": row.terms.cceal_type,
        "situacao": {"id": situation.id, "nome": situation.code},
        "possuiMontanteNaoValidado": row.has_amounts_not_validated,
        "referencia": row.terms.reference,
        "observacao": row.terms.remark,
        "direitoAlivioExposicao": row.terms.relieves_exposure,
        "dataRegistro": local[2],
        "dataAlteracao": local[3],
        "versao": row.version,
    }


def bare_lxml(rows: list[dict[str, Any]]) -> bytes:
    """The shortest program that builds the tree and writes it."""
    messages, objects, header = V2.messages, V2.objects, V2.header
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "mhv2": header})
    told = etree.SubElement(etree.SubElement(root, f"{{{SOAP}}}Header"), f"{{{header}}}messageHeader")
    etree.SubElement(told, f"{{{header}}}transactionId").text = TRANSACTION
    etree.SubElement(told, f"{{{header}}}versao").text = "2.1"
    paging = etree.SubElement(root[0], f"{{{header}}}paginacao")
    for name, number in zip(
        ("numero", "quantidadeItens", "totalPaginas", "quantidadeTotalItens"), (1, ROWS, 1, ROWS), strict=True
    ):
        etree.SubElement(paging, f"{{{header}}}{name}").text = str(number)
    body = etree.SubElement(root, f"{{{SOAP}}}Body")
    spaces = {"bmv2": messages, "bov2": objects}
    answer = etree.SubElement(body, f"{{{messages}}}listarContratoResponse", nsmap=spaces)
    listed = etree.SubElement(answer, f"{{{messages}}}contratos")
    for row in rows:
        _fill(etree.SubElement(listed, f"{{{objects}}}contrato"), row, f"{{{objects}}}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _fill(element: etree._Element, told: dict[str, Any], space: str) -> None:
    for name, value in told.items():
        child = etree.SubElement(element, space + name)
        if isinstance(value, dict):
            _fill(child, value, space)
        elif isinstance(value, datetime):
            child.text = value.isoformat(timespec="seconds")
        else:
            child.text = ("true" if value else "false") if isinstance(value, bool) else str(value)


def spyne_model(name: str, told: dict[str, Any]) -> Any:
    """The class that a spyne service would declare for such rows."""
    fields = [
        (field, spyne_model(f"{name}_{field}", value) if isinstance(value, dict) else _spyne_type(value))
        for field, value in told.items()
    ]
    return type(name, (ComplexModel,), {"__namespace__": V2.objects, "_type_info": fields})


def _spyne_type(value: object) -> Any:
    # A bool is an int too.
    kinds = ((bool, Boolean), (int, Integer), (datetime, DateTime), (str, Unicode))
    return next(declared for kind, declared in kinds if isinstance(value, kind))


def spyne_object(model: Any, told: dict[str, Any]) -> Any:
    types = dict(model.get_flat_type_info(model))
    return model(
        **{
            field: spyne_object(types[field], value) if isinstance(value, dict) else value
            for field, value in told.items()
        }
    )


def by_spyne(objects: list[Any], model: Any) -> bytes:
    return etree.tostring(get_object_as_xml(objects, Array(model)), encoding="UTF-8")


def report() -> None:
    rows = tuple(contract(number) for number in range(ROWS))
    told = [values(row) for row in rows]
    model = spyne_model("contrato", told[0])
    objects = [spyne_object(model, one) for one in told]
    sides: dict[str, Callable[[], bytes]] = {
        "aval": lambda: ours(rows),
        "bare lxml": lambda: bare_lxml(told),
        "spyne": lambda: by_spyne(objects, model),
    }
    _require_alike(*(side() for side in sides.values()))
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            begun = time.perf_counter()
            side()
            seconds[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    print(f"\nP2  a page of {ROWS} contracts written as SOAP, median of {ROUNDS} rounds")
    for name, median in medians.items():
        print(f"    {name:<24} {median * 1000:7.2f} ms   {median / medians['aval']:.2f}")


def _require_alike(ours_written: bytes, lxml_written: bytes, spyne_written: bytes) -> None:
    """All three say the same, or their times mean nothing."""
    mine, bare = (
        etree.tostring(etree.fromstring(one), method="c14n") for one in (ours_written, lxml_written)
    )
    assert mine == bare
    assert _leaves(ours_written, "contrato") == _leaves(spyne_written, "contrato")


def _leaves(written: bytes, within: str) -> list[tuple[str, str]]:
    found = etree.fromstring(written).findall(f".//{{*}}{within}")
    return [
        (etree.QName(leaf).localname, leaf.text or "")
        for row in found
        for leaf in row.iter()
        if not len(leaf)
    ]
