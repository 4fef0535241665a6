"""The key on offer and receipts in the page and in Python: taken by both, or refused by both alike."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.attestation.refusals import AttestationRefused
from aval.attestation.roots import AWS_ROOT
from aval.identifiers import Fingerprint
from aval.sealing import base64url, ec_keys, receipts, signatures
from aval.sealing.canonical import canonical
from aval.sealing.caveats import caveats_of
from aval.sealing.offered_key import KeyOffer, verify_offer, verify_past_offer
from aval.sealing.receipt_content import Receipt
from aval.sealing.receipts import commit, commitment_of, verify_receipt
from aval.sealing.refusals import SealRefused
from aval.sealing.release import Released
from tests.support.attested import (
    MEASUREMENTS,
    NONCE,
    accepted,
    attested,
    declaration,
    offer,
    receipt,
    root_fingerprint,
    signed_receipt,
    spki,
)
from tests.support.sealing import AT, EVENT, KEY_ID, OTHER_EVENT, sealing_key, signing_key
from tests.web.sealing_peer import PageRefused, SealingPeer, sealing_peer

ROOT: Final = root_fingerprint()
RELEASED: Final = AT - timedelta(days=1)


@pytest.fixture(scope="module")
def page() -> Iterator[SealingPeer]:
    with sealing_peer() as peer:
        yield peer


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def code(root: Fingerprint = ROOT) -> dict[str, object]:
    pcrs = {str(index): value.hex() for index, value in MEASUREMENTS[0].pcrs.items()}
    return {"root": root, "released": milliseconds(RELEASED), "pcrs": pcrs}


def verdict(judge: Callable[[], Any]) -> str:
    """The code of a refusal, or "taken"."""
    try:
        judge()
    except (SealRefused, AttestationRefused) as refusal:
        return str(refusal.reason)
    except PageRefused as refusal:
        return refusal.code
    return "taken"


def offer_judged(page: SealingPeer, told: bytes, **changes: Any) -> str:
    asked: dict[str, Any] = {"now": AT + timedelta(minutes=1), "nonce": NONCE, "root": ROOT} | changes

    def here() -> None:
        measurements = accepted(asked["now"])
        verify_offer(
            KeyOffer.read(told),
            root=asked["root"],
            measurements=measurements,
            now=asked["now"],
            nonce=asked["nonce"],
        )

    def there() -> None:
        page.ask(
            "verifyOffer",
            offer=told.decode(),
            code=code(asked["root"]),
            at=milliseconds(asked["now"]),
            nonce=asked["nonce"].hex(),
        )

    assert verdict(there) == verdict(here)
    return verdict(there)


def test_a_key_that_released_code_attests_may_be_sealed_to(page: SealingPeer) -> None:
    told = page.ask(
        "verifyOffer", offer=offer().decode(), code=code(), at=milliseconds(AT), nonce=NONCE.hex()
    )
    assert told == {
        "keyId": KEY_ID,
        "signing": ec_keys.public_jwk(signing_key().public_key()),
        "bits": 3072,
        "isHardware": False,
    }
    assert page.ask("verifyPastOffer", offer=offer().decode(), code=code()) == told
    assert offer_judged(page, offer(transacao="t-1")) == "taken"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"root": AWS_ROOT}, "RAIZ_DESCONHECIDA"),
        ({"nonce": bytes(32)}, "NONCE_DIVERGENTE"),
        ({"nonce": b""}, "NONCE_DIVERGENTE"),
        ({"now": AT + timedelta(minutes=5)}, "taken"),
        ({"now": AT + timedelta(minutes=5, seconds=1)}, "ANTIGO"),
        ({"now": AT - timedelta(minutes=2)}, "AINDA_NAO_VALE"),
    ],
    ids=str,
)
def test_both_ask_the_same_of_the_moment(page: SealingPeer, changes: dict[str, Any], reason: str) -> None:
    assert offer_judged(page, offer(), **changes) == reason


_OTHER: Final = replace(declaration(), method="outro")
_WHOLE: Final = json.loads(offer())
OFFERS: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "another declaration": (lambda: offer(declaracao=_OTHER.as_json()), "DECLARACAO_DIVERGE"),
    "no user data": (lambda: offer(user_data=None), "DECLARACAO_DIVERGE"),
    "another signing key": (
        lambda: offer(assinatura=ec_keys.public_jwk(signing_key(2).public_key())),
        "CHAVE_DE_ASSINATURA_DIVERGE",
    ),
    "other code": (lambda: offer(pcrs={0: b"x" * 48}), "PCR_DIVERGENTE"),
    "no key": (lambda: offer(public_key=None), "CHAVE_PUBLICA"),
    "an EC key": (lambda: offer(public_key=spki(signing_key().public_key())), "CHAVE_PUBLICA"),
    "a short key": (lambda: offer(public_key=spki(sealing_key(2048).public_key())), "CHAVE_PUBLICA"),
    "a trailing byte": (
        lambda: offer(public_key=spki(sealing_key().public_key()) + b"\0"),
        "CHAVE_PUBLICA",
    ),
    "PEM": (
        lambda: offer(
            public_key=sealing_key()
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        ),
        "CHAVE_PUBLICA",
    ),
    "padding": (lambda: offer(atestado=_WHOLE["atestado"] + "="), "MALFORMADO"),
    "base64url": (lambda: offer(atestado="-" + _WHOLE["atestado"][1:]), "MALFORMADO"),
    "a space": (lambda: offer(atestado=" " + _WHOLE["atestado"]), "MALFORMADO"),
    "no document": (lambda: offer(atestado=None), "MALFORMADO"),
    "no declaration": (lambda: offer(declaracao=None), "MALFORMADO"),
    "no week": (lambda: offer(declaracao=declaration().as_json() | {"semanas": []}), "MALFORMADO"),
    "an odd week": (lambda: offer(declaracao=declaration().as_json() | {"semanas": ["x"]}), "MALFORMADO"),
    "no signing key": (lambda: offer(assinatura=None), "MALFORMADO"),
    "a private key": (
        lambda: offer(assinatura=ec_keys.private_jwk(signing_key())),
        "MALFORMADO",
    ),
    "a list": (lambda: b"[]", "MALFORMADO"),
    "nothing": (lambda: b"", "MALFORMADO"),
    "too much": (lambda: b" " * 65_537, "GRANDE_DEMAIS"),
}


@pytest.mark.parametrize(("told", "reason"), OFFERS.values(), ids=OFFERS.keys())
def test_both_refuse_the_same_offers(page: SealingPeer, told: Callable[[], bytes], reason: str) -> None:
    assert offer_judged(page, told()) == reason


def test_both_believe_of_then_what_was_released_then(page: SealingPeer) -> None:
    early = offer(at=AT - timedelta(days=2))

    def here() -> None:
        verify_past_offer(KeyOffer.read(early), root=ROOT, accepted=accepted)

    assert verdict(here) == "SEM_MEDIDA_ESPERADA"
    assert verdict(lambda: page.ask("verifyPastOffer", offer=early.decode(), code=code())) == verdict(here)


def receipt_judged(page: SealingPeer, told: str, root: Fingerprint = ROOT) -> str:
    def here() -> None:
        verify_receipt(told, root=root, accepted=accepted)

    there = verdict(lambda: page.ask("verifyReceipt", receipt=told, code=code(root)))
    assert there == verdict(here)
    return there


@pytest.mark.parametrize(
    "told",
    [
        receipt(),
        receipt(released=Released("0.17", ""), commitment="c" * 64),
        receipt(released=Released(None, "sem exposição")),
        receipt(caveats=caveats_of(hardware=False, sender_authenticated=True)),
    ],
    ids=["plain", "a number", "no number", "sender authenticated"],
)
def test_the_page_reads_a_receipt_as_it_is(page: SealingPeer, told: Receipt) -> None:
    text = signed_receipt(told)
    assert receipt_judged(page, text) == "taken"
    found = page.ask("verifyReceipt", receipt=text, code=code())
    assert (found["event"], found["company"], found["kind"]) == (told.event, told.company, told.kind)
    assert dict(found["inputs"]) == dict(told.inputs)
    assert dict(found["versions"]) == dict(told.versions)
    assert found["released"] == (told.released.as_json() if told.released else None)
    assert (found["commitment"], found["parameters"]) == (told.commitment, told.parameters)
    assert found["head"] == {"counter": told.head.counter, "digest": told.head.digest}
    assert found["caveats"] == sorted(told.caveats)


def changed(**changes: Any) -> str:
    """Signed by the true key, whatever it says; `...` leaves a member out."""
    whole = json.loads(base64url.decode_text(signed_receipt().split(".")[1])) | changes
    return _signed({name: value for name, value in whole.items() if value is not ...})


def _signed(payload: dict[str, Any], number: int = 1, kid: str = KEY_ID) -> str:
    return signatures.sign(
        canonical(payload),
        kind=receipts.KIND,
        key_id=kid,
        key=signing_key(number),
        jwk=ec_keys.public_jwk(signing_key().public_key()),
    )


def _payload() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(base64url.decode_text(signed_receipt().split(".")[1]))
    return told


def _with_number_changed() -> str:
    head, payload, signature = signed_receipt(receipt(released=Released("0.17", ""))).split(".")
    edited = base64url.decode_text(payload).replace(b'"0.17"', b'"0.18"')
    return f"{head}.{base64url.encode_text(edited)}.{signature}"


RECEIPTS: Final[dict[str, tuple[Callable[[], str], str]]] = {
    "another key": (lambda: signed_receipt(signing_key=signing_key(2)), "CHAVE_DE_ASSINATURA_DIVERGE"),
    "another signature": (lambda: _signed(_payload(), number=2), "ASSINATURA_NAO_CONFERE"),
    "another kid": (lambda: _signed(_payload(), kid="chave-de-teste-2"), "DECLARACAO_DIVERGE"),
    "a declaration that was not attested": (
        lambda: signed_receipt(declaration=_OTHER, attestation=attested(user_data=declaration().digest)),
        "DECLARACAO_DIVERGE",
    ),
    "other code": (
        lambda: signed_receipt(attestation=attested(user_data=declaration().digest, pcrs={0: b"x" * 48})),
        "PCR_DIVERGENTE",
    ),
    "a number changed": (_with_number_changed, "ASSINATURA_NAO_CONFERE"),
    "another week": (
        lambda: signed_receipt(declaration=declaration(weeks=(OTHER_EVENT,))),
        "EVENTO_FORA_DA_CHAVE",
    ),
    "one of its weeks": (
        lambda: signed_receipt(declaration=declaration(weeks=(EVENT, OTHER_EVENT))),
        "taken",
    ),
    "just before": (lambda: signed_receipt(receipt(issued_at=AT - timedelta(minutes=5))), "taken"),
    "too early": (
        lambda: signed_receipt(receipt(issued_at=AT - timedelta(minutes=5, seconds=1))),
        "RECIBO_FORA_DO_ATESTADO",
    ),
    "just after": (lambda: signed_receipt(receipt(issued_at=AT + timedelta(hours=3))), "taken"),
    "too late": (
        lambda: signed_receipt(receipt(issued_at=AT + timedelta(hours=3, seconds=1))),
        "RECIBO_FORA_DO_ATESTADO",
    ),
    "no label": (lambda: signed_receipt(receipt(caveats=())), "RESSALVAS_DIVERGEM"),
    "no key": (
        lambda: signatures.sign(b"{}", kind=receipts.KIND, key_id="k", key=signing_key()),
        "CABECALHO_NAO_ACEITO",
    ),
    "no receipt": (lambda: "a.b", "MALFORMADO"),
    "too long": (lambda: "a" * (128 * 1024 + 1), "GRANDE_DEMAIS"),
}


@pytest.mark.parametrize(("told", "reason"), RECEIPTS.values(), ids=RECEIPTS.keys())
def test_both_judge_the_same_receipts(page: SealingPeer, told: Callable[[], str], reason: str) -> None:
    assert receipt_judged(page, told()) == reason


def test_both_refuse_a_receipt_under_another_root(page: SealingPeer) -> None:
    assert receipt_judged(page, signed_receipt(), AWS_ROOT) == "RAIZ_DESCONHECIDA"


@pytest.mark.parametrize(
    "change",
    [
        {"evento": "x"},
        {"cnpj": "33.047.509/0001-49"},
        {"tipo": "OUTRO"},
        {"jti": "curto"},
        {"iat": "1"},
        {"iat": True},
        {"entradas": {}},
        {"entradas": []},
        {"entradas": {"a b": "0" * 64}},
        {"entradas": {"ensaio": "0"}},
        {"versoes": {"ENSAIO": 0}},
        {"versoes": {"ENSAIO": True}},
        {"parametros": None},
        {"opcoes": []},
        {"cabeca": {}},
        {"ressalvas": "NAO_ATESTADO_POR_HARDWARE"},
        {"ressalvas": ["a b"]},
        {"compromisso": ""},
        {"liberado": {}},
        {"liberado": {"fa": 1}},
        {"liberado": {"fa": "x"}},
        {"liberado": {"fa": None}},
        {"liberado": {"fa": None, "motivo": ""}},
        {"liberado": {"fa": "0.17", "motivo": "os dois"}},
        {"mais": 1},
        {"cabeca": ...},
        {"declaracao": None},
        {"atestado": None},
        {"atestado": "="},
    ],
    ids=str,
)
def test_both_refuse_a_receipt_of_another_form_however_well_signed(
    page: SealingPeer, change: dict[str, object]
) -> None:
    assert receipt_judged(page, changed(**change)) == "MALFORMADO"


def test_both_commit_to_a_result_alike(page: SealingPeer) -> None:
    salt, commitment = commit({"fa": "0.17", "meses": [{"rotulo": "M+0 ç"}]})
    value = {"meses": [{"rotulo": "M+0 ç"}], "fa": "0.17"}
    assert page.ask("commitment", value=value, salt=salt.hex()) == commitment == commitment_of(value, salt)


@pytest.mark.parametrize("salt", ["", "00" * 31, "zz" * 32, "00" * 33], ids=str)
def test_the_page_commits_with_no_other_salt_than_of_32_bytes(page: SealingPeer, salt: str) -> None:
    assert verdict(lambda: page.ask("commitment", value={}, salt=salt)) == "MALFORMADO"
