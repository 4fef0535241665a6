"""A lote inside the enclave: one sealed file of many agents, judged agent by agent, taken by one entry.

Two halves, as of every act. Who made the file is who may read of it: its list of readers is in it. Until that
is known nothing is answered but a code; from there on refusals are sealed to those readers too.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aval.errors import Fault, FaultsFound
from aval.identifiers import Cnpj
from aval.prudential.lotes import MOST_AGENTS, LoteKind
from aval.prudential.refusals import DocumentUnreadable
from aval.sealing.authorisation import authorised_digest
from aval.sealing.canonical import canonical
from aval.sealing.envelope import Expected, SealedKind, open_sealed
from aval.sealing.head import Head
from aval.sealing.journal import LoteEntry
from aval.sealing.journal_entry import refused
from aval.sealing.refusals import SealReason, SealRefused
from enclave_app.enclave.deliveries import signed_counterparties
from enclave_app.enclave.lote_answers import LoteHead, TakenLote, Taking, refused_answers, whole_file_answer
from enclave_app.enclave.lote_asked import AskedLote
from enclave_app.enclave.lote_decision import LoteDecision, LoteRefusal
from enclave_app.enclave.lote_file import FileAgent, LastFile, counterparties_of, portfolios_of
from enclave_app.enclave.lote_judging import Judged, Judging, rules_of
from enclave_app.enclave.signing import Audience
from enclave_app.enclave.week_engine import WeekEngine, week_engine
from enclave_app.enclave.workbench import Workbench, fault_told

_MOST_FAULTS: Final = 1_000
_TOO_MANY: Final = Fault("quantidade", f"um lote tem até {MOST_AGENTS} agentes; divida o arquivo")
_SENTENCES: Final[Mapping[LoteRefusal, str]] = {
    LoteRefusal.ALL_OR_NOTHING: "o lote é tudo ou nada e há agentes com faltas: nenhum foi aceito",
    LoteRefusal.NONE_TAKEN: "nenhum agente do arquivo foi aceito; as faltas de cada um estão aqui",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """A lote whose maker may be answered."""

    head: LoteHead
    content: bytes = field(repr=False)
    """The file itself; of counterparties it came inside a statement."""
    seen: tuple[Head | None, ...]
    repeated: LoteEntry | None


@dataclass(frozen=True, slots=True)
class LoteDesk:
    bench: Workbench
    last_file: LastFile
    roots: str = field(repr=False)
    """ICP-Brasil's, PEM, as measured."""

    def decide(self, asked: AskedLote) -> LoteDecision:
        """Raise `SealRefused` while an entry of this enclave waits to be shown."""
        # A file of 10 000 agents is not read for an entry that could not be made.
        if self.bench.journal.pending:
            raise refused(SealReason.JOURNAL_PENDING)
        try:
            known = self._who_asks(asked)
        except SealRefused as refusal:
            return LoteDecision(reason=refusal.reason.value)
        try:
            for seen in known.seen:
                if seen:
                    self.bench.journal.require_seen(seen)
            return self._decided(known)
        except FaultsFound as found:
            unreadable = isinstance(found, DocumentUnreadable)
            reason = LoteRefusal.UNREADABLE if unreadable else LoteRefusal.FAULTS
            return self._refused_whole(known, reason.value, found.detail, found.faults)
        except SealRefused as refusal:
            return self._refused_whole(known, refusal.reason.value, refusal.detail)

    def _who_asks(self, asked: AskedLote) -> _Known:
        bench = self.bench
        kind = SealedKind(asked.kind.value)
        expected = Expected(asked.event, asked.sender, kind, bench.at)
        opened = open_sealed(asked.body, bench.ring.opening(bench.at), expected)
        header = opened.header
        statement = signed_counterparties(opened) if kind is SealedKind.CONTRAPARTES else None
        repeated = bench.journal.repeat_of_lote(asked.sender, header.request_id, opened.identity, asked.lote)
        digest = authorised_digest(asked.authorisations, asked.sender, self.roots, at=bench.at)
        audience = Audience(
            asked.event,
            asked.sender,
            header.request_id,
            header.readers,
            is_authorised=digest == header.readers.digest,
        )
        return _Known(
            head=LoteHead(asked, audience, opened.identity),
            content=str(statement.extra["conteudo"]).encode() if statement else opened.plaintext,
            seen=(header.seen, statement.seen if statement else None),
            repeated=repeated,
        )

    def _decided(self, known: _Known) -> LoteDecision:
        asked = known.head.asked
        week = week_engine(asked.parameters, asked.event)
        self.bench.journal.require_parameters(week.used)
        # Of the beginning: a receipt may be younger than its document, and reading the file takes its time.
        attestation = self.bench.signer.attested()
        judging = Judging(self.bench.journal, asked, known.head.audience.readers.digest, known.repeated)
        judged = judging.judged(self._agents(known, week))
        refusal = judging.refusal_of(judged)
        if refusal:
            return self._refused(known, judged, refusal)
        entry = self._entry(known, judged, week)
        sealed = None if known.repeated else self.bench.journal.propose(entry)
        head = sealed.head if sealed else self.bench.journal.head
        taken = TakenLote(
            bench=self.bench,
            head=known.head,
            taking=Taking(entry, head, week, attestation),
            readers=canonical(known.head.audience.readers.as_json()),
        )
        answers, records = taken.sealed(judged)
        return LoteDecision(
            answers=answers,
            records=records,
            entry=sealed,
            taken=sum(1 for one in judged if one.version),
            refused=sum(1 for one in judged if not one.version),
            rules=rules_of(judged),
            repeated=known.repeated is not None,
        )

    def _agents(self, known: _Known, week: WeekEngine) -> tuple[FileAgent, ...]:
        """Raise `FaultsFound` for a file that is none, or that has more agents than a lote may."""
        # The identity is of the whole sealed object: its kind, week, sender and readers are in it.
        key = (known.head.identity, week.used.digest)
        agents = self.last_file.read(key, lambda: self._read(known, week))
        if len(agents) > MOST_AGENTS:
            raise FaultsFound("o arquivo tem agentes demais", [_TOO_MANY])
        return agents

    def _read(self, known: _Known, week: WeekEngine) -> tuple[FileAgent, ...]:
        if known.head.asked.kind is LoteKind.COUNTERPARTIES:
            return counterparties_of(known.content, known.head.asked.event)
        return portfolios_of(known.content, week.engine, at=self.bench.at)

    def _entry(self, known: _Known, judged: Sequence[Judged], week: WeekEngine) -> LoteEntry:
        """That of a repeat is in the journal already."""
        asked, audience = known.head.asked, known.head.audience
        return known.repeated or LoteEntry(
            sender=asked.sender,
            kind=asked.kind.value,
            request_id=audience.request_id,
            identity=known.head.identity,
            readers=audience.readers.digest,
            lote=asked.lote,
            parameters=week.used,
            agents=tuple((Cnpj(one.agent.company), one.version) for one in judged if one.version),
            at=self.bench.at,
        )

    def _refused(self, known: _Known, judged: Sequence[Judged], refusal: LoteRefusal) -> LoteDecision:
        told = {"recusa": refusal.value, "detalhe": _SENTENCES[refusal]}
        return LoteDecision(
            reason=refusal.value,
            answers=refused_answers(self.bench, known.head, judged, told),
            refused=len(judged),
            rules=rules_of(judged),
        )

    def _refused_whole(
        self, known: _Known, reason: str, detail: str, faults: Sequence[Fault] = ()
    ) -> LoteDecision:
        told = {
            "recusa": reason,
            "detalhe": detail,
            "faltas": [fault_told(one) for one in faults[:_MOST_FAULTS]],
        }
        answer = whole_file_answer(self.bench, known.head, told)
        rules = Counter(fault.rule for fault in faults)
        return LoteDecision(reason=reason, answers=[answer], rules=rules)
