"""What a command seals: bound to week, sender and readers, signed inside where a reader answers for it."""

from dataclasses import dataclass
from datetime import datetime

from aval.cli.outcome import CommandFailed
from aval.identifiers import Cnpj, EventCode
from aval.sealing.envelope import Header, SealedKind, seal
from aval.sealing.head import Head
from aval.sealing.offered_key import AttestedKey
from aval.sealing.readers import ReaderKeys, Readers
from aval.sealing.statements import Act, Statement, sign_statement


@dataclass(frozen=True, slots=True)
class About:
    event: EventCode
    sender: Cnpj
    kind: SealedKind
    readers: Readers
    request_id: str
    seen: Head | None = None

    def header(self, key: AttestedKey, *, at: datetime) -> Header:
        """Raise `SealRefused` for a key that does not serve the week."""
        key.declaration.require_event(self.event)
        return Header(
            key_id=key.key_id,
            event=self.event,
            sender=self.sender,
            kind=self.kind,
            issued_at=at,
            request_id=self.request_id,
            readers=self.readers,
            seen=self.seen,
        )

    def sealed(self, content: bytes, key: AttestedKey, *, at: datetime) -> bytes:
        return seal(content, self.header(key, at=at), key.sealing)

    def signed_counterparties(self, content: bytes, keys: ReaderKeys, *, at: datetime) -> bytes:
        """The file inside a statement of its sender about its own reader list.

        Raise `CommandFailed` for any other kind, a signer of other keys, or a file that is no text.
        """
        if self.kind is not SealedKind.CONTRAPARTES:
            raise CommandFailed(f"um arquivo {self.kind} não vai assinado; retire as chaves de quem assina")
        if self.readers[keys.id] != keys.public:
            raise CommandFailed("a lista de leitores tem outras chaves sob o id de quem assina")
        try:
            text = content.decode()
        except UnicodeDecodeError as failure:
            raise CommandFailed("o arquivo a assinar não é texto em UTF-8") from failure
        statement = Statement(
            act=Act.CONTRAPARTES,
            event=self.event,
            company=self.sender,
            subject=self.readers.digest,
            request_id=self.request_id,
            issued_at=at,
            extra={"conteudo": text},
            seen=self.seen,
        )
        return sign_statement(statement, keys).encode()
