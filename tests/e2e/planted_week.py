"""A week's files whose every figure is nobody else's: what to look for, and who says them to the enclave."""

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from aval.identifiers import Cnpj, EventCode
from aval.sealing.envelope import SealedKind, new_request_id
from aval.sealing.statements import Act
from tests.e2e.enclave_agent import COMPANY as SENDER
from tests.e2e.ended_week import PatientAgent
from tests.e2e.week_agent import Asked
from tests.support import leverage_files, portfolio_files

# A figure is looked for by its places alone: a comma, another unit or a sum with a whole number leaves them.
_PLACES = re.compile(r"\.([0-9]{12})$")
_FIGURE = re.compile(r"-?[0-9]+\.[0-9]{6}(?:[0-9]{6})?")
_OWN_DIGITS = 9
"""Fewer than these are round, and other figures may be the same."""


@dataclass
class Planting:
    """Figures and words given out, each known by what it stands for."""

    planted: dict[str, bytes] = field(default_factory=dict)

    def figure(self, name: str, whole: int) -> str:
        """A decimal with twelve places that nobody else has; the last one is no zero that may be dropped."""
        places = f"{secrets.randbelow(10**11):011d}{1 + secrets.randbelow(9)}"
        self.planted[name] = places.encode()
        return f"{whole}.{places}"

    def word(self, name: str) -> str:
        told = f"plantado {secrets.token_hex(12)}"
        self.planted[name] = told.encode()
        return told

    def portfolio(self, company: Cnpj, event: EventCode, name: str) -> dict[str, Any]:
        """Lawful: the shares of the first month add up to what it buys and sells."""
        told = leverage_files.portfolio(company, evento=event)
        bought, sold = self.figure(f"{name}: bought", 30), self.figure(f"{name}: sold", 20)
        net = f"{Decimal(bought) - Decimal(sold):f}"
        fixed = told["meses"][0]["precoFixo"]
        fixed["recurso"] = {"mwm": bought, "preco": self.figure(f"{name}: price bought at", 210)}
        fixed["requisito"] = {"mwm": sold, "preco": self.figure(f"{name}: price sold at", 225)}
        fixed["submercados"] |= {"SE": net}
        fixed["fontes"] |= {"CONV": net}
        self.planted[f"{name}: net"] = net.partition(".")[2].encode()
        told["meses"][0]["mercadoRegulado"] = self.figure(f"{name}: regulated market", 7)
        spread = {"mwm": "1", "spread": self.figure(f"{name}: spread", 3)}
        told["meses"][1]["precoVariavel"]["recurso"] = spread
        told["patrimonioLiquido"] = {
            "dataBase": "2026-09-30",
            "valor": self.figure(f"{name}: equity", 20_000_000),
            "deducoes": [{"item": "I", "valor": self.figure(f"{name}: deduction", 2_000_000)}],
        }
        return told

    def counterparties(self, company: Cnpj, event: EventCode, name: str) -> dict[str, Any]:
        mitigator = {
            "tipo": "FIANCA_BANCARIA",
            "valor": self.figure(f"{name}: mitigator", 6_000_000),
            "descricao": self.word(f"{name}: description"),
        }
        one = {
            "ordem": 1,
            "cnpj": "11222333000181",
            "sigla": self.word(f"{name}: counterparty"),
            "mtm": self.figure(f"{name}: exposure", 10_000_000),
            "mitigadores": [mitigator],
        }
        return {"evento": event, "cnpj": company, "contrapartes": [one]}

    def answered(self, name: str, told: object) -> None:
        """What the enclave made of the figures: looked for as it wrote it."""
        for place, text in _texts(told):
            if _FIGURE.fullmatch(text) and len(text.replace(".", "").strip("-0")) >= _OWN_DIGITS:
                places = _PLACES.search(text)
                found = places[1] if places else text.lstrip("-")
                self.planted[f"{name}: answered {place}"] = found.encode()


class PlantingAgent(PatientAgent):
    """Whose files say what they are told to."""

    def brings(self, content: bytes) -> Asked:
        return self._sealed("PUT", "portfolio", SealedKind.PORTFOLIO, content)

    def brings_portfolio(self, document: Mapping[str, Any]) -> Asked:
        return self.brings(portfolio_files.as_file(document))

    def brings_counterparties(self, document: Mapping[str, Any]) -> Asked:
        subject, request_id = self.readers.digest, new_request_id()
        content = json.dumps(document)
        told = self._statement(Act.CONTRAPARTES, SENDER, subject, request_id, conteudo=content)
        return self._sealed("PUT", "contrapartes", SealedKind.CONTRAPARTES, told.encode(), request_id)

    def told(self, asked: Asked) -> dict[str, Any]:
        """What the sealed answer of a request that was done says."""
        answer = self.done(asked)
        return dict(self.opened(answer["resposta"], asked.request_id).payload)


def _texts(told: object, place: str = "") -> Iterator[tuple[str, str]]:
    match told:
        case Mapping():
            for name, inner in told.items():
                yield from _texts(inner, f"{place}/{name}")
        case list() | tuple():
            for number, inner in enumerate(told):
                yield from _texts(inner, f"{place}/{number}")
        case str():
            yield place, told
