"""When a number leaves the enclave: its agent sends it, having validated it, and already knows it."""

from dataclasses import dataclass, field

from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act, Statement


@dataclass(frozen=True, slots=True)
class Result:
    """What was computed of the object of that identity: a number in decimal text, or why there is none."""

    identity: str
    number: str | None = field(repr=False)
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Released:
    """What is given out in clear, for publication: until then it is as secret as the result."""

    number: str | None = field(repr=False)
    reason: str = field(repr=False)

    def as_json(self) -> dict[str, object]:
        return {"fa": self.number} if self.number is not None else {"fa": None, "motivo": self.reason}


def release(statement: Statement, result: Result, *, validated: str | None, already_sent: bool) -> Released:
    """Raise `SealRefused` unless a verified sending is of this result, validated, and tells its number.

    `validated` is the identity of what was last validated. A repeat of the very same request is answered from
    the journal before it comes here, so `already_sent` is another one.
    """
    # (1) Of this act and this object.
    if statement.act is not Act.ENVIAR:
        raise SealRefused(SealReason.ACT_MISMATCH, "só um ato ENVIAR libera o número")
    if statement.subject != result.identity:
        raise SealRefused(SealReason.SUBJECT_MISMATCH, "o envio é de outro objeto que o calculado")
    # (2) In its order, once.
    if validated != result.identity:
        raise SealRefused(SealReason.NOT_VALIDATED, "o que se envia precisa ter sido validado antes")
    if already_sent:
        raise SealRefused(SealReason.ALREADY_SENT, "já houve um envio deste objeto")
    # (3) As text, digit for digit: who sends says what was read, so no rounding stands between.
    if statement.extra.get("fa") != result.number or statement.extra.get("motivo", "") != _reason(result):
        raise SealRefused(SealReason.NUMBER_MISMATCH, "o número enviado não é o calculado")
    return Released(result.number, _reason(result))


def _reason(result: Result) -> str:
    return "" if result.number is not None else result.reason
