"""Schemathesis driven over one door of a running stack, and what it found there."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import Status, StopReason, events, from_schema

SEED = 20_260_701
EXAMPLES_PER_OPERATION = 30


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a check objects to and we stand by: which objection, to which answers, and why."""

    objection: str
    covers: Callable[[Any], bool]
    reason: str
    proved_by: str

    def takes(self, failure: Failure, answer: Any) -> bool:
        return type(failure).__name__ == self.objection and self.covers(answer)


@dataclass(frozen=True, slots=True)
class Found:
    objections: list[str] = field(default_factory=list)
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    checks: Counter[str] = field(default_factory=Counter)
    phases: set[str] = field(default_factory=set)
    stopped: list[StopReason] = field(default_factory=list)

    @property
    def without_success(self) -> list[str]:
        """Operations, as `GET /path`, that were asked and never did what they are for."""
        return [
            operation
            for operation, statuses in self.statuses.items()
            if not statuses[200] + statuses[201] + statuses[202]
        ]

    def join(self, other: "Found") -> None:
        self.objections.extend(other.objections)
        for operation, statuses in other.statuses.items():
            self.statuses[operation].update(statuses)


def configuration(
    *,
    authority: Path,
    token: str,
    values: Mapping[str, Sequence[str | int]],
    examples: int = EXAMPLES_PER_OPERATION,
    **project: Any,
) -> SchemathesisConfig:
    """All checks and phases; parameters mostly take one of `values`, so that the domain is reached."""
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "cache": {"enabled": False},
            "headers": {"Authorization": f"Bearer {token}"},
            "tls-verify": str(authority),
            "continue-on-failure": True,
            "request-timeout": 30,
            "generation": {
                "max-examples": examples,
                "deterministic": True,
                "database": "none",
                "no-shrink": True,
            },
            "dictionaries": {
                place: {"values": [one if isinstance(one, int) else str(one) for one in found]}
                for place, found in values.items()
            },
            "parameters": {place: {"dictionary": place, "probability": 0.9} for place in values},
            **project,
        }
    )


def document(url: str, config: SchemathesisConfig) -> Any:
    """The description that the people's door `url` gives of both doors."""
    return schemathesis.openapi.from_url(f"{url}/openapi.json", config=config)


def run(described: Any, allowances: Iterable[Allowance]) -> Found:
    allowed, found = tuple(allowances), Found()

    @described.hook("filter_failure")  # type: ignore[untyped-decorator]
    def keep(context: Any, failure: Failure, case: Any, response: Any) -> bool:
        return not any(one.takes(failure, response) for one in allowed)

    for event in from_schema(described).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(event.recorder, found)
        elif isinstance(event, events.PhaseFinished) and event.status is Status.SUCCESS:
            found.phases.add(event.phase.name.value)
        elif isinstance(event, (events.NonFatalError, events.FatalError)):
            found.objections.append(str(event))
        elif isinstance(event, events.EngineFinished):
            found.stopped.append(event.stop_reason)
            found.objections.extend(map(str, event.failures))
    return found


def _note(recorder: Any, found: Found) -> None:
    for case_id, interaction in recorder.interactions.items():
        if interaction.response is not None:
            label = recorder.cases[case_id].value.operation.label
            found.statuses[label][interaction.response.status_code] += 1
    for checks in recorder.checks.values():
        for check in checks:
            found.checks[check.name] += 1
            if check.failure_info is not None:
                found.objections.append(f"{check.failure_info.failure}\n{check.failure_info.code_sample}")
