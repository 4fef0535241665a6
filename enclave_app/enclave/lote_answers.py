"""What goes out of a lote: for each hundred agents of the file one sealed answer and their sealed records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import cbor2

from aval.errors import Fault
from aval.identifiers import Cnpj
from aval.prudential.agent_state import AgentStanding
from aval.prudential.factor_standing import standing_of
from aval.prudential.lotes import AGENTS_IN_CHUNK
from aval.sealing.envelope import SealedKind
from aval.sealing.head import Head
from aval.sealing.journal import LoteEntry, Step
from aval.sealing.journal_entry import COUNTERPARTIES, PORTFOLIO
from aval.sealing.journal_step import lote_step
from aval.sealing.receipt_content import Receipt
from aval.sealing.receipts import commit
from aval.sealing.records import Place
from enclave_app.enclave.lote_asked import ACT, AskedLote
from enclave_app.enclave.lote_judging import Judged
from enclave_app.enclave.signing import Audience
from enclave_app.enclave.week_engine import WeekEngine
from enclave_app.enclave.workbench import Workbench, fault_told

# A file of a million wrong cells would be told in more than an answer carries: of each agent the first ones.
_MOST_FAULTS_OF_ONE: Final = 100
_MOST_FAULTS: Final = 50_000
# The members of a record beside its readers (week_records.py).
_MEMBER: Final = {PORTFOLIO: b"portfolio", COUNTERPARTIES: b"contrapartes"}


@dataclass(frozen=True, slots=True)
class LoteHead:
    """What every answer of one lote begins with, and whom it is for."""

    asked: AskedLote
    audience: Audience
    identity: str

    def payload(self, number: int, of: int) -> dict[str, object]:
        return {
            "ato": ACT,
            "lote": self.asked.lote,
            "tipo": self.asked.kind.value,
            "objeto": self.identity,
            "pedaco": number,
            "de": of,
        }


@dataclass(frozen=True, slots=True)
class Taking:
    """The entry that takes a lote, and what is in force while it does."""

    entry: LoteEntry
    head: Head
    """Of the journal with it; of a repeat, as it is now."""
    week: WeekEngine
    attestation: bytes = field(repr=False)
    """One for all receipts of the lote: the module is asked once."""


def refused_answers(
    bench: Workbench, head: LoteHead, judged: Sequence[Judged], told: Mapping[str, object]
) -> list[bytes]:
    """`told` is why nothing was taken; with it go each agent's faults."""
    groups = list(_hundreds(judged))
    budget = _FaultBudget()
    return [
        bench.answer(
            {
                **head.payload(number, len(groups)),
                **told,
                "agentes": [_refused(one, budget) for one in group],
            },
            head.audience,
        )
        for number, group in enumerate(groups)
    ]


def whole_file_answer(bench: Workbench, head: LoteHead, told: Mapping[str, object]) -> bytes:
    """`told` is a refusal that is about no agent."""
    return bench.answer({**head.payload(0, 1), **told, "agentes": []}, head.audience)


@dataclass(frozen=True, slots=True)
class TakenLote:
    bench: Workbench
    head: LoteHead
    taking: Taking
    readers: bytes
    """The list as JSON: it is the same in each record."""

    def sealed(self, judged: Sequence[Judged]) -> tuple[list[bytes], list[bytes]]:
        """Answers, and as many chunks of records."""
        groups = list(_hundreds(judged))
        budget = _FaultBudget()
        answers, chunks = [], []
        for number, group in enumerate(groups):
            lines: list[dict[str, object]] = []
            records: list[list[object]] = []
            for one in group:
                if not one.version:
                    lines.append(_refused(one, budget))
                    continue
                standing = self._standing(one)
                lines.append(_taken(one, standing))
                records.append([one.agent.company, one.version, self._record(one), standing.as_json()])
            answers.append(self._answer(number, len(groups), group, lines))
            chunks.append(cbor2.dumps(records, canonical=True))
        return answers, chunks

    def _standing(self, one: Judged) -> AgentStanding:
        company = Cnpj(one.agent.company)
        return standing_of(company, self._steps(company, one.version), self.taking.week.in_force)

    def _steps(self, company: Cnpj, version: int) -> Sequence[Step]:
        """The agent's history up to this lote, which is in it already where the lote is a repeat."""
        entry, history = self.taking.entry, self.bench.journal.history(company)
        for place, step in enumerate(history):
            if step.request_id == entry.request_id:
                return history[: place + 1]
        return (*history, lote_step(self.taking.head.counter, entry, version))

    def _record(self, one: Judged) -> bytes:
        entry, event = self.taking.entry, self.head.asked.event
        place = Place(event, Cnpj(one.agent.company), entry.kind, one.version, entry.identity)
        plaintext = b'{"leitores":%b,"%b":%b}' % (self.readers, _MEMBER[entry.kind], one.agent.kept)
        return self.bench.kept(plaintext, place).sealed

    def _answer(
        self, number: int, of: int, group: Sequence[Judged], lines: Sequence[dict[str, object]]
    ) -> bytes:
        week = self.taking.week
        made_with = {"parametros": week.used.as_json(), "metodo": week.engine.method}
        payload = {**self.head.payload(number, of), **made_with, "agentes": lines}
        versions = {one.agent.company: one.version for one in group if one.version}
        if versions:
            salt, commitment = commit(lines)
            payload |= {"sal": salt.hex(), "recibo": self._receipt(versions, commitment)}
        return self.bench.signer.answer(payload, self.head.audience, self.taking.head)

    def _receipt(self, versions: dict[str, int], commitment: str) -> str:
        asked, signer, week = self.head.asked, self.bench.signer, self.taking.week
        receipt = Receipt(
            event=asked.event,
            company=asked.sender,
            kind=SealedKind(asked.kind.value),
            request_id=self.head.audience.request_id,
            issued_at=self.bench.at,
            inputs={asked.kind.value: self.head.identity},
            versions=versions,
            parameters=week.used.digest,
            head=self.taking.head,
            caveats=signer.caveats(self.head.audience),
            switches=week.switches,
            commitment=commitment,
        )
        return signer.receipt(receipt, self.taking.attestation)


class _FaultBudget:
    """How many faults may still be told; of each agent one always is."""

    def __init__(self) -> None:
        self._left = _MOST_FAULTS

    def told(self, faults: Sequence[Fault]) -> list[dict[str, object]]:
        most = max(1, min(_MOST_FAULTS_OF_ONE, self._left))
        self._left -= min(most, len(faults))
        told = [fault_told(one) for one in faults[:most]]
        if len(faults) > most:
            detail = f"há mais {len(faults) - most} faltas deste agente; corrija antes estas e envie de novo"
            told.append(fault_told(Fault("quantidade", detail, faults[most].pointer)))
        return told


def _refused(one: Judged, budget: _FaultBudget) -> dict[str, object]:
    return {"cnpj": one.agent.company, "faltas": budget.told(one.faults)}


def _taken(one: Judged, standing: AgentStanding) -> dict[str, object]:
    return {
        "cnpj": one.agent.company,
        "versao": one.version,
        "estado": standing.state.value,
        "calculo": standing.calculation or None,
        "ciclo": standing.cycle,
        **one.agent.figures,
        "avisos": [fault_told(warning) for warning in one.agent.warnings],
    }


def _hundreds(judged: Sequence[Judged]) -> Iterator[Sequence[Judged]]:
    for start in range(0, len(judged), AGENTS_IN_CHUNK):
        yield judged[start : start + AGENTS_IN_CHUNK]
