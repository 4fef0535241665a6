"""What a first load costs: the entrance, and two homes of a person whose tab has a login."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.page_window import AS_IT_IS, MOBILE, Desk, Slowness, slowed, spread
from local import page_build

RUNS: Final = 5
_QUIET_MS: Final = 600
# Long tasks count from 50 ms on and from the first paint on, as "total blocking time" is defined.
_WATCH: Final = """
window.seen = { lcp: 0, cls: 0, tasks: [] };
const watch = (type, take) =>
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
watch("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value; });
watch("longtask", (entry) => { seen.tasks.push([entry.startTime, entry.duration]); });
"""
_TOLD: Final = """
() => {
  const fcp = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  const late = seen.tasks.filter(([begun]) => begun >= fcp).map(([, lasted]) => lasted);
  const blocked = late.reduce((sum, lasted) => sum + Math.max(0, lasted - 50), 0);
  const answered = Math.max(0, ...performance.getEntriesByType("resource").map((entry) => entry.responseEnd));
  return { fcp, lcp: seen.lcp, cls: seen.cls, blocked, answered };
}
"""


@dataclass(frozen=True, slots=True)
class Load:
    fcp: float
    lcp: float
    cls: float
    blocked: float
    answered: float
    requests: int
    transferred: int


@dataclass(frozen=True, slots=True)
class Place:
    """A page that is opened; `heading` is its own, None what shows no page."""

    name: str
    path: str
    heading: str | None
    signed_in: bool = False


_BARE: Final = Place("a bare document of this server", "/pagina.json", None)
_PLACES: Final = (
    Place("entrance", "/", "Entrar"),
    Place("home", "/", "Início", signed_in=True),
    Place("home of the monitoring", "/#/prudencial", "Monitoramento Prudencial", signed_in=True),
)


def report(desk: Desk) -> None:
    script, style = (_compressed(kind) for kind in ("js", "css"))
    print(f"\nP9  first load, least / median / most of {RUNS} cold loads")
    print(f"    script {script / 1000:.1f} kB gzip, style {style / 1000:.1f} kB gzip")
    for slowness in (MOBILE, AS_IT_IS):
        bare = [_load(desk, slowness, _BARE) for _ in range(RUNS)]
        floor = min(load.fcp for load in bare)
        painted = spread([load.fcp for load in bare])
        print(f"    {slowness.name}: {_BARE.name} is painted after {painted}")
        for place in _PLACES:
            loads = [_load(desk, slowness, place) for _ in range(RUNS)]
            _print(f"{slowness.name}, {place.name}", loads, floor)


def _print(what: str, loads: Sequence[Load], floor: float) -> None:
    lcp, answered = (
        min(times) / floor for times in zip(*((one.lcp, one.answered) for one in loads), strict=True)
    )
    print(
        f"    {what}: FCP {spread([load.fcp for load in loads])}, LCP {spread([load.lcp for load in loads])} "
        f"({lcp:.1f} of the bare document), last answer {spread([load.answered for load in loads])} "
        f"({answered:.1f}), blocked {spread([load.blocked for load in loads])}, "
        f"CLS at most {max(load.cls for load in loads):.3f}, "
        f"{max(load.requests for load in loads)} requests, "
        f"{max(load.transferred for load in loads) / 1000:.1f} kB over the wire"
    )


def _load(desk: Desk, slowness: Slowness, place: Place) -> Load:
    asked: list[str] = []
    lengths: list[int] = []
    with desk.window(signed_in=place.signed_in) as page:
        page.add_init_script(_WATCH)
        session = slowed(page, slowness)
        session.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
        session.on("Network.loadingFinished", lambda event: lengths.append(event["encodedDataLength"]))
        page.goto(place.path)
        if place.heading is not None:
            page.get_by_role("heading", level=1, name=place.heading).wait_for()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(_QUIET_MS)
        told: dict[str, Any] = page.evaluate(_TOLD)
    return Load(**told, requests=len(asked), transferred=sum(lengths))


def _compressed(kind: str) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in page_build.DIST.rglob(f"*.{kind}"))
