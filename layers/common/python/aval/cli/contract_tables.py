"""Contracts and results as a command prints them: lines for people, documents for programs."""

from typing import Any, Final

from aval.contracts.bus import AnyContract, Outcome, RowResult, RowStatus
from aval.contracts.model import Contract
from aval.moments import SAO_PAULO, for_people

_HEADINGS: Final = ("CÓDIGO", "TIPO", "VENDEDOR", "COMPRADOR", "INÍCIO", "FIM", "SITUAÇÃO")


def result_line(row: RowResult) -> str:
    place = f"linha {row.row}" if row.row else "arquivo"
    sequence = f" (sequencialControle {row.sequence})" if row.sequence else ""
    contract = f" contrato {row.contract}:" if row.contract is not None else ""
    return f"{row.status:<8}{place}{sequence}:{contract} {row.description}"


def result_document(row: RowResult) -> dict[str, Any]:
    return {
        "linha": row.row or None,
        "sequencialControle": row.sequence or None,
        "situacao": row.status.value,
        "descricao": row.description,
        "contrato": row.contract,
    }


def outcome_document(found: Outcome, rows: list[RowResult]) -> dict[str, Any]:
    processing = found.processing
    return {
        "codigo": processing.code,
        "situacao": processing.state.value,
        "linhas": processing.total_rows,
        "processadas": processing.done_rows,
        "comErro": processing.failed_rows,
        "resultados": [result_document(row) for row in rows],
    }


def summary(found: Outcome, rows: list[RowResult]) -> str:
    counts = {status: sum(row.status is status for row in rows) for status in RowStatus}
    told = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    return f"processamento {found.processing.code}: {found.processing.state}; {told or 'nenhuma linha'}"


def contract_table(contracts: list[AnyContract]) -> str:
    rows = [_HEADINGS, *(_cells(contract) for contract in contracts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def contract_document(contract: AnyContract) -> dict[str, Any]:
    code, kind, seller, buyer, _, _, situation = _cells(contract)
    period = contract.terms.period if isinstance(contract, Contract) else contract.period
    return {
        "codigo": int(code),
        "tipo": kind,
        "vendedor": int(seller),
        "comprador": int(buyer),
        "inicio": for_people(period.begins),
        "fim": for_people(period.ends),
        "situacao": situation or None,
        "possuiMontanteNaoValidado": (
            contract.has_amounts_not_validated if isinstance(contract, Contract) else None
        ),
    }


def _cells(contract: AnyContract) -> tuple[str, ...]:
    if isinstance(contract, Contract):
        terms = contract.terms
        kind, situation = contract.kind.value, contract.situation.value
        seller, buyer, period = terms.seller, terms.buyer, terms.period
    else:
        kind, situation = "REGULADO", ""
        seller, buyer, period = contract.seller, contract.buyer, contract.period
    begins, ends = (f"{moment.astimezone(SAO_PAULO):%d/%m/%Y %H}" for moment in (period.begins, period.ends))
    return (str(contract.code), kind, str(seller), str(buyer), begins, ends, situation)
