"""Both ways with jwcrypto, another Python library with an author of its own."""

import json

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jwcrypto import jwe, jwk, jws

from aval.sealing.answers import Binding, ExpectedAnswer, open_answer, seal_answer
from aval.sealing.canonical import canonical
from aval.sealing.envelope import open_sealed
from aval.sealing.refusals import SealReason
from aval.sealing.statements import sign_statement, verify_statement
from tests.support.sealing import (
    COMPANY,
    EVENT,
    HEAD,
    KEY_ID,
    PLAINTEXT,
    REQUEST,
    expected,
    expected_statement,
    header,
    keys,
    reader,
    readers,
    refused,
    sealed,
    sealing_key,
    signing_key,
    statement,
)

ACT = {"alg": "ES256", "kid": "ana", "typ": "aval-ato"}


def peer_key(
    key: rsa.RSAPrivateKey | rsa.RSAPublicKey | ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey,
) -> jwk.JWK:
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return jwk.JWK.from_pem(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return jwk.JWK.from_pem(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def test_what_jwcrypto_seals_opens() -> None:
    made = jwe.JWE(PLAINTEXT, json.dumps(header().as_json()), algs=["RSA-OAEP-256", "A256GCM"])
    made.add_recipient(peer_key(sealing_key().public_key()))
    opened = open_sealed(made.serialize(compact=True).encode(), keys(), expected())
    assert (opened.plaintext, opened.header) == (PLAINTEXT, header())


def test_what_is_sealed_here_opens_in_jwcrypto() -> None:
    peer = jwe.JWE(algs=["RSA-OAEP-256", "A256GCM"])
    peer.deserialize(sealed().decode(), peer_key(sealing_key()))
    assert peer.payload == PLAINTEXT
    assert json.loads(peer.objects["protected"]) == header().as_json()


def test_what_jwcrypto_seals_compressed_is_refused() -> None:
    made = jwe.JWE(
        PLAINTEXT,
        json.dumps({**header().as_json(), "zip": "DEF"}),
        algs=["RSA-OAEP-256", "A256GCM"],
    )
    made.add_recipient(peer_key(sealing_key().public_key()))
    with refused(SealReason.HEADER_MEMBER):
        open_sealed(made.serialize(compact=True).encode(), keys(), expected())


def test_an_act_that_jwcrypto_signs_is_verified_and_the_other_way_round() -> None:
    theirs = jws.JWS(canonical(statement().as_json()))
    theirs.add_signature(peer_key(reader().signature), protected=json.dumps(ACT))
    signed = theirs.serialize(compact=True)
    assert verify_statement(signed, readers(), expected_statement()) == statement()
    ours = jws.JWS()
    ours.deserialize(sign_statement(statement(), reader()), peer_key(reader().public.signature))
    assert json.loads(ours.payload) == statement().as_json()


def test_an_answer_opens_in_jwcrypto_for_each_reader_and_for_nobody_else() -> None:
    answer = seal_answer(
        {"texto": "olá"},
        Binding(EVENT, COMPANY, REQUEST, HEAD),
        readers(),
        signing_key=signing_key(),
        signing_kid=KEY_ID,
    ).decode()
    for name in ("ana", "bia"):
        peer = jwe.JWE(algs=["ECDH-ES+A256KW", "A256GCM"])
        peer.deserialize(answer, peer_key(reader(name).encryption))
        signed = jws.JWS()
        signed.deserialize(peer.payload.decode(), peer_key(signing_key().public_key()))
        assert json.loads(signed.payload)["conteudo"] == {"texto": "olá"}


def test_an_answer_that_jwcrypto_makes_opens_here() -> None:
    inner = {
        "evento": EVENT,
        "cnpj": COMPANY,
        "jti": REQUEST,
        "cabeca": HEAD.as_json(),
        "leitores": readers().digest,
        "ressalvas": [],
        "conteudo": {"texto": "olá"},
    }
    signed = jws.JWS(canonical(inner))
    protected = {"alg": "ES256", "kid": KEY_ID, "typ": "aval-resposta"}
    signed.add_signature(peer_key(signing_key()), protected=json.dumps(protected))
    made = jwe.JWE(
        signed.serialize(compact=True).encode(),
        json.dumps({"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "typ": "aval-resposta"}),
        algs=["ECDH-ES+A256KW", "A256GCM"],
    )
    for one in readers().listed:
        made.add_recipient(peer_key(one.encryption), header=json.dumps({"kid": one.id}))
    opened = open_answer(
        made.serialize().encode(),
        reader(),
        signer=signing_key().public_key(),
        expected=ExpectedAnswer(EVENT, COMPANY, REQUEST),
    )
    assert opened.payload == {"texto": "olá"}
