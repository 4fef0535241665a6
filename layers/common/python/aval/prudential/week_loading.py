"""A parameter file from its arrival to its effect: judged whole, taken once, reported at every delivery."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aval.errors import Fault, FaultsFound
from aval.events import Event, EventBus, EventName
from aval.identifiers import EventCode
from aval.moments import Clock, for_people, spelled_out
from aval.prudential.parameters import ParameterSet
from aval.prudential.parameters_json import read_parameters
from aval.prudential.refusals import DocumentUnreadable, WeekContended, WeekUnknown
from aval.prudential.weeks import Weeks, WeekVersion
from aval.registry.generations import Arrival
from aval.registry.loading import DroppedFile, Reports
from aval.registry.reports import Document, arrival_document
from aval.sealing.canonical import canonical

LARGEST_FILE: Final = 1_000_000
_ATTEMPTS: Final = 5


class WeeksBusy(Exception):
    """Other loads kept winning; nothing of this one took effect, and a later delivery may try again."""


@dataclass(frozen=True, slots=True)
class WeekLoader:
    weeks: Weeks
    reports: Reports
    bus: EventBus
    clock: Clock

    def load(self, file: DroppedFile, *, transaction_id: str) -> bool:
        """Take a file or refuse it, and say which; report and event follow at every delivery.

        Raise `WeeksBusy` when others kept winning.
        """
        arrival = file.arrival
        try:
            version = self._take(file)
        except FaultsFound as refused:
            document = _refused_document(arrival, refused.faults, transaction_id)
            event = _refused_event(arrival, refused.faults, transaction_id)
        else:
            document = _loaded_document(arrival, version, transaction_id)
            event = _loaded_event(arrival, version, transaction_id)
        self.reports.put(arrival, document)
        self.bus.publish(event)
        return event.name is EventName.WEEK_LOADED

    def _take(self, file: DroppedFile) -> WeekVersion:
        """The version that the file says, just added or there before; raise `FaultsFound`."""
        parameters = _read(file.content)
        for _ in range(_ATTEMPTS):
            before = self._versions(parameters.event)
            for version in before:
                if version.parameters.digest == parameters.digest:
                    return version
            at = self.clock().replace(microsecond=0)
            faults = list(faults_of_version(parameters, before, at=at))
            if faults:
                raise FaultsFound("os parâmetros não podem entrar em vigor", faults)
            version = WeekVersion(
                parameters=parameters,
                loaded_at=at,
                source=_source(file.arrival),
                document=canonical(parameters.as_json()),
            )
            try:
                self.weeks.add(version)
            except WeekContended:
                continue
            return version
        raise WeeksBusy

    def _versions(self, event: EventCode) -> Sequence[WeekVersion]:
        try:
            return self.weeks.versions(event)
        except WeekUnknown:
            return ()


def faults_of_version(
    parameters: ParameterSet, before: Sequence[WeekVersion], *, at: datetime
) -> Iterator[Fault]:
    """Why a set that says something new may not follow those that were taken before, oldest first."""
    in_force = before[-1].parameters if before else None
    due = in_force.version + 1 if in_force else 1
    if parameters.version < due:
        detail = (
            f"a versão {parameters.version} deste evento já foi carregada com outro conteúdo, e não muda; "
            f"envie a correção como versão {due}"
        )
        yield Fault("versao", detail, "/versao")
    elif parameters.version > due:
        detail = f"a próxima versão deste evento é a {due}; veio {parameters.version}"
        yield Fault("versao", detail, "/versao")
    if in_force and in_force.deadline <= at:
        detail = f"o prazo deste evento terminou em {spelled_out(in_force.deadline)}; nada mais muda nele"
        yield Fault("prazo-encerrado", detail, "/prazo")
    elif parameters.deadline <= at:
        detail = f"o prazo deve estar por vir; veio {for_people(parameters.deadline)}"
        yield Fault("prazo", detail, "/prazo")
    if in_force and in_force.opens <= at:
        yield from _faults_of_opened(parameters, in_force)


def _faults_of_opened(parameters: ParameterSet, in_force: ParameterSet) -> Iterator[Fault]:
    """What agents went by when they began to fill: who is eligible hangs on both."""
    if parameters.opens != in_force.opens:
        told = for_people(in_force.opens)
        detail = f"o preenchimento já começou, e a abertura fica {told}; veio {for_people(parameters.opens)}"
        yield Fault("abertura", detail, "/abertura")
    gone = sorted(set(in_force.classes) - set(parameters.classes))
    if gone:
        listed = ", ".join(str(int(one)) for one in gone)
        detail = f"o preenchimento já começou, e nenhuma classe sai dele; devolva à lista: {listed}"
        yield Fault("classe", detail, "/classes")


def _read(content: bytes) -> ParameterSet:
    if len(content) > LARGEST_FILE:
        detail = f"o arquivo passa de {LARGEST_FILE} bytes; envie um só conjunto de parâmetros"
        raise DocumentUnreadable("o arquivo não é um conjunto de parâmetros", [Fault("tamanho", detail)])
    return read_parameters(content)


def _source(arrival: Arrival) -> str:
    return f"{arrival.key}#{arrival.sequencer}"


def _loaded_document(arrival: Arrival, version: WeekVersion, transaction_id: str) -> Document:
    """`nova` is False for a file that says what was there before it came."""
    return {
        "aceito": True,
        **arrival_document(arrival, transaction_id),
        "evento": version.parameters.event,
        "versao": version.parameters.version,
        "resumo": version.parameters.digest,
        "nova": version.source == _source(arrival),
        "carregadoEm": for_people(version.loaded_at),
    }


def _refused_document(arrival: Arrival, faults: Sequence[Fault], transaction_id: str) -> Document:
    return {
        "aceito": False,
        **arrival_document(arrival, transaction_id),
        "totalErros": len(faults),
        "erros": [{"regra": one.rule, "local": one.pointer, "detalhe": one.detail} for one in faults],
    }


def _loaded_event(arrival: Arrival, version: WeekVersion, transaction_id: str) -> Event:
    detail: dict[str, str | int] = {
        "evento": version.parameters.event,
        "versao": version.parameters.version,
        "resumo": version.parameters.digest,
        "arquivo": arrival.key,
        "transacao": transaction_id,
    }
    return Event(EventName.WEEK_LOADED, detail)


def _refused_event(arrival: Arrival, faults: Sequence[Fault], transaction_id: str) -> Event:
    detail: dict[str, str | int] = {
        "arquivo": arrival.key,
        "erros": len(faults),
        "transacao": transaction_id,
    }
    return Event(EventName.WEEK_REFUSED, detail)
