"""Both ways with Node's `jose`: what it makes is taken here, what is made here it takes."""

import json
import subprocess
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import RSAKey

from aval.sealing import ec_keys
from aval.sealing.answers import Binding, ExpectedAnswer, open_answer, seal_answer
from aval.sealing.canonical import canonical
from aval.sealing.envelope import open_sealed
from aval.sealing.reader_file import FEWEST_ITERATIONS, protect
from aval.sealing.readers import Reader, ReaderKeys, Readers
from aval.sealing.statements import sign_statement, verify_statement
from local import page_tools
from local.node import node
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
    sealed,
    sealing_key,
    signing_key,
    statement,
)

SCRIPT: Final = Path(__file__).with_name("peer.mjs")
PASSPHRASE: Final = "senha comprida ção"


def asked(operation: str, **request: object) -> Any:
    """What Node answers; whatever it cannot do fails the test with its own words."""
    run = subprocess.run(
        [node(), str(SCRIPT), page_tools.JOSE.as_uri()],
        input=json.dumps({"operation": operation, **request}).encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    return json.loads(run.stdout)


def rsa_jwk(key: rsa.RSAPrivateKey | rsa.RSAPublicKey) -> dict[str, Any]:
    return RSAKey.import_key(key).as_dict(private=isinstance(key, rsa.RSAPrivateKey))


def new_reader() -> ReaderKeys:
    """A reader whose keys Node made, in the form in which it exports them."""
    made = asked("newReader", id="node")
    told = Reader.from_json(made["public"])
    private = made["private"]
    keys = ReaderKeys("node", ec_keys.private_key(private["enc"]), ec_keys.private_key(private["sig"]))
    assert keys.public == told
    return keys


def test_what_node_seals_opens() -> None:
    jwe = asked(
        "seal",
        plaintext=PLAINTEXT.decode(),
        header=header().as_json(),
        key=rsa_jwk(sealing_key().public_key()),
    )
    opened = open_sealed(jwe.encode(), keys(), expected())
    assert (opened.plaintext, opened.header) == (PLAINTEXT, header())


def test_what_is_sealed_here_opens_in_node() -> None:
    told = asked("open", sealed=sealed().decode(), key=rsa_jwk(sealing_key()))
    assert told == {"plaintext": PLAINTEXT.decode(), "header": header().as_json()}


def test_an_act_that_node_signs_is_verified_and_the_other_way_round() -> None:
    keys = new_reader()
    theirs = asked(
        "sign",
        payload=json.dumps(statement().as_json()),
        header={"alg": "ES256", "kid": "node", "typ": "aval-ato"},
        key=ec_keys.private_jwk(keys.signature),
    )
    assert verify_statement(theirs, Readers((keys.public,)), expected_statement()) == statement()
    ours = sign_statement(statement(), keys)
    told = asked("verify", signed=ours, key=ec_keys.public_jwk(keys.public.signature))
    assert told == {
        "payload": canonical(statement().as_json()).decode(),
        "header": {"alg": "ES256", "kid": "node", "typ": "aval-ato"},
    }


def test_an_answer_opens_in_node_for_each_reader() -> None:
    answer = seal_answer(
        {"texto": "olá"},
        Binding(EVENT, COMPANY, REQUEST, HEAD),
        readers(),
        signing_key=signing_key(),
        signing_kid=KEY_ID,
    )
    for name in ("ana", "bia"):
        told = asked(
            "readAnswer",
            answer=json.loads(answer),
            key=ec_keys.private_jwk(reader(name).encryption),
            signer=ec_keys.public_jwk(signing_key().public_key()),
        )
        assert json.loads(told["payload"])["conteudo"] == {"texto": "olá"}


def test_an_answer_that_node_makes_opens_here() -> None:
    inner = {
        "evento": EVENT,
        "cnpj": COMPANY,
        "jti": REQUEST,
        "cabeca": HEAD.as_json(),
        "leitores": readers().digest,
        "ressalvas": [],
        "conteudo": {"texto": "olá"},
    }
    answer = asked(
        "answer",
        payload=json.dumps(inner),
        header={"alg": "ES256", "kid": KEY_ID, "typ": "aval-resposta"},
        protectedHeader={"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "typ": "aval-resposta"},
        recipients=[{"kid": one.id, "jwk": ec_keys.public_jwk(one.encryption)} for one in readers().listed],
        key=ec_keys.private_jwk(signing_key()),
    )
    opened = open_answer(
        json.dumps(answer).encode(),
        reader(),
        signer=signing_key().public_key(),
        expected=ExpectedAnswer(EVENT, COMPANY, REQUEST),
    )
    assert opened.payload == {"texto": "olá"}


def test_a_readers_file_opens_in_node() -> None:
    file = protect(reader(), PASSPHRASE, iterations=FEWEST_ITERATIONS)
    told = asked("openReaderFile", file=file.decode().strip(), passphrase=PASSPHRASE)
    assert told == {
        "id": "ana",
        "enc": ec_keys.private_jwk(reader().encryption),
        "sig": ec_keys.private_jwk(reader().signature),
    }
