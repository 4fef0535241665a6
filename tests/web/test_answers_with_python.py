"""Answers of the enclave in the page and in Python: opened by both, or refused by both alike."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.sealing import base64url, ec_keys, key_agreement, signatures
from aval.sealing.answers import Answer, Binding, ExpectedAnswer, open_answer, seal_answer
from aval.sealing.canonical import canonical
from aval.sealing.head import Head
from aval.sealing.refusals import SealRefused
from tests.support.sealing import (
    COMPANY,
    EVENT,
    HEAD,
    KEY_ID,
    OTHER_COMPANY,
    OTHER_EVENT,
    REQUEST,
    jws,
    reader,
    readers,
    signing_key,
)
from tests.web.sealing_peer import PageRefused, SealingPeer, private, sealing_peer

SUBJECT: Final = "5" * 64
_SIGNER: Final = signing_key().public_key()
PAYLOAD: Final = {"objeto": SUBJECT, "texto": "olá", "lista": [1, None, True]}


@pytest.fixture(scope="module")
def page() -> Iterator[SealingPeer]:
    with sealing_peer() as peer:
        yield peer


def answer(payload: Mapping[str, object] | None = None, head: Head = HEAD, **changes: Any) -> bytes:
    told: dict[str, Any] = {"event": EVENT, "company": COMPANY, "request_id": REQUEST, "head": head}
    told["caveats"] = ["B", "A"]
    return seal_answer(
        PAYLOAD if payload is None else payload,
        Binding(**(told | changes)),
        readers(),
        signing_key=signing_key(),
        signing_kid=KEY_ID,
    )


def opened_by_both(page: SealingPeer, sealed: bytes, name: str = "ana", **changes: Any) -> Any:
    """What the page says, once Python says the same: opened, or refused for the same reason."""
    asked: dict[str, Any] = {
        "event": EVENT,
        "company": COMPANY,
        "request_id": REQUEST,
        "seen": HEAD,
        "readers": readers().digest,
        "subject": SUBJECT,
    } | changes
    expected = ExpectedAnswer(**asked)
    here = _here(lambda: open_answer(sealed, reader(name), signer=_SIGNER, expected=expected))
    there = _there(
        lambda: page.ask(
            "openAnswer",
            answer=sealed.decode(),
            keys=private(reader(name)),
            signer=ec_keys.public_jwk(_SIGNER),
            expected={
                "event": asked["event"],
                "company": asked["company"],
                "requestId": asked["request_id"],
                "seen": asked["seen"].as_json() if asked["seen"] else None,
                "readers": asked["readers"],
                "subject": asked["subject"],
            },
        )
    )
    assert there == here
    return here if isinstance(here, str) else here["payload"]


def _here(act: Callable[[], Answer]) -> Any:
    try:
        told = act()
    except SealRefused as refusal:
        return refusal.reason
    head, caveats = told.head.as_json(), list(told.caveats)
    return {"payload": told.payload, "head": head, "readers": told.readers, "caveats": caveats}


def _there(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except PageRefused as refusal:
        return refusal.code


@pytest.mark.parametrize("name", ["ana", "bia"])
@pytest.mark.parametrize("seen", [None, HEAD, Head(6, "6" * 64)], ids=["nothing", "the same", "an older one"])
def test_an_answer_opens_in_the_page_for_each_reader(page: SealingPeer, name: str, seen: Head | None) -> None:
    assert opened_by_both(page, answer(), name, seen=seen) == PAYLOAD


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"event": OTHER_EVENT}, "EVENTO_DIVERGE"),
        ({"company": OTHER_COMPANY}, "EMPRESA_DIVERGE"),
        ({"request_id": "outro-pedido-de-teste"}, "PEDIDO_DIVERGE"),
        ({"readers": "0" * 64}, "LEITORES_DIVERGEM"),
        ({"subject": "0" * 64}, "OBJETO_DIVERGE"),
        ({"seen": Head(8, "7" * 64)}, "DIARIO_ANTERIOR"),
        ({"seen": Head(7, "8" * 64)}, "DIARIO_BIFURCADO"),
    ],
    ids=str,
)
def test_both_refuse_an_answer_to_something_else(
    page: SealingPeer, changes: dict[str, Any], code: str
) -> None:
    assert opened_by_both(page, answer(), **changes) == code


def test_both_refuse_an_answer_to_somebody_else(page: SealingPeer) -> None:
    assert opened_by_both(page, answer(), "caio") == "NAO_E_LEITOR"


def test_both_refuse_an_answer_that_another_key_signed(page: SealingPeer) -> None:
    forged = seal_answer(
        PAYLOAD,
        Binding(EVENT, COMPANY, REQUEST, HEAD),
        readers(),
        signing_key=signing_key(2),
        signing_kid=KEY_ID,
    )
    assert opened_by_both(page, forged) == "ASSINATURA_NAO_CONFERE"


def outer(change: Callable[[dict[str, Any]], Any]) -> bytes:
    told = json.loads(answer())
    change(told)
    return json.dumps(told).encode()


def _protected(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    lawful = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "typ": "aval-resposta"}
    members = {name: value for name, value in (lawful | changes).items() if value is not ...}
    return lambda told: told.update(protected=base64url.encode_text(canonical(members)))


def _flipped(name: str) -> Callable[[dict[str, Any]], Any]:
    def change(told: dict[str, Any]) -> None:
        data = bytearray(base64url.decode_text(told[name]))
        data[0] ^= 1
        told[name] = base64url.encode_text(bytes(data))

    return change


def _swapped(told: dict[str, Any]) -> None:
    first, second = told["recipients"]
    first["encrypted_key"] = second["encrypted_key"]


BAD_OUTSIDES: Final[dict[str, tuple[Callable[[dict[str, Any]], Any], str]]] = {
    "a member less": (lambda told: told.pop("iv"), "MALFORMADO"),
    "a member more": (lambda told: told.update(unprotected={}), "MALFORMADO"),
    "additional data": (lambda told: told.update(aad="eA"), "MALFORMADO"),
    "no recipient": (lambda told: told.update(recipients=[]), "MALFORMADO"),
    "nine recipients": (lambda told: told.update(recipients=told["recipients"] * 5), "MALFORMADO"),
    "a short nonce": (lambda told: told.update(iv="AAAA"), "MALFORMADO"),
    "a short tag": (lambda told: told.update(tag="AAAA"), "MALFORMADO"),
    "a number for text": (lambda told: told.update(tag=1), "MALFORMADO"),
    "padding": (lambda told: told.update(tag=told["tag"] + "=="), "MALFORMADO"),
    "bits left over": (lambda told: told.update(tag=told["tag"][:-1] + "B"), "MALFORMADO"),
    "another algorithm": (_protected(alg="ECDH-ES"), "ALGORITMO_NAO_ACEITO"),
    "another cipher": (_protected(enc="A128GCM"), "ALGORITMO_NAO_ACEITO"),
    "compressed": (_protected(zip="DEF"), "CABECALHO_NAO_ACEITO"),
    "critical": (_protected(crit=["b64"]), "CABECALHO_NAO_ACEITO"),
    "another type": (_protected(typ="aval-ato"), "CABECALHO_NAO_ACEITO"),
    "no type": (_protected(typ=...), "CABECALHO_NAO_ACEITO"),
    "another header": (_protected(), "NAO_ABRE"),
    "changed content": (_flipped("ciphertext"), "NAO_ABRE"),
    "changed tag": (_flipped("tag"), "NAO_ABRE"),
    "another's key": (_swapped, "NAO_ABRE"),
    "a short key": (lambda told: told["recipients"][0].update(encrypted_key="AAAA"), "NAO_ABRE"),
    "a recipient of more": (lambda told: told["recipients"][0].update(x=1), "CABECALHO_NAO_ACEITO"),
    "a header of more": (
        lambda told: told["recipients"][0]["header"].update(apu="eA"),
        "CABECALHO_NAO_ACEITO",
    ),
    "no point": (
        lambda told: told["recipients"][0]["header"]["epk"].update(x="A" * 43),
        "MALFORMADO",
    ),
}


@pytest.mark.parametrize(("change", "code"), BAD_OUTSIDES.values(), ids=BAD_OUTSIDES.keys())
def test_both_refuse_the_same_outsides(
    page: SealingPeer, change: Callable[[dict[str, Any]], Any], code: str
) -> None:
    if change is BAD_OUTSIDES["another header"][0]:
        # The same members spelt otherwise: what is authenticated is the text.
        spelt = json.dumps({"typ": "aval-resposta", "enc": "A256GCM", "alg": "ECDH-ES+A256KW"}).encode()
        sealed = outer(lambda told: told.update(protected=base64url.encode_text(spelt)))
    else:
        sealed = outer(change)
    assert opened_by_both(page, sealed) == code


def with_inside(signed: str | bytes) -> bytes:
    """Sealed as an answer is, whatever is inside."""
    content_key, nonce = AESGCM.generate_key(256), bytes(12)
    told = json.loads(answer())
    data = signed.encode() if isinstance(signed, str) else signed
    body = AESGCM(content_key).encrypt(nonce, data, told["protected"].encode())
    recipients = []
    for one in readers().listed:
        wrapped = key_agreement.wrap(content_key, one.encryption)
        epk = ec_keys.public_jwk(wrapped.ephemeral)
        key = base64url.encode_text(wrapped.wrapped)
        recipients.append({"header": {"kid": one.id, "epk": epk}, "encrypted_key": key})
    told |= {
        "iv": base64url.encode_text(nonce),
        "ciphertext": base64url.encode_text(body[:-16]),
        "tag": base64url.encode_text(body[-16:]),
        "recipients": recipients,
    }
    return json.dumps(told).encode()


def inner(**changes: Any) -> dict[str, Any]:
    lawful = {
        "evento": EVENT,
        "cnpj": COMPANY,
        "jti": REQUEST,
        "cabeca": HEAD.as_json(),
        "leitores": readers().digest,
        "ressalvas": [],
        "conteudo": PAYLOAD,
    }
    return {name: value for name, value in (lawful | changes).items() if value is not ...}


def _signed(payload: bytes, kind: str = "aval-resposta") -> str:
    return signatures.sign(payload, kind=kind, key_id=KEY_ID, key=signing_key())


def _headed(**changes: Any) -> str:
    lawful = {"alg": "ES256", "kid": KEY_ID, "typ": "aval-resposta"}
    told = {name: value for name, value in (lawful | changes).items() if value is not ...}
    return jws(told, inner(), signing_key())


def _unsigned(change: Callable[[str], str]) -> str:
    return change(_signed(canonical(inner())))


BAD_INSIDES: Final[dict[str, tuple[Callable[[], str | bytes], str]]] = {
    "no signature": (lambda: "nothing signed", "MALFORMADO"),
    "not ASCII": ("é.é.é".encode, "NAO_ABRE"),
    "not text": (lambda: b"\xff.\xff.\xff", "NAO_ABRE"),
    "another purpose": (lambda: _signed(canonical(inner()), kind="aval-ato"), "CABECALHO_NAO_ACEITO"),
    "a header of more": (lambda: _headed(x="y"), "CABECALHO_NAO_ACEITO"),
    "its own key": (
        lambda: _headed(jwk=ec_keys.public_jwk(signing_key().public_key())),
        "CABECALHO_NAO_ACEITO",
    ),
    "no kid": (lambda: _headed(kid=...), "CABECALHO_NAO_ACEITO"),
    "unsecured": (
        lambda: base64url.encode_text(b'{"alg":"none","kid":"k","typ":"aval-resposta"}') + ".e30.",
        "ALGORITMO_NAO_ACEITO",
    ),
    "a cut signature": (lambda: _unsigned(lambda told: told[:-2]), "ASSINATURA_NAO_CONFERE"),
    "an empty signature": (
        lambda: _unsigned(lambda told: told.rpartition(".")[0] + "."),
        "ASSINATURA_NAO_CONFERE",
    ),
    "a signature of zeros": (
        lambda: _unsigned(lambda told: told.rpartition(".")[0] + "." + "A" * 86),
        "ASSINATURA_NAO_CONFERE",
    ),
    "a member less": (lambda: _signed(canonical(inner(jti=...))), "MALFORMADO"),
    "a member more": (lambda: _signed(canonical(inner(x=1))), "MALFORMADO"),
    "a member twice": (
        lambda: _signed(canonical(inner())[:-1] + b',"jti":"pedido-de-teste-01"}'),
        "MALFORMADO",
    ),
    "a fraction": (lambda: _signed(json.dumps(inner(conteudo={"fa": 0.5})).encode()), "MALFORMADO"),
    "no object": (lambda: _signed(canonical(inner(conteudo=[]))), "MALFORMADO"),
    "no list": (lambda: _signed(canonical(inner(ressalvas={}))), "MALFORMADO"),
    "no text": (lambda: _signed(canonical(inner(ressalvas=[1]))), "MALFORMADO"),
    "no head": (lambda: _signed(canonical(inner(cabeca={"contador": 7}))), "MALFORMADO"),
    "a head of true": (
        lambda: _signed(canonical(inner(cabeca={"contador": True, "resumo": "7" * 64}))),
        "MALFORMADO",
    ),
}


@pytest.mark.parametrize(("inside", "code"), BAD_INSIDES.values(), ids=BAD_INSIDES.keys())
def test_both_refuse_the_same_insides(
    page: SealingPeer, inside: Callable[[], str | bytes], code: str
) -> None:
    assert opened_by_both(page, with_inside(inside())) == code


def _mutated(rng: random.Random, data: bytes) -> bytes:
    """In one place: of two that are wrong either may be told first."""
    changed = bytearray(data)
    at, other = rng.randrange(len(changed)), rng.randrange(len(changed))
    match rng.randrange(4):
        case 0:
            changed[at] = rng.randrange(32, 127)
        case 1:
            del changed[at : at + rng.randint(1, 5)]
        case 2:
            changed[at:at] = bytes(rng.choices(b'{}[]",:=-_A0\\u', k=rng.randint(1, 3)))
        case _:
            changed[at : at + 8] = changed[other : other + 8]
    return bytes(changed)


@pytest.mark.parametrize("seed", range(4))
def test_both_judge_mutated_answers_alike(page: SealingPeer, seed: int) -> None:
    rng, whole = random.Random(seed), answer()
    codes = {str(opened_by_both(page, _mutated(rng, whole))) for _ in range(500)}
    assert {"MALFORMADO", "NAO_ABRE"} <= codes
