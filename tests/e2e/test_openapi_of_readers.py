"""What the API says of a company's authorised readers holds, asked with a list that is signed by it."""

import re
from collections.abc import Sequence
from functools import partial

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from aval.moments import utc_now
from aval.sealing.authorisation import sign_authorisation
from aval.sealing.readers import ReaderKeys, Readers
from local.seed.company import BUYER, CompanyFiles
from tests.e2e.test_openapi_contract import (
    ALLOWANCES,
    OF_READERS,
    PHASES,
    WITHOUT_LINKS,
    assert_keeps,
)
from tests.e2e.week_agent import FABIO
from tests.support.openapi_runs import Found, configuration, document, run
from tests.support.stack import Stack


def signed(stack: Stack) -> str:
    """Of a company that other tests' lotes are not sent by."""
    files = CompanyFiles.of_the_buyer(stack.places.company)
    chain = x509.load_pem_x509_certificates(files.chain.read_bytes())
    key = load_pem_private_key(files.key.read_bytes(), None)
    readers = Readers((ReaderKeys.generate("leitor-1").public,))
    der = [one.public_bytes(Encoding.DER) for one in chain]
    return sign_authorisation(readers, BUYER, der, key, at=utc_now())


@pytest.fixture(scope="module")
def of_readers(stack: Stack) -> Found:
    values: dict[str, Sequence[str | int]] = {"path.cnpj": [BUYER], "body.autorizacao": [signed(stack)]}
    asked = partial(
        configuration, authority=stack.authority, token=stack.token(FABIO), values=values, **WITHOUT_LINKS
    )
    return run(document(stack.people_url, asked()).include(path_regex=OF_READERS), ALLOWANCES)


def test_the_doors_of_readers_keep_what_they_say(stack: Stack, of_readers: Found) -> None:
    described = stack.request("GET", "/openapi.json").json()["paths"]
    operations = {
        f"{method.upper()} {path}"
        for path, methods in described.items()
        for method in methods
        if re.match(OF_READERS, path)
    }
    assert_keeps(of_readers, operations, public=set(), phases=PHASES)
