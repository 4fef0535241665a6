import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest

from aval.identifiers import Cnpj, Fingerprint
from aval.identity.tokens import (
    SYSTEM_TOKEN_LIFETIME,
    SystemClaims,
    TokenRefused,
    issue_system_token,
    token_algorithm,
    verify_person_token,
    verify_system_token,
)
from tests.support.tokens import CLIENT, ISSUER, NOW, FakePool, LocalSigner

CLAIMS = SystemClaims(Cnpj("33047509000149"), Fingerprint("ab" * 32))
ONE_SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def pool() -> FakePool:
    return FakePool()


@pytest.fixture(scope="module")
def signer() -> LocalSigner:
    return LocalSigner()


def issued(signer: LocalSigner) -> str:
    return issue_system_token(CLAIMS, signer=signer, token_id="t-1", at=NOW)


def verified_login(pool: FakePool, token: str, *, after: timedelta = timedelta()) -> str:
    return verify_person_token(token, keys=pool, issuer=ISSUER, client_id=CLIENT, at=NOW + after)


def test_a_system_token_reads_back_as_what_it_was_issued_for(signer: LocalSigner) -> None:
    read = verify_system_token(issued(signer), public_key_pem=signer.public_key_pem(), at=NOW)
    assert read == CLAIMS


def test_a_system_token_lives_ten_minutes_and_not_a_second_more(signer: LocalSigner) -> None:
    token, key = issued(signer), signer.public_key_pem()
    verify_system_token(token, public_key_pem=key, at=NOW + SYSTEM_TOKEN_LIFETIME - ONE_SECOND)
    with pytest.raises(TokenRefused, match="expirado"):
        verify_system_token(token, public_key_pem=key, at=NOW + SYSTEM_TOKEN_LIFETIME)


def test_refuses_a_system_token_of_another_key(signer: LocalSigner) -> None:
    with pytest.raises(TokenRefused, match="assinatura"):
        verify_system_token(issued(signer), public_key_pem=LocalSigner().public_key_pem(), at=NOW)


def test_refuses_a_system_token_with_one_letter_changed(signer: LocalSigner) -> None:
    header, payload, signature = issued(signer).split(".")
    tampered = f"{header}.{payload[:-1]}{'A' if payload[-1] != 'A' else 'B'}.{signature}"
    with pytest.raises(TokenRefused):
        verify_system_token(tampered, public_key_pem=signer.public_key_pem(), at=NOW)


def test_refuses_a_persons_token_where_a_systems_is_due(pool: FakePool, signer: LocalSigner) -> None:
    with pytest.raises(TokenRefused):
        verify_system_token(pool.token(), public_key_pem=signer.public_key_pem(), at=NOW)


def test_a_persons_token_gives_the_login(pool: FakePool) -> None:
    assert verified_login(pool, pool.token()) == "11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"client_id": "another"},
        {"token_use": "id"},
        {"sub": None},
        {"sub": 7},
        {"exp": None},
        {"iat": "soon"},
        {"iat": int(NOW.timestamp()) + 31},
    ],
    ids="-".join,
)
def test_refuses_a_persons_token_with(pool: FakePool, changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        verified_login(pool, pool.token(**changes))


def test_a_persons_token_ends_on_the_second(pool: FakePool) -> None:
    token = pool.token(exp=int(NOW.timestamp()) + 60)
    verified_login(pool, token, after=timedelta(seconds=59))
    with pytest.raises(TokenRefused, match="expirado"):
        verified_login(pool, token, after=timedelta(seconds=60))


def test_refuses_another_algorithm_of_the_same_key(pool: FakePool) -> None:
    with pytest.raises(TokenRefused):
        verified_login(pool, pool.token(algorithm="RS512"))


def test_refuses_a_token_of_an_unknown_key(pool: FakePool) -> None:
    with pytest.raises(TokenRefused, match="desconhecida"):
        verified_login(FakePool(key_id="other"), pool.token())


@pytest.mark.parametrize("text", ["", "a.b.c", "....", "é.é.é", "x" * 9000])
def test_refuses_rubbish_before_choosing_a_verifier(text: str) -> None:
    with pytest.raises(TokenRefused):
        token_algorithm(text)


@pytest.mark.parametrize("critical", [1, None, ["b64"], "exp"])
def test_refuses_a_token_with_critical_extensions_whatever_they_are(
    signer: LocalSigner, critical: object
) -> None:
    header = json.dumps({"alg": "ES256", "kid": signer.key_id, "crit": critical}).encode()
    token = f"{urlsafe_b64encode(header).rstrip(b'=').decode()}.e30.AAAA"
    with pytest.raises(TokenRefused):
        verify_system_token(token, public_key_pem=signer.public_key_pem(), at=NOW)


@pytest.mark.parametrize("text", ["", "a.b.c", "é.é.é", "eyJhbGciOiJub25lIn0.e30."])
def test_refuses_rubbish_as_a_persons_token(pool: FakePool, text: str) -> None:
    with pytest.raises(TokenRefused):
        verified_login(pool, text)


def test_names_the_algorithm_that_a_token_claims(pool: FakePool, signer: LocalSigner) -> None:
    assert token_algorithm(pool.token()) == "RS256"
    assert token_algorithm(issued(signer)) == "ES256"
