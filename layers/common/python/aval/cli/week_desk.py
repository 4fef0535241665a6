"""An agent's acts of a week, signed and sealed here; answers opened and held against what was asked."""

import argparse
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import Any, Final

from aval.adapters.platform_api import PlatformApi, PlatformRefused
from aval.cli.expected_code import ExpectedCode, read_file
from aval.cli.outcome import CommandFailed
from aval.cli.platform_access import offered_key, platform_ends_the_command, platform_of, released_code
from aval.cli.reader_keys import heads_beside, reader_keys, readers_in
from aval.cli.sealed_work import About
from aval.cli.seen_heads import SeenHeads
from aval.cli.week_rows import AgentListed
from aval.errors import FaultsFound
from aval.identifiers import Cnpj, EventCode
from aval.moments import utc_now
from aval.prudential.leverage import Engine
from aval.prudential.parameters_json import read_parameters
from aval.sealing.answers import Answer, ExpectedAnswer, open_answer
from aval.sealing.envelope import MAX_SEALED_BYTES, SealedKind, identity_of, new_request_id
from aval.sealing.head import Head, newest
from aval.sealing.offered_key import AttestedKey
from aval.sealing.readers import ReaderKeys, Readers
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act, Statement, sign_statement

_WORDS: Final = {
    Act.LER: "leitura",
    Act.VALIDAR: "validacao",
    Act.CANCELAR: "cancelamento",
    Act.RECALCULAR: "calculo",
    Act.ENVIAR: "envio",
    Act.SIMULAR: "simulacao",
}
_MOST_LOOKS: Final = 30
"""The door waits twenty seconds at each."""


