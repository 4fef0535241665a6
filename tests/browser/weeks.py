"""Weeks of tests' own, whatever ran on the stack before."""

from typing import Final

from tests.e2e.ended_week import OwnWeek
from tests.support.stack import Stack

FABIO: Final = "fabio@demo.aval.example"
# Tests over HTTPS have weeks of their own below.
_FIRST_WEEK: Final = 951


def fresh_week(stack: Stack) -> OwnWeek:
    """One that no run on this stack had: its parameters never change, the deadline among them."""
    listed = stack.request("GET", "/prudencial/semanas", token=stack.token(FABIO)).json()["semanas"]
    taken = {int(week["evento"][6:]) for week in listed}
    return OwnWeek.dropped(stack, next(number for number in range(_FIRST_WEEK, 1000) if number not in taken))
