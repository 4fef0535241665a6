import json
from collections.abc import Iterator
from typing import Any

import pytest

from aval.edge import documentation
from local import openapi, openapi_types

DOCUMENT = json.loads(documentation.openapi_text())


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_published_document_is_what_the_handlers_say() -> None:
    assert documentation.openapi_text() == openapi.rendered(openapi.openapi_document()), "run `make openapi`"


def test_the_types_of_the_page_are_what_the_document_says() -> None:
    assert openapi_types.TYPES.read_text() == openapi_types.types_of(DOCUMENT), "run `make openapi`"


def test_every_reference_leads_somewhere() -> None:
    named = {
        f"#/components/{kind}/{name}"
        for kind, components in DOCUMENT["components"].items()
        for name in components
    }
    assert set(references(DOCUMENT)) <= named


@pytest.mark.parametrize(("path", "method", "operation"), list(operations()))
def test_an_operation_tells_what_it_does_and_every_refusal(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert {"404", "422", "500"} <= set(operation["responses"])
    assert bool(operation["security"]) is ((method, path) not in openapi.PUBLIC)


def test_the_page_names_every_operation_and_runs_no_script() -> None:
    page = documentation.page()
    for path, method, _ in operations():
        assert f"<code>{method.upper()} {path}</code>" in page
    assert "<script" not in page
    assert "style-src 'sha256-" in documentation.PAGE_HEADERS["Content-Security-Policy"]
