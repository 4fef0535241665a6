"""A published week of any number of agents, as the platform would tell it; every row says its own number."""

from typing import Any, Final

from aval.identifiers import Cnpj

EVENT: Final = "202611002"
MOMENT: Final = "2026-11-13T21:00:00Z"
BANDS: Final = (
    {"numero": 1, "descricao": "Até 1", "acimaDe": None, "ate": "1"},
    {"numero": 2, "descricao": "Acima de 1", "acimaDe": "1", "ate": None},
)
CLASSES: Final = ((2, "Comercializador"), (4, "Gerador"), (5, "Distribuidor"))


def publication(count: int) -> dict[str, Any]:
    """Of each five agents one sent nothing, and one has an address of its own."""
    agents = [_agent(number) for number in range(1, count + 1)]
    sent = sum(agent["fa"] is not None for agent in agents)
    return {
        "evento": EVENT,
        "periodicidade": "SEMANAL",
        "prazo": MOMENT,
        "publicadoEm": MOMENT,
        "parametros": {"versao": 1, "resumo": "ab" * 32},
        "totais": {"elegiveis": count, "comFator": sent, "semFator": 0, "naoEnviados": count - sent},
        "faixas": list(BANDS),
        "agentes": agents,
    }


def sigla(number: int) -> str:
    return f"AGENTE {number:05d}"


def _agent(number: int) -> dict[str, Any]:
    twelve = f"92{number:06d}0001"
    code, name = CLASSES[number % len(CLASSES)]
    sent = number % 5 != 0
    return {
        "codigo": 600_000 + number,
        "nome": f"COMERCIALIZADORA DE ENERGIA NÚMERO {number} LTDA.",
        "sigla": sigla(number),
        "cnpj": f"{twelve}{Cnpj.check_digits(twelve)}",
        "classe": {"codigo": code, "descricao": name},
        "situacao": "PUBLICADO" if sent else "NAO_ENVIADO",
        "fa": f"{number % 3}.{number:06d}" if sent else None,
        "observacao": None if sent else "Não enviado",
        "faixa": (1 if number % 3 == 0 else 2) if sent else None,
        "divulgacao": f"https://agente-{number}.example/fator" if number % 5 == 1 else None,
    }
