"""P1's own side: what the enclave does for a lote, from the message that brings it to the reply."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from aval.sealing.answers import ExpectedAnswer, open_answer
from aval.sealing.envelope import read_header
from aval.sealing.event_keys import EventKeys
from aval.sealing.journal import Journal
from aval.sealing.key_items import KeyRing
from benchmarks.lote_file import AT, EVENT, RECORD_KEY, SENDER, SealedLote
from enclave_app.enclave.__main__ import collect_rarely
from enclave_app.enclave.lote import LoteDesk
from enclave_app.enclave.lote_asked import AskedLote
from enclave_app.enclave.lote_file import LastFile
from enclave_app.enclave.signing import Signer
from enclave_app.enclave.workbench import Workbench
from enclave_app.protocol import Message

_LOTE: Final = "0123456789abcdef" * 2


class _Attester:
    """As large as a security module's document, which takes it milliseconds to make, once a lote."""

    def attest(
        self,
        *,
        user_data: bytes | None = None,
        nonce: bytes | None = None,
        public_key: bytes | None = None,
    ) -> bytes:
        del user_data, nonce, public_key
        return bytes(5_000)


def work(lote: SealedLote) -> Message:
    collect_rarely()
    keys = EventKeys.derive(EVENT, RECORD_KEY)
    bench = Workbench(
        keys=keys,
        journal=Journal(EVENT, keys.journal),
        ring=KeyRing([lote.pairs]),
        signer=Signer(lote.pairs, _Attester(), hardware=False),
        at=AT,
    )
    parts = {"corpo": lote.sealed, "parametros": lote.parameters, "elegiveis": lote.eligible}
    fields: dict[str, Any] = {
        "op": "tarefa",
        "ato": "LOTE",
        "evento": EVENT,
        "remetente": SENDER,
        "lote": _LOTE,
        "tipo": "PORTFOLIO",
        "tudoOuNada": False,
        "partes": list(parts),
    }
    asked = AskedLote.read(Message(fields, tuple(parts.values())))
    return LoteDesk(bench, LastFile(), "").decide(asked).reply()


def factors(reply: Message, lote: SealedLote) -> Mapping[str, Decimal]:
    """What the reader of the lote reads in its answers."""
    header = read_header(lote.sealed)
    expected = ExpectedAnswer(EVENT, SENDER, header.request_id)
    found: dict[str, Decimal] = {}
    for sealed in reply.parts[: reply.fields["pedacos"]]:
        signer = lote.pairs.signing.public_key()
        answer = open_answer(sealed, lote.reader, signer=signer, expected=expected)
        agents: Any = answer.payload["agentes"]
        found |= {agent["cnpj"]: Decimal(agent["fa"]) for agent in agents}
    return found
