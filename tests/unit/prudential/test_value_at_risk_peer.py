"""Our value at risk against Open Source Risk Engine's, which shares no line with it."""

import math
from decimal import Decimal
from pathlib import Path

import pytest

from aval.prudential.leverage import Leverage
from aval.prudential.parameters import Netting
from tests.support import leverage, risk_engine

ORE = pytest.importorskip("ORE", reason="the peer has no wheel for this machine")
CLOSE = 1e-9


def peer(folder: Path, *, correlation: tuple[tuple[Decimal, ...], ...], days: int, signed: bool) -> float:
    """In R$ for each unit of quantile, from positions, volatilities and correlations alone."""
    positions = [
        (int(bought) - int(sold)) * float(forward) * int(hours)
        for bought, sold, forward, hours in zip(
            leverage.BOUGHT, leverage.SOLD, leverage.FORWARDS, leverage.HOURS, strict=True
        )
    ]
    volatilities = [float(one) for one in leverage.VOLATILITIES]
    found = risk_engine.value_at_risk(
        ORE,
        folder,
        sensitivities=positions if signed else [abs(one) for one in positions],
        covariances=[
            [float(rho) * one * other * days for rho, other in zip(row, volatilities, strict=True)]
            for row, one in zip(correlation, volatilities, strict=True)
        ],
        confidence=0.95,
    )
    return found / risk_engine.quantile(ORE, 0.95)


def per_quantile(found: Leverage) -> float:
    # Ours is Φ⁻¹(0.95) to fifty digits; here a float of it is enough.
    return float(found.value_at_risk) / 1.6448536269514727


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("correlation", [leverage.ALL_ALIKE, leverage.decaying()], ids=["ones", "decaying"])
@pytest.mark.parametrize("days", [1, 5])
def test_agrees_with_another_engine_to_nine_digits(
    tmp_path: Path, days: int, correlation: tuple[tuple[Decimal, ...], ...], signed: bool
) -> None:
    ours = leverage.computed(
        correlation=correlation,
        settlement_days=days,
        netting=Netting.COM_SINAL if signed else Netting.SEM_SINAL,
    )
    theirs = peer(tmp_path, correlation=correlation, days=days, signed=signed)
    assert math.isclose(per_quantile(ours), theirs, rel_tol=CLOSE)
