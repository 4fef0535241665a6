"""What a loaded or refused drop is answered with: docs/registry.md has an example of each."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aval.moments import for_people
from aval.registry.generations import Arrival, LoadRecord
from aval.registry.refusals import LoadError

Document = Mapping[str, Any]

_MOST_ERRORS: Final = 10_000


def loaded_document(record: LoadRecord, transaction_id: str) -> Document:
    return {
        "aceito": True,
        **arrival_document(record.arrival, transaction_id),
        "geracao": record.arrival.generation,
        "versao": record.version,
        "sha256": record.digest,
        "carregadoEm": for_people(record.loaded_at),
        "linhas": {str(dataset): count for dataset, count in record.counts.items()},
    }


def refused_document(arrival: Arrival, errors: Sequence[LoadError], transaction_id: str) -> Document:
    """At most 10 000 errors are listed; their number is always the whole one."""
    return {
        "aceito": False,
        **arrival_document(arrival, transaction_id),
        "totalErros": len(errors),
        "erros": [error_document(error) for error in errors[:_MOST_ERRORS]],
    }


def error_document(error: LoadError) -> Document:
    return {"arquivo": error.file, "local": error.where, "campo": error.field, "detalhe": error.detail}


def arrival_document(arrival: Arrival, transaction_id: str) -> Document:
    return {
        "arquivo": arrival.key,
        "sequencia": arrival.sequencer,
        "recebidoEm": for_people(arrival.stored_at),
        "transacao": transaction_id,
    }
