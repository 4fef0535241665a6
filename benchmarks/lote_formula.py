"""The leverage factor once more, as plainly as docs/leverage.md tells it: what P1's peers compute with.

It shares no code with the engine, so that a bench whose sides agree is a second opinion too.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import NormalDist
from typing import Final

SUBMARKETS: Final = ("SE", "S", "NE", "N")
SOURCES: Final = ("CONV", "I0", "I5", "CQ5", "I8", "I1")
ZERO: Final = Decimal(0)
ZEROS: Final = (ZERO,) * 7

Lines = Mapping[str, Sequence[Decimal]]
"""Seven months of each line that is there, under `bloco.linha`."""


class Formula:
    def __init__(self, parameters: bytes) -> None:
        told = json.loads(parameters)
        self._quantile = Decimal(NormalDist().inv_cdf(float(told["indiceConfianca"])))
        self._days = Decimal(told["diasLiquidacao"]).sqrt()
        self._months = sorted(told["meses"], key=lambda month: str(month["mes"]))
        self._correlation = [[Decimal(one) for one in row] for row in told["correlacao"]]
        self._hours = [Decimal(month["horas"]) for month in self._months]
        self._forward = [Decimal(month["forward"]) for month in self._months]
        self._volatility = [Decimal(month["volatilidade"]) for month in self._months]
        self._by_submarket = [_decimals(month["spreadSubmercado"]) for month in self._months]
        self._by_source = [_decimals(month["spreadFonte"]) for month in self._months]

    def factor(self, lines: Lines, equity: Decimal) -> Decimal:
        """FA with K = θ = 0, months netted without their sign."""
        result, risks = ZERO, []
        for month in range(7):
            figures = {name: values[month] for name, values in lines.items()}
            net, value = self._month(month, figures)
            result += value
            at_risk = self._quantile * self._volatility[month] * self._days
            risks.append(at_risk * abs(net * self._forward[month] * self._hours[month]))
        square = sum(
            one * other * self._correlation[row][column]
            for row, one in enumerate(risks)
            for column, other in enumerate(risks)
        )
        return max(ZERO, (Decimal(square).sqrt() - result) / equity)

    def _month(self, month: int, figures: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
        def of(name: str) -> Decimal:
            return figures.get(name, ZERO)

        forward = self._forward[month]
        bought, sold = of("precoFixo.recurso.mwm"), of("precoFixo.requisito.mwm")
        bought_at, sold_at = of("precoFixo.recurso.preco"), of("precoFixo.requisito.preco")
        generated, consumed = of("geral.geracao"), of("geral.consumo")
        long, short = of("derivativos.recurso.mwm"), of("derivativos.requisito.mwm")
        net = bought + generated - sold - consumed + long - short
        market = (long - short) * self._by_source[month]["CONV"]
        for one in SUBMARKETS:
            held = of(f"precoFixo.submercados.{one}") + of(f"derivativos.submercados.{one}")
            market += held * (forward + self._by_submarket[month][one])
        for one in SOURCES:
            market += of(f"precoFixo.fontes.{one}") * self._by_source[month][one]
        contracted = sold * sold_at - bought * bought_at
        contracted += consumed * (bought_at if bought else forward)
        contracted -= generated * (sold_at if sold else forward)
        contracted += short * of("derivativos.requisito.preco") - long * of("derivativos.recurso.preco")
        variable = of("precoVariavel.requisito.mwm") * of("precoVariavel.requisito.spread")
        variable -= of("precoVariavel.recurso.mwm") * of("precoVariavel.recurso.spread")
        value = self._hours[month] * (market + contracted + variable)
        return net, value + of("geral.mercadoRegulado")


def _decimals(told: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in told.items()}
