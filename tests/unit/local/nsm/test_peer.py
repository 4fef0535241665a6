"""An independent verifier believes what the simulated module attests, and ours refuses what it refuses."""

from datetime import UTC, datetime, timedelta

import cbor2
import pytest

from aval.attestation.measurements import Measurement
from aval.attestation.refusals import AttestationRefused
from aval.attestation.verification import verify_replay
from benchmarks.attestation_peer import AttestationPeer, root_as_long_as_awss
from local.nsm.authority import Hierarchy, NitroRoot
from local.nsm.device import SimulatedNsm, encoded, signed_document
from tests.support import nitro

BIT = 1


@pytest.fixture(scope="module")
def root() -> NitroRoot:
    """The peer asks the machine's clock, so this hierarchy begins now."""
    return root_as_long_as_awss(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1))


@pytest.fixture(scope="module")
def peer(root: NitroRoot, tmp_path_factory: pytest.TempPathFactory) -> AttestationPeer:
    return AttestationPeer.under(root, tmp_path_factory.mktemp("peer"))


@pytest.fixture(scope="module")
def hierarchy(root: NitroRoot) -> Hierarchy:
    return Hierarchy(root, nitro.MODULE_ID)


@pytest.fixture
def documents(hierarchy: Hierarchy, peer: AttestationPeer) -> list[bytes]:
    """One of each encoding."""
    nsm = SimulatedNsm(hierarchy, nitro.MEASURED)
    told = {"user_data": peer.user_data, "nonce": None, "public_key": None}
    asked = cbor2.dumps({"Attestation": told})
    return [cbor2.loads(nsm.reply(asked))["Attestation"]["document"] for _ in range(2)]


def ours(document: bytes, root: NitroRoot) -> bool:
    try:
        verify_replay(document, root=root.fingerprint, measurements=[Measurement(nitro.IMAGE)])
    except AttestationRefused:
        return False
    return True


def test_both_believe_what_the_simulated_module_attests(
    peer: AttestationPeer, root: NitroRoot, documents: list[bytes]
) -> None:
    for document in documents:
        assert peer.accepts(document, nitro.IMAGE)
        assert ours(document, root)


def test_both_refuse_other_code(peer: AttestationPeer, root: NitroRoot, hierarchy: Hierarchy) -> None:
    nsm = SimulatedNsm(hierarchy, {**nitro.MEASURED, 0: b"\x66" * 48})
    told = {"user_data": peer.user_data, "nonce": None, "public_key": None}
    document = cbor2.loads(nsm.reply(cbor2.dumps({"Attestation": told})))["Attestation"]["document"]
    assert not peer.accepts(document, nitro.IMAGE)
    assert not ours(document, root)


def test_both_refuse_a_changed_signature(
    peer: AttestationPeer, root: NitroRoot, documents: list[bytes]
) -> None:
    for document in documents:
        changed = document[:-1] + bytes([document[-1] ^ BIT])
        assert not peer.accepts(changed, nitro.IMAGE)
        assert not ours(changed, root)


def test_both_refuse_a_chain_under_another_root(peer: AttestationPeer, root: NitroRoot) -> None:
    begins = datetime.now(UTC)
    stranger = Hierarchy(NitroRoot.create(begins), nitro.MODULE_ID).at(begins)
    content = nitro.content(
        timestamp=int(begins.timestamp() * 1000),
        certificate=stranger[-1].der,
        cabundle=[holder.der for holder in stranger[:-1]],
        user_data=peer.user_data,
        nonce=None,
    )
    document = signed_document(encoded(content, indefinite=False), stranger[-1].key)
    assert not peer.accepts(document, nitro.IMAGE)
    assert not ours(document, root)


def test_what_libraries_pass_over_is_refused_here(
    peer: AttestationPeer, root: NitroRoot, documents: list[bytes]
) -> None:
    """Bytes after the end change nothing for cbor2; a strict reader has none."""
    longer = documents[0] + b"\x00"
    assert cbor2.loads(longer) == cbor2.loads(documents[0])
    assert not ours(longer, root)
