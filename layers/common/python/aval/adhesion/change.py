"""A company's access changed: judged whole, every fault told, applied at once or not at all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from aval.adhesion import history
from aval.adhesion.company import Adhesion, RegisteredCertificate, Situation
from aval.adhesion.examination import Examined, Examiner, Places
from aval.adhesion.password import PasswordKeeper, password_faults
from aval.adhesion.permissions import Permissions
from aval.adhesion.reading import CompanyAccess
from aval.adhesion.refusals import (
    ChangeContended,
    ChangeRefused,
    IdempotencyKeyReused,
    VersionMismatch,
)
from aval.adhesion.request import ChangeRequest
from aval.adhesion.store import AdhesionStore, AdhesionWrite, AppliedRequest, WriteLost
from aval.certificates.certificate import Certificate
from aval.certificates.rules import Verdict
from aval.errors import DomainError, Fault
from aval.events import Event, EventBus, EventName, EventsNotPublished
from aval.identifiers import Cpf

MAX_EXAMINED: Final = 10
"""More files than this are counted, not read: they could never all be accepted."""
_MAX_TRIES: Final = 12
_ADHESION_RULE: Final = "adesao"


@dataclass(frozen=True, slots=True)
class Changed:
    """The company as the change left it at `at`, also when the request is a repetition.

    The change stands even when the bus did not take its events: `announced` is False then.
    """

    access: CompanyAccess
    at: datetime
    announced: bool


@dataclass(frozen=True, slots=True)
class Changes:
    permissions: Permissions
    store: AdhesionStore
    examiner: Examiner
    keeper: PasswordKeeper
    bus: EventBus
    pause: Callable[[int], None]

    def change(self, request: ChangeRequest, *, person: Cpf | None, at: datetime) -> Changed:
        """Apply the whole request for `person`, exactly once per `request_id`.

        Raise `ChangeRefused` with every fault, `VersionMismatch`, `IdempotencyKeyReused`, or
        `ChangeContended` when other changes kept coming first.
        """
        participant, author = self.permissions.require_writer(person, request.company, at=at)
        attempt = _Attempt(self, request, author.name, at.replace(microsecond=0))
        for tried in range(_MAX_TRIES):
            try:
                applied = attempt.run()
            except WriteLost:
                self.pause(tried)
            else:
                access = CompanyAccess(participant, applied.adhesion)
                return Changed(access, applied.at, applied.announced)
        raise ChangeContended("há outras alterações desta empresa em andamento; tente de novo em instantes")


@dataclass(frozen=True, slots=True)
class _Applied:
    adhesion: Adhesion
    at: datetime
    announced: bool = True


@dataclass(frozen=True)
class _Attempt:
    """What of one request stays the same however often it is judged again."""

    changes: Changes
    request: ChangeRequest
    author: str
    at: datetime

    @cached_property
    def _examined(self) -> tuple[Examined, ...]:
        if len(self.request.additions) > MAX_EXAMINED:
            return ()
        examiner, company = self.changes.examiner, self.request.company
        return tuple(examiner.examine(offered, company, at=self.at) for offered in self.request.additions)

    @cached_property
    def _certificates(self) -> tuple[Certificate | None, ...]:
        return tuple(examined.certificate for examined in self._examined)

    @cached_property
    def _digest(self) -> str:
        return self.request.digest(self.changes.keeper.pepper)

    @cached_property
    def _password_hash(self) -> str | None:
        password = self.request.password
        return self.changes.keeper.hash(self.request.company, password) if password else None

    def run(self) -> _Applied:
        """Judge against the company as it is now and apply; raise `WriteLost` to be run again."""
        before = self.changes.store.load(self.request.company)
        refusal = self._refusal(before)
        # Asked last: a twin of this request may have been applied while this one was judged.
        repeated = self._repeated()
        if repeated is not None:
            return repeated
        if refusal is not None:
            raise refusal
        write = self._write(before)
        self.changes.store.apply(write)
        return _Applied(write.after, self.at, self._announce(write))

    def _announce(self, write: AdhesionWrite) -> bool:
        try:
            self.changes.bus.publish(*_events(write))
        except EventsNotPublished:
            return False
        return True

    def _refusal(self, before: Adhesion) -> DomainError | None:
        expected = self.request.expected_versions
        if expected is not None and before.version not in expected:
            return VersionMismatch("o cadastro mudou desde a leitura; leia-o de novo e refaça a solicitação")
        faults = tuple(self._faults(before))
        if faults:
            return ChangeRefused("a solicitação não foi aplicada; corrija os pontos indicados", faults)
        return None

    def _repeated(self) -> _Applied | None:
        request_id = self.request.request_id
        applied = self.changes.store.applied_request(request_id) if request_id else None
        if applied is None:
            return None
        if applied.digest != self._digest:
            raise IdempotencyKeyReused(
                "esta Idempotency-Key já foi usada com outra solicitação; gere uma nova"
            )
        current = self.changes.store.load(self.request.company)
        stored = self.changes.store.certificates(self.request.company, applied.in_service)
        certificates = tuple(replace(one, removed_at=None) for one in stored)
        return _Applied(replace(current, version=applied.version, certificates=certificates), applied.at)

    def _faults(self, before: Adhesion) -> Iterator[Fault]:
        request = self.request
        if request.password is not None:
            yield from password_faults(request.password, request.company)
        yield from self._completeness(before)
        known = {certificate.fingerprint for certificate in before.certificates}
        for fingerprint in sorted(request.deletions - known):
            detail = f"a empresa não tem certificado em serviço com a impressão digital {fingerprint}"
            yield Fault("excluir", detail, "#/excluir")
        readable = [certificate for certificate in self._certificates if certificate is not None]
        holders = self.changes.store.holders(
            [certificate.subject_key for certificate in readable],
            [certificate.fingerprint for certificate in readable],
        )
        places = Places(before, holders, request.deletions, self.at)
        for index, examined in enumerate(self._examined):
            verdicts = (*examined.verdicts, *places.judge(self._certificates, index))
            yield from _refusals(verdicts, f"#/adicionar/{index}")
        yield from _refusals([places.judge_count(len(request.additions))], "#/adicionar")

    def _completeness(self, before: Adhesion) -> Iterator[Fault]:
        request = self.request
        if before.situation is Situation.NAO_ADERIDO:
            if request.password is None:
                yield Fault("senha", "a senha é obrigatória na primeira adesão", "#/senha")
            if not request.additions:
                detail = "a primeira adesão exige ao menos um certificado"
                yield Fault(_ADHESION_RULE, detail, "#/adicionar")
        elif request.password is None and not request.additions and not request.deletions:
            detail = "a solicitação não muda nada: informe senha, certificados a adicionar ou a excluir"
            yield Fault(_ADHESION_RULE, detail, "#")

    def _write(self, before: Adhesion) -> AdhesionWrite:
        request, at = self.request, self.at
        deleted = tuple(one for one in before.certificates if one.fingerprint in request.deletions)
        added = tuple(self._registered(examined) for examined in self._examined)
        password = (
            (history.password_set(at=at, author=self.author, before=before.situation),)
            if request.password
            else ()
        )
        write = AdhesionWrite(
            before=before,
            at=at,
            history=(
                *password,
                *history.deleted(deleted, at=at, author=self.author),
                *history.added(added, at=at),
            ),
            password_hash=self._password_hash,
            added=added,
            deleted=tuple(replace(one, removed_at=at) for one in deleted),
        )
        if request.request_id is None:
            return write
        after = write.after
        in_service = tuple(certificate.fingerprint for certificate in after.certificates)
        applied = AppliedRequest(request.request_id, self._digest, after.version, in_service, at)
        return replace(write, request=applied)

    def _registered(self, examined: Examined) -> RegisteredCertificate:
        if examined.certificate is None or examined.standing is None:
            raise ValueError("an unread certificate cannot be registered")
        return RegisteredCertificate(
            company=self.request.company,
            facts=examined.certificate,
            name=examined.name,
            standing=examined.standing,
            warnings=examined.judgement.warnings,
            last_modified=self.at,
            modified_by=self.author,
        )


def _refusals(verdicts: Sequence[Verdict], pointer: str) -> Iterator[Fault]:
    for verdict in verdicts:
        if not verdict.ok:
            yield Fault(verdict.rule.value, verdict.detail, pointer)


def _events(write: AdhesionWrite) -> Iterator[Event]:
    company = write.before.company
    yield Event(EventName.ADHESION_CHANGED, {"cnpj": company, "versao": write.after.version})
    for certificates, name in (
        (write.deleted, EventName.CERTIFICATE_DELETED),
        (write.added, EventName.CERTIFICATE_ADDED),
    ):
        for certificate in certificates:
            yield Event(name, {"cnpj": company, "impressaoDigital": certificate.fingerprint})
