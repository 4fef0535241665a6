"""The engine of one week, made of the parameters that came with an act."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from aval.errors import FaultsFound
from aval.identifiers import EventCode
from aval.prudential.factor_standing import InForce
from aval.prudential.leverage import Engine
from aval.prudential.parameters_json import read_parameters
from aval.sealing.parameters_used import ParametersUsed
from aval.sealing.refusals import SealReason, SealRefused

# A week's set is the same from act to act, and its correlations take their time to be judged.
_MOST_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class WeekEngine:
    engine: Engine
    used: ParametersUsed

    @property
    def in_force(self) -> InForce:
        return InForce(self.engine.parameters.event, self.used, self.engine.method)

    @property
    def switches(self) -> dict[str, object]:
        """How the method was set, for receipts: the key's declaration names it without its switches."""
        return {
            "metodo": self.engine.method,
            "compensacaoEntreMeses": self.engine.parameters.netting.value,
        }


def week_engine(parameters: bytes | None, event: EventCode) -> WeekEngine:
    """Raise `SealRefused` where the event's parameters did not come, or are none that the engine takes."""
    if parameters is None:
        raise _missing()
    try:
        made = _engine(parameters)
    except FaultsFound:
        raise _missing() from None
    if made.engine.parameters.event != event:
        raise _missing()
    return made


@lru_cache(maxsize=_MOST_KEPT)
def _engine(parameters: bytes) -> WeekEngine:
    engine = Engine.of(read_parameters(parameters))
    return WeekEngine(engine, ParametersUsed(engine.parameters.version, engine.digest))


def _missing() -> SealRefused:
    return SealRefused(SealReason.PARAMETERS_MISSING, "os parâmetros deste evento não vieram com o pedido")
