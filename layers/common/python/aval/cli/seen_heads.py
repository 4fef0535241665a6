"""How far a reader has seen the journal of each event: kept by the reader, since nobody else can be asked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from aval.cli.expected_code import read_file
from aval.cli.outcome import CommandFailed
from aval.cli.output_file import write_over
from aval.sealing.canonical import canonical, read_object
from aval.sealing.head import Head, newest
from aval.sealing.refusals import SealRefused

_LARGEST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SeenHeads:
    path: Path
    heads: dict[str, Head]

    @classmethod
    def read(cls, path: Path) -> Self:
        """A file that is not there yet has seen nothing; raise `CommandFailed` for one that is damaged."""
        if not path.exists():
            return cls(path, {})
        try:
            members = read_object(read_file(path, most=_LARGEST + 1), largest=_LARGEST)
            return cls(path, {event: Head.from_json(head) for event, head in members.items()})
        except SealRefused as refusal:
            raise CommandFailed(f"{path} não é um registro do que se viu: {refusal.detail}") from refusal

    def of(self, event: str) -> Head | None:
        return self.heads.get(event)

    def keep(self, event: str, head: Head) -> None:
        heads = newest(self.heads, event, head)
        if heads != self.heads:
            write_over(self.path, canonical({name: one.as_json() for name, one in heads.items()}))
