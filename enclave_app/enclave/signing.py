"""The enclave's voice: answers to readers, receipts for everybody, and the attestation behind both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aval.identifiers import Cnpj, EventCode
from aval.prudential.parameters import METHOD
from aval.sealing.answers import Binding, seal_answer
from aval.sealing.caveats import caveats_of
from aval.sealing.declaration import ANY_WEEK, Declaration
from aval.sealing.ec_keys import public_jwk
from aval.sealing.head import Head
from aval.sealing.key_items import KeyPairs, spki
from aval.sealing.readers import Readers
from aval.sealing.receipt_content import Receipt
from aval.sealing.receipts import sign_receipt


class Attester(Protocol):
    def attest(
        self,
        *,
        user_data: bytes | None = None,
        nonce: bytes | None = None,
        public_key: bytes | None = None,
    ) -> bytes:
        """Raise `EnclaveRefused` when the module gives no document."""


@dataclass(frozen=True, slots=True)
class Audience:
    """To whom an answer goes: the readers that came bound to the data, and which request it answers."""

    event: EventCode
    company: Cnpj
    request_id: str
    readers: Readers
    is_authorised: bool = False
    """Whether the company's own certificate stands behind this list of readers."""


@dataclass(frozen=True, slots=True)
class Signer:
    pairs: KeyPairs = field(repr=False)
    attester: Attester = field(repr=False)
    hardware: bool

    @property
    def declaration(self) -> Declaration:
        signing = self.pairs.signing.public_key()
        # One key serves every week, and rehearsals, which compute nothing: how a week's parameters set the
        # method, its receipts say (docs/enclave.md).
        return Declaration.of(self.pairs.key_id, signing, weeks=(ANY_WEEK,), method=METHOD)

    @property
    def jwk(self) -> dict[str, str]:
        return public_jwk(self.pairs.signing.public_key())

    def caveats(self, audience: Audience) -> tuple[str, ...]:
        return caveats_of(hardware=self.hardware, sender_authenticated=audience.is_authorised)

    def attested(self, nonce: bytes | None = None) -> bytes:
        """A document whose public key is the sealing key and whose user data is the declaration's digest."""
        return self.attester.attest(
            user_data=self.declaration.digest,
            nonce=nonce,
            public_key=spki(self.pairs.sealing.public_key()),
        )

    def answer(self, payload: Mapping[str, object], audience: Audience, head: Head) -> bytes:
        caveats = self.caveats(audience)
        binding = Binding(audience.event, audience.company, audience.request_id, head, caveats)
        return seal_answer(
            payload,
            binding,
            audience.readers,
            signing_key=self.pairs.signing,
            signing_kid=self.pairs.key_id,
        )

    def receipt(self, receipt: Receipt, attestation: bytes | None = None) -> str:
        """`attestation` is what `attested` gave a moment ago, where many receipts are signed at once."""
        return sign_receipt(
            receipt,
            signing_key=self.pairs.signing,
            declaration=self.declaration,
            attestation=attestation or self.attested(),
        )
