"""Weeks of a test's own, and the clock's functions run as if it were later."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from aval.identifiers import EventCode
from aval.moments import SAO_PAULO, for_people, utc_now
from aval.sealing.envelope import SealedKind, new_request_id
from aval.sealing.statements import Act
from local.seed import week
from local.seed.drops import PARAMETERS, deliver
from tests.e2e.week_agent import Asked, WeekAgent
from tests.support.stack import Answer, Stack

_MOST_ASKS = 6


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """Its deadline comes long before the demo's, so that closing it closes no other test's."""

    stack: Stack
    event: EventCode
    deadline: datetime

    @classmethod
    def dropped(cls, stack: Stack, number: int, **changes: Any) -> "OwnWeek":
        """Open now; `number` is of the month's weeks, and no two tests take the same one."""
        today = utc_now().astimezone(SAO_PAULO)
        event = EventCode.parse(f"{today:%Y%m}{number}")
        deadline = (utc_now() + timedelta(hours=2)).replace(microsecond=0)
        told = {**week.parameters(today.date()), "evento": event, "prazo": for_people(deadline), **changes}
        bucket = stack.outputs["PrudentialBucketName"]
        content = json.dumps(told).encode()
        report = deliver(stack.client("s3"), bucket, PARAMETERS, f"semana-{event}.json", content)
        assert report["aceito"], report
        return cls(stack, event, deadline)

    def run(self, function: str, *, after_deadline: timedelta) -> None:
        at = self.deadline + after_deadline
        answer = self.stack.client("lambda").invoke(
            FunctionName=f"aval-{function}", Payload=json.dumps({"em": at.isoformat()}).encode()
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    def close(self) -> None:
        self.run("close-weeks", after_deadline=timedelta(minutes=5))


class PatientAgent(WeekAgent):
    """Who asks again while an act is under way: the same request is the same task."""

    def ask(self, asked: Asked) -> Answer:
        for _ in range(_MOST_ASKS):
            answer = super().ask(asked)
            if answer.status != HTTPStatus.ACCEPTED:
                return answer
        return answer

    def sending_none(self, calculation: str, reason: str) -> Asked:
        """That there is no factor, and why."""
        request_id = new_request_id()
        told = self._statement(Act.ENVIAR, self.company, calculation, request_id, fa=None, motivo=reason)
        return self._sealed("POST", "envio", SealedKind.ENVIO, told.encode(), request_id)
