"""What the parent and the module may hand over: bytes of any kind end in a refusal or in nothing worse."""

import json
from contextlib import suppress

import cbor2
import pytest

from aval.sealing.cms import open_enveloped_data
from aval.sealing.journal import Journal
from aval.sealing.key_items import KeyItem, unwrap, wrap
from aval.sealing.records import Place, open_record, seal_record
from aval.sealing.refusals import SealRefused
from aval.sealing.sealed_entry import read_entry
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.configuration import MeasuredConfiguration
from enclave_app.enclave.nsm import Nsm
from enclave_app.enclave.refusals import EnclaveRefused
from enclave_app.protocol import Message, ProtocolRefused
from local.emulator.cms import Shape, make_enveloped_data
from tests.support import pki
from tests.support.enclave_keys import pairs
from tests.support.journals import COMPANY, EVENT, KIND, delivery, digest_of, lote, portfolio
from tests.support.measured import PCRS, InMemory, configuration
from tests.support.mutations import mutations

KEY = bytes(range(32))
COUNT = 20_000


def test_a_mutated_journal_entry_is_never_taken() -> None:
    sealed = [Journal(EVENT, KEY).propose(entry).sealed for entry in (delivery(), portfolio(), lote())]
    for broken in mutations(sealed, seed=1, count=COUNT):
        journal = Journal(EVENT, KEY)
        if broken not in sealed:
            with pytest.raises(SealRefused):
                journal.show([(1, broken)])
            assert journal.head.counter == 0


def test_a_mutated_plaintext_of_an_entry_says_exactly_what_it_spells_or_is_refused() -> None:
    entries = [entry.to_bytes() for entry in (delivery(), portfolio(), lote())]
    for broken in mutations(entries, seed=7, count=COUNT):
        try:
            entry = read_entry(broken)
        except SealRefused:
            continue
        assert entry.to_bytes() == broken


def test_a_mutated_message_of_an_act_is_read_or_refused_and_nothing_else() -> None:
    told = {
        "ato": "LEITURA",
        "evento": EVENT,
        "cnpj": COMPANY,
        "remetente": COMPANY,
        "partes": ["corpo", "parametros", "autorizacoes", "registro:PORTFOLIO:1"],
        "semRegistro": ["registro:CONTRAPARTES:1"],
    }
    fields = cbor2.dumps(told)
    for broken in mutations([fields], seed=8, count=COUNT):
        try:
            read = cbor2.loads(broken)
        except (cbor2.CBORError, ValueError, TypeError, OverflowError):
            continue
        if isinstance(read, dict):
            with suppress(ProtocolRefused):
                assert AskedTask.read(Message(read, (b"body", b"{}", b"[]", b"record"))).body == b"body"


def test_a_mutated_record_never_opens() -> None:
    place = Place(EVENT, COMPANY, KIND, 1, digest_of("body"))
    sealed = seal_record(b"0.17", KEY, place)
    for broken in mutations([sealed], seed=2, count=COUNT):
        if broken != sealed:
            with pytest.raises(SealRefused):
                open_record(broken, KEY, place)


def test_a_mutated_key_item_never_gives_other_keys() -> None:
    original = wrap(pairs(), KEY, b"as KMS wrapped it")
    text = original.to_bytes()
    for broken in mutations([text], seed=3, count=COUNT):
        try:
            item = KeyItem.from_bytes(broken)
        except SealRefused:
            continue
        # What KMS wrapped is KMS's to judge; every other member is bound to the private halves.
        if item != original and item.wrapped_key == original.wrapped_key:
            with pytest.raises(SealRefused):
                unwrap(item, KEY)


def test_a_mutated_answer_of_kms_opens_or_is_refused_and_nothing_else() -> None:
    key = pki.rsa_key("kms recipient")
    shapes = [make_enveloped_data(KEY, key.public_key(), shape=shape, piece=16) for shape in Shape]
    refused = 0
    for broken in mutations(shapes, seed=4, count=COUNT):
        try:
            open_enveloped_data(broken, key)
        except SealRefused:
            refused += 1
    # CMS authenticates nothing (docs/keys.md): a change of the vector or of the first block goes unseen.
    assert refused > COUNT * 0.8


def test_a_mutated_configuration_is_read_or_refused_and_nothing_else() -> None:
    text = configuration().to_bytes()
    for broken in mutations([text], seed=5, count=COUNT):
        try:
            MeasuredConfiguration.parse(broken)
        except EnclaveRefused:
            continue


def test_a_mutated_reply_of_the_module_is_read_or_refused_and_nothing_else() -> None:
    told = {"DescribePCR": {"lock": True, "data": PCRS[0]}}
    for broken in mutations([cbor2.dumps(told), json.dumps({"Error": 1}).encode()], seed=6, count=COUNT):
        module = Nsm(InMemory(lambda _, reply=broken: reply))  # type: ignore[misc]  # bound at once
        try:
            locked, data = module.describe_pcr(0)
        except EnclaveRefused:
            continue
        assert isinstance(locked, bool)
        assert isinstance(data, bytes)
