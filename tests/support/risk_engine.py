"""Open Source Risk Engine's parametric VaR of given sensitivities: another's code, for the same number.

It insists on a market and a trade though it is told every sensitivity and covariance: the market here is one
exchange rate, and the trade one that it cannot build and is asked to keep all the same.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

_FACTORS: Final = [f"CommodityCurve/SE/{month}/{month + 1}M" for month in range(7)]
_FILES: Final = {
    "portfolio.xml": """<Portfolio><Trade id="T"><TradeType>Swap</TradeType><Envelope>
      <CounterParty>C</CounterParty><NettingSetId>N</NettingSetId><AdditionalFields/></Envelope>
      <SwapData/></Trade></Portfolio>""",
    "market.xml": """<TodaysMarket><Configuration id="default"><FxSpotsId>default</FxSpotsId></Configuration>
      <FxSpots id="default"><FxSpot pair="USDBRL">FX/USD/BRL</FxSpot></FxSpots></TodaysMarket>""",
    "pricing.xml": """<PricingEngines><Product type="Failed"><Model>Fix</Model><ModelParameters/>
      <Engine>Fix</Engine><EngineParameters/></Product></PricingEngines>""",
    "curves.xml": "<CurveConfiguration/>",
    "conventions.xml": "<Conventions/>",
    "quotes.txt": "20230227 FX/RATE/USD/BRL 5.2\n",
    "fixings.txt": "",
}
_SETUP: Final = {
    "asofDate": "2023-02-27",
    "logFile": "log.txt",
    "logMask": "31",
    "marketDataFile": "quotes.txt",
    "fixingDataFile": "fixings.txt",
    "implyTodaysFixings": "N",
    "curveConfigFile": "curves.xml",
    "conventionsFile": "conventions.xml",
    "marketConfigFile": "market.xml",
    "pricingEnginesFile": "pricing.xml",
    "portfolioFile": "portfolio.xml",
    "observationModel": "None",
    "baseCurrency": "BRL",
    "buildFailedTrades": "Y",
}
_ANALYTIC: Final = {
    "active": "Y",
    "sensitivityInputFile": "sensitivities.csv",
    "covarianceInputFile": "covariances.csv",
    "breakdown": "N",
    "method": "Delta",
    "outputFile": "var.csv",
    "salvageCovariance": "N",
}


def quantile(engine: Any, confidence: float) -> float:
    """Its own quantile, which has nine right digits."""
    found = engine.InverseCumulativeNormal()(confidence)
    assert isinstance(found, float)
    return found


def value_at_risk(
    engine: Any,
    folder: Path,
    *,
    sensitivities: Sequence[float],
    covariances: Sequence[Sequence[float]],
    confidence: float,
) -> float:
    for name, content in _FILES.items():
        (folder / name).write_text(content)
    # The first line of either file is a heading, whatever it says; a factor without sensitivity is left out.
    lines = ["#TradeId,IsPar,Factor_1,ShiftSize_1,Factor_2,ShiftSize_2,Currency,Base NPV,Delta,Gamma"]
    lines += [
        f"T,false,{factor},1,,0,BRL,0,{delta!r},0"
        for factor, delta in zip(_FACTORS, sensitivities, strict=True)
        if delta
    ]
    (folder / "sensitivities.csv").write_text("\n".join(lines) + "\n")
    lines = ["#Factor1\tFactor2\tCovariance"]
    lines += [
        f"{one}\t{other}\t{covariance!r}"
        for one, row in zip(_FACTORS, covariances, strict=True)
        for other, covariance in zip(_FACTORS, row, strict=True)
    ]
    (folder / "covariances.csv").write_text("\n".join(lines) + "\n")
    (folder / "ore.xml").write_text(_configuration(folder, confidence))
    given = engine.Parameters()
    given.fromFile(str(folder / "ore.xml"))
    engine.OREApp(given, False).run()
    first = (folder / "var.csv").read_text().splitlines()[1]
    assert first.startswith("All,All,All,")
    return float(first.rpartition(",")[2])


def _configuration(folder: Path, confidence: float) -> str:
    setup = {"inputPath": str(folder), "outputPath": str(folder), **_SETUP}
    analytic = {"quantiles": str(confidence), **_ANALYTIC}
    return (
        f"<ORE><Setup>{_told(setup)}</Setup><Markets/>"
        f'<Analytics><Analytic type="parametricVar">{_told(analytic)}</Analytic></Analytics></ORE>'
    )


def _told(parameters: dict[str, str]) -> str:
    return "".join(f'<Parameter name="{name}">{value}</Parameter>' for name, value in parameters.items())
