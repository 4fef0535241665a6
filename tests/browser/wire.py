"""What a window said and was told, and the search in it for what nobody may read on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.browser.layers import opened
from tests.browser.recorder import Exchange, Recorder
from tests.e2e.needles import Haystack

CODES: Final = ("utf-8", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Wire:
    """All messages since `begins`; needles are told by name."""

    recorder: Recorder
    begins: int

    @property
    def exchanges(self) -> list[Exchange]:
        return self.recorder.exchanges[self.begins :]

    def to(self, path: str) -> list[Exchange]:
        """Those whose address holds `path`."""
        return [each for each in self.exchanges if path in each.url]

    def carrying(self, needles: Mapping[str, str]) -> dict[str, set[str]]:
        """Which message holds which of the needles, in whatever spelling or packing."""
        haystack = haystack_of(needles)
        found: dict[str, set[str]] = {}
        for number, each in enumerate(self.exchanges):
            for way, parts in (("asked", each.asked()), ("answered", each.answered())):
                if names := seen_in(haystack, parts):
                    found[f"{number} {way}: {each.method} {each.url}"] = names
        return found

    def require_none(self, needles: Mapping[str, str]) -> None:
        """Fail when a needle is there, or when nothing was recorded to look for it in."""
        assert self.exchanges, "nothing went through the recorder"
        assert self.carrying(needles) == {}


def haystack_of(needles: Mapping[str, str]) -> Haystack:
    """`Haystack` spells bytes; text has more than one spelling as bytes."""
    spelt = {f"{name} ({code})": text.encode(code) for name, text in needles.items() for code in CODES}
    return Haystack(spelt)


def seen_in(haystack: Haystack, parts: Iterable[bytes]) -> set[str]:
    return {name for part in parts for inner in opened(part) for name in haystack.in_bytes(inner)}
