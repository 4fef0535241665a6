"""What the chamber demands of a certificate, one word per rule, and the answer to each."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    FORMATO = "formato"
    TAMANHO = "tamanho"
    CADEIA = "cadeia"
    USO = "uso"
    CHAVE = "chave"
    VALIDADE = "validade"
    ASSINATURA = "assinatura"
    REQUERENTE = "requerente"
    CNPJ = "cnpj"
    DUPLICADO = "duplicado"
    QUANTIDADE = "quantidade"
    REVOGACAO = "revogacao"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one rule; `detail` is Portuguese, for the agent, and says what to do."""

    rule: Rule
    ok: bool
    detail: str


def decide(rule: Rule, faults: list[str], *, met: str) -> Verdict:
    """Refuse with every fault found, or accept with the sentence `met`."""
    return Verdict(rule, not faults, "; ".join(faults) if faults else met)
