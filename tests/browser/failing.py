"""Circumstances under which a page has to stand: no network, a slow one, a failing server, an ended login."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import BrowserContext, Page, Route

from aval.edge.problems import unexpected_document

TRANSACTION: Final = "00000000-0000-4000-8000-000000000000"
_RENEWAL: Final = "REFRESH_TOKEN_AUTH"
_PASSWORD: Final = "USER_PASSWORD_AUTH"
_AMZ_JSON: Final = "application/x-amz-json-1.1"


@contextmanager
def offline(context: BrowserContext) -> Iterator[None]:
    context.set_offline(True)
    try:
        yield
    finally:
        context.set_offline(False)


@contextmanager
def slow(page: Page, *, seconds: float = 2.0, bytes_per_second: int = 50_000) -> Iterator[None]:
    """Every answer begins that much later and comes that slowly; see `held` to hold one request back."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    limits = {"offline": False, "latency": seconds * 1000}
    both = {"downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second}
    session.send("Network.emulateNetworkConditions", {**limits, **both})
    try:
        yield
    finally:
        unlimited = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        session.send("Network.emulateNetworkConditions", unlimited)
        session.detach()


@contextmanager
def held(page: Page, path: str) -> Iterator[list[Route]]:
    """Requests for `path` (a pattern) wait until the block ends: what is shown meanwhile can be seen."""
    waiting: list[Route] = []
    pattern = re.compile(path)

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(pattern, hold)
    try:
        yield waiting
    finally:
        for route in waiting:
            route.continue_()
        page.unroute(pattern)


def fail_inside(page: Page, path: str, *, times: int | None = None) -> None:
    """Requests for `path` (a pattern) get what the platform says when it fails: 500, a problem document."""
    told = unexpected_document(transaction_id=TRANSACTION)
    answer(page, path, 500, told, content_type="application/problem+json", times=times)


def fail_at_the_gateway(page: Page, path: str, *, status: int = 503, times: int | None = None) -> None:
    """Requests get what API Gateway itself answers: 503, or 500 and 429, each with no problem document."""
    told = {429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}[status]
    answer(page, path, status, {"message": told}, times=times)


def answer(
    page: Page,
    path: str,
    status: int,
    body: Any,
    *,
    content_type: str = "application/json",
    times: int | None = None,
) -> None:
    def fulfil(route: Route) -> None:
        route.fulfill(status=status, content_type=content_type, body=json.dumps(body))

    page.route(re.compile(path), fulfil, times=times)


def refuse_at_cognito(page: Page, action: str, kind: str, message: str) -> None:
    """Refuse the next call of that name as Cognito does, where the emulator never does or needs hours."""

    waiting = [action]

    def refuse(route: Route) -> None:
        called = route.request.headers.get("x-amz-target", "").rpartition(".")[2]
        if called in waiting:
            waiting.remove(called)
            _refuse(route, kind, message)
        else:
            route.fallback()

    page.route("**/*", refuse)


def _refuse(route: Route, kind: str, message: str) -> None:
    allowed = {"access-control-allow-origin": "*", "x-amzn-errortype": f"{kind}:"}
    body = json.dumps({"__type": kind, "message": message})
    route.fulfill(status=400, content_type=_AMZ_JSON, headers=allowed, body=body)


def end_the_login(page: Page, people_url: str) -> None:
    """Refuse this page's tokens and their renewal, as after a global sign-out, until it logs in again."""
    ended: set[str] = set()
    again: list[str] = []

    def refuse_tokens(route: Route) -> None:
        token = route.request.headers.get("authorization", "")
        if token and not again:
            ended.add(token)
        if token in ended:
            route.fulfill(status=401, content_type="application/json", body='{"message":"Unauthorized"}')
        else:
            route.fallback()

    def refuse_renewals(route: Route) -> None:
        asked = route.request.post_data or ""
        if _PASSWORD in asked:
            again.append(_PASSWORD)
        if _RENEWAL not in asked or again:
            route.fallback()
            return
        _refuse(route, "NotAuthorizedException", "Refresh Token has been revoked")

    page.route(re.compile(f"^{re.escape(people_url)}/"), refuse_tokens)
    page.route(lambda url: not url.startswith(people_url), refuse_renewals)
