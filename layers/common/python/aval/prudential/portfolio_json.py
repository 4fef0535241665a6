"""Portfolios as JSON: one agent's, or many in one file."""

from aval.identifiers import EventCode
from aval.prudential.portfolio import Portfolio, PortfoliosRead


def read_portfolio(data: bytes, *, event: EventCode | None = None) -> Portfolio:
    """Raise `FaultsFound` for every rule that it breaks, `FileUnreadable` for what is no JSON."""
    raise NotImplementedError


def read_portfolios(data: bytes, *, event: EventCode | None = None) -> PortfoliosRead:
    """One portfolio or `{"agentes": […]}`; raise `FaultsFound` for what concerns the whole file."""
    raise NotImplementedError