class ActNotDone(Exception):
    """One agent's act ends here, with a sentence; the others go on."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(slots=True)
class WeekDesk:
    """One sender's, in one week, by one reader: what all that is asked and answered is held against."""

    api: PlatformApi
    event: EventCode
    sender: Cnpj
    keys: ReaderKeys = field(repr=False)
    readers: Readers
    """The list that data were delivered with, as its reader says."""
    code: ExpectedCode
    key: AttestedKey
    engine: Engine
    heads: SeenHeads
    own: frozenset[str] | None
    """Identities of what was sealed here; None where nobody told."""
    seen: Head | None = field(init=False)
    """Before any answer of this command: answers come in any order."""
    _turn: Lock = field(default_factory=Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self.seen = self.heads.of(self.event)

    @classmethod
    def opened(cls, given: argparse.Namespace) -> "WeekDesk":
        """Raise `CommandFailed` for options, files or a key that do not do."""
        keys = reader_keys(given.chaves)
        api = platform_of(given, given.remetente)
        listed = readers_in(given.leitor) if given.leitor else Readers((keys.public,))
        return cls(
            api=api,
            event=given.evento,
            sender=given.remetente,
            keys=keys,
            readers=listed,
            code=released_code(api, given),
            key=offered_key(api, given).attested,
            engine=_engine(api, given.evento),
            heads=heads_beside(given.chaves),
            own=_own(given),
        )

    def stated(self, act: Act, agent: AgentListed, subject: str) -> Answer:
        """An act that goes in clear. Raise `ActNotDone`, or `SealRefused` for an answer that fails."""
        statement = self._statement(act, agent, subject, {})
        return self._asked(agent, statement, {"ato": sign_statement(statement, self.keys)})

    def sealed(self, act: Act, agent: AgentListed, subject: str, extra: dict[str, object]) -> Answer:
        """An act that goes sealed, as a sending does: what it tells is in nobody else's sight."""
        if agent.readers != self.readers.digest:
            raise ActNotDone("o portfólio veio com outra lista de leitores; diga todos eles com --leitor")
        kind = SealedKind.ENVIO if act is Act.ENVIAR else SealedKind.SIMULACAO
        statement = self._statement(act, agent, subject, extra)
        about = About(self.event, self.sender, kind, self.readers, statement.request_id, self.seen)
        signed = sign_statement(statement, self.keys).encode()
        sealed = about.sealed(signed, self.key, at=statement.issued_at)
        return self._asked(agent, statement, {"selado": sealed.decode()})

    def keep_heads(self) -> None:
        """Written once, at the end of a command or where it breaks off."""
        for event, head in self.heads.heads.items():
            SeenHeads.read(self.heads.path).keep(event, head)

    def _statement(self, act: Act, agent: AgentListed, subject: str, extra: dict[str, object]) -> Statement:
        return Statement(
            act=act,
            event=self.event,
            company=agent.company,
            subject=subject,
            request_id=new_request_id(),
            issued_at=utc_now(),
            extra=extra,
            seen=self.seen,
        )

    def _asked(self, agent: AgentListed, statement: Statement, body: dict[str, object]) -> Answer:
        path = f"/prudencial/semanas/{self.event}/agentes/{agent.company}/{_WORDS[statement.act]}"
        try:
            told = self._ended(path, body)
        except PlatformRefused as refusal:
            raise ActNotDone(self._why(refusal, agent, statement)) from refusal
        return self._opened(str(told["resposta"]).encode(), agent, statement)

    def _ended(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        """The very same request again is told how it ended, so that it is asked until it did."""
        for _ in range(_MOST_LOOKS):
            answer = self.api.ask("POST", path, body)
            if answer.status == HTTPStatus.OK:
                return answer.document
        raise ActNotDone("o enclave não respondeu a tempo; repita o comando em instantes")

    def _opened(self, sealed: bytes, agent: AgentListed, statement: Statement) -> Answer:
        expected = ExpectedAnswer(
            event=self.event,
            company=agent.company,
            request_id=statement.request_id,
            seen=self.seen,
            readers=agent.readers,
            subject=statement.subject,
        )
        answer = open_answer(sealed, self.keys, signer=self.key.signing, expected=expected)
        with self._turn:
            self.heads.heads.update(newest(self.heads.heads, self.event, answer.head))
        return answer

    def _why(self, refusal: PlatformRefused, agent: AgentListed, statement: Statement) -> str:
        """The enclave's own sentence where it sealed one to this reader, else the door's."""
        sealed = refusal.problem.get("resposta")
        if not isinstance(sealed, str):
            return refusal.detail
        try:
            told = open_answer(
                sealed.encode(),
                self.keys,
                signer=self.key.signing,
                expected=ExpectedAnswer(self.event, agent.company, statement.request_id),
            ).payload
        except SealRefused:
            return refusal.detail
        faults = told.get("faltas")
        each = [f"{one['lugar']} {one['detalhe']}" for one in faults] if isinstance(faults, list) else []
        return "; ".join([str(told.get("detalhe", refusal.detail)), *each])


def require_own(desk: WeekDesk, identity: str, what: str) -> None:
    """Raise `SealRefused` for data that somebody else delivered: his answers would be sealed to us too."""
    if desk.own is not None and identity not in desk.own:
        raise SealRefused(
            SealReason.SUBJECT_MISMATCH,
            f"{what} não é nenhum dos arquivos de --selado; confira quem entregou",
        )


def _engine(api: PlatformApi, event: EventCode) -> Engine:
    """Of the parameters in force, read whole: their digest is found here and not believed."""
    with platform_ends_the_command():
        told = api.get(f"/prudencial/semanas/{event}").document["parametros"]
    try:
        return Engine.of(read_parameters(json.dumps(told).encode()))
    except FaultsFound as failure:
        raise CommandFailed("os parâmetros que a plataforma diz não são um conjunto válido") from failure


def _own(given: argparse.Namespace) -> frozenset[str] | None:
    if not given.selado:
        return None
    return frozenset(identity_of(read_file(path, most=MAX_SEALED_BYTES + 1)) for path in given.selado)
