"""Parameter and portfolio files as an agent would write them: lawful, each test changes one thing."""

import copy
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from aval.errors import Fault, FaultsFound

EVENT: Final = "202303001"
COMPANY: Final = "33047509000149"
OTHER_COMPANY: Final = "00000000000191"
ABSENT: Final = object()


def parameters() -> dict[str, Any]:
    """The example of docs/prudential.md, seven months of it."""
    ones = ["1"] * 7
    return {
        "evento": EVENT,
        "versao": 1,
        "inicioOperacao": "2023-02-03T00:00:00-03:00",
        "fimOperacao": "2023-03-02T23:59:59-03:00",
        "abertura": "2023-02-03T00:00:00-03:00",
        "prazo": "2023-03-03T20:01:00-03:00",
        "atualizadoEm": "2023-02-27T17:39:00-03:00",
        "metodo": "MP-2023.2.0",
        "indiceConfianca": "0.95",
        "diasLiquidacao": 5,
        "k": "0",
        "theta": "0",
        "pldMinimo": "57.31",
        "pldMaximo": "785.27",
        "meses": [parameter_month(number) for number in range(7)],
        "correlacao": [list(ones) for _ in ones],
        "opcoes": {"compensacaoEntreMeses": "SEM_SINAL"},
    }


def parameter_month(number: int) -> dict[str, Any]:
    return {
        "mes": f"M+{number}",
        "rotulo": f"MÊS {number}",
        "horas": 744,
        "volatilidade": "0.0734",
        "forward": "222.72",
        "spreadSubmercado": {"SE": "0", "S": "-1.5", "NE": "0", "N": "0"},
        "spreadFonte": {"CONV": "0", "I0": "0", "I5": "12.25", "CQ5": "0", "I8": "0", "I1": "0"},
        "estresseComprado": "168.47",
        "estresseVendido": "279.76",
    }


def portfolio(company: str = COMPANY) -> dict[str, Any]:
    return {
        "evento": EVENT,
        "cnpj": company,
        "patrimonioLiquido": {
            "dataBase": "2022-12-31",
            "valor": "20000000.00",
            "deducoes": [{"item": "I", "valor": "2000000.00"}],
        },
        "meses": [portfolio_month(number) for number in range(7)],
    }


def portfolio_month(number: int) -> dict[str, Any]:
    """30 bought, 20 sold, 5 generated, 2 consumed; a derivative of 4 against 1."""
    return {
        "mes": f"M+{number}",
        "precoFixo": {
            "submercados": {"SE": "15", "S": "-2", "NE": "0", "N": "0"},
            "fontes": {"CONV": "10", "I0": "0", "I5": "3", "CQ5": "0", "I8": "0", "I1": "0"},
            "recurso": {"mwm": "30", "preco": "210"},
            "requisito": {"mwm": "20", "preco": "225"},
        },
        "geracao": "5",
        "consumo": "2",
        "precoVariavel": {
            "recurso": {"mwm": "1", "spread": "-3"},
            "requisito": {"mwm": "0", "spread": "0"},
        },
        "derivativos": {
            "submercados": {"SE": "3", "S": "0", "NE": "0", "N": "0"},
            "recurso": {"mwm": "4", "preco": "200"},
            "requisito": {"mwm": "1", "preco": "240"},
        },
        "mercadoRegulado": "-10.50",
    }


def changed(document: dict[str, Any], pointer: str, value: object) -> dict[str, Any]:
    """A copy with one place set anew, added (`-` appends) or, for `ABSENT`, taken away."""
    result = copy.deepcopy(document)
    target: Any = result
    *path, last = pointer.split("/")[1:]
    for step in path:
        target = target[int(step)] if isinstance(target, list) else target[step]
    if isinstance(target, list):
        if last == "-":
            target.append(value)
        elif value is ABSENT:
            del target[int(last)]
        else:
            target[int(last)] = value
    elif value is ABSENT:
        del target[last]
    else:
        target[last] = value
    return result


def as_file(document: object) -> bytes:
    return json.dumps(document).encode()


@contextmanager
def refused(*expected: tuple[str, str]) -> Iterator[list[Fault]]:
    """What comes out are exactly these (pointer, rule), in any order, each with a sentence of its own."""
    found: list[Fault] = []
    with pytest.raises(FaultsFound) as refusal:
        yield found
    found.extend(refusal.value.faults)
    assert sorted((fault.pointer, fault.rule) for fault in found) == sorted(expected)
    for fault in found:
        assert re.match(r"[a-zà-ÿθ]", fault.detail), fault.detail
        assert "  " not in fault.detail
