"""Files handed to the other bus: sent once, and looked for where the answer was lost."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from aval.adapters.ccee.calls import Caller, Operation, ProviderFault, Reply
from aval.adapters.ccee.replies import Element, moment
from aval.adapters.ccee.requests import PROCESSING_TYPE
from aval.adapters.ccee.transport import AnswerLost, Deadline
from aval.contracts.bus import (
    Outcome,
    Processing,
    ProcessingCode,
    ProcessingState,
    RowResult,
    RowStatus,
    Submission,
)
from aval.contracts.imports.reception import digest_of
from aval.contracts.model import ContractCode, ProfileCode
from aval.contracts.paging import Page, PageRequest
from aval.contracts.refusals import NothingFound, ParametersInvalid, ProviderFailed, SubmissionUncertain
from aval.errors import DomainError

FINAL: Final = frozenset({ProcessingState.DONE, ProcessingState.REFUSED, ProcessingState.FAILED})
# One that awaits its file is not among them: that file may never come.
_IN_FLIGHT: Final = frozenset({ProcessingState.RECEIVED, ProcessingState.RUNNING})
_FIRST_PAUSE_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 8.0
_ONE_ROW: Final = PageRequest(1, 1)
_log: Final = logging.getLogger("aval")


@dataclass(frozen=True, slots=True)
class Before:
    """What the other bus knew of a text before it was sent; `searchable` False: it cannot be asked."""

    searchable: bool
    latest: Processing | None = None


@dataclass(frozen=True, slots=True)
class Submissions:
    caller: Caller
    sleep: Callable[[float], None] = time.sleep

    def submit(self, submission: Submission) -> ProcessingCode:
        """Send the text, once, and give its code.

        Raises `SubmissionUncertain` when the answer was lost and the text is not found again.
        """
        profile, text = submission.acting.profile, submission.text.strip()
        digest = digest_of(text)
        with self.caller.one_call() as deadline:
            # Asked before it is sent: a processing of the same text from last week would look like this one.
            before = self._before(digest, profile)
            latest = before.latest
            if latest is not None and latest.state in _IN_FLIGHT:
                return latest.code
            try:
                reply = self.caller.ask(Operation.IMPORT_FILE, {"arquivo": text}, profile=profile)
                return ProcessingCode(reply.body.read(int, "codigoProcessamento"))
            except AnswerLost as lost:
                _log.warning("submission uncertain", extra={"searchable": before.searchable})
                return self._found_again(digest, before, profile, deadline, lost)

    def latest(self, digest: str, profile: ProfileCode | None) -> Processing:
        """Raise `NothingFound` when the company never submitted the text with that digest."""
        if not self.caller.environment.knows_our_inventions:
            raise ParametersInvalid("este barramento não procura processamentos pelo resumo do arquivo")
        asked = {"tipoProcessamento": PROCESSING_TYPE, "resumoArquivo": digest}
        reply = self._ask_result(asked, _ONE_ROW, profile)
        return outcome_of(reply, _ONE_ROW).processing

    def outcome(self, code: ProcessingCode, page: PageRequest, profile: ProfileCode | None) -> Outcome:
        asked = {"codigoProcessamento": code, "tipoProcessamento": PROCESSING_TYPE}
        return outcome_of(self._ask_result(asked, page, profile), page)

    def finished(self, code: ProcessingCode, profile: ProfileCode, deadline: Deadline) -> Outcome:
        """Wait for the end of a processing of few rows; raise `ProviderFailed` when it takes longer."""
        for _ in self._pauses(deadline):
            found = self.outcome(code, _ONE_ROW, profile)
            if found.processing.state in FINAL:
                return found
        raise ProviderFailed(
            f"o pedido foi aceito como processamento {code} e ainda não terminou; consulte o resultado depois"
        )

    def _ask_result(self, asked: dict[str, Any], page: PageRequest, profile: ProfileCode | None) -> Reply:
        paging = page if self.caller.environment.knows_our_inventions else None
        body = {"processamento": asked}
        return self.caller.ask(Operation.READ_OUTCOME, body, profile=profile, page=paging)

    def _before(self, digest: str, profile: ProfileCode) -> Before:
        """Whatever else fails here fails before anything was sent."""
        try:
            return Before(searchable=True, latest=self.latest(digest, profile))
        except NothingFound:
            return Before(searchable=True)
        except (ParametersInvalid, ProviderFault):
            return Before(searchable=False)

    def _found_again(
        self, digest: str, before: Before, profile: ProfileCode, deadline: Deadline, lost: AnswerLost
    ) -> ProcessingCode:
        known = before.latest.code if before.latest else None
        if before.searchable:
            for _ in self._pauses(deadline):
                try:
                    code = self.latest(digest, profile).code
                except DomainError:
                    # Not there yet, or not to be asked just now: both may pass.
                    continue
                if code != known:
                    return code
        raise SubmissionUncertain(
            "a conexão caiu depois do envio e não se sabe se o barramento recebeu o arquivo; "
            "não o envie de novo antes de conferir na lista de contratos se as linhas foram processadas"
        ) from lost

    def _pauses(self, deadline: Deadline) -> Iterator[None]:
        """One turn at once, then others further and further apart as long as there is time."""
        pause = _FIRST_PAUSE_SECONDS
        yield
        while deadline.left > pause:
            self.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            yield


def outcome_of(reply: Reply, page: PageRequest) -> Outcome:
    told = reply.body.require("resultadoProcessamento")
    details = told.all("ResultadosProcessamentoImportacaoContrato", "detalhe")
    state = told.read_optional(ProcessingState, "situacao")
    if state is None:
        # The chamber's own answers have no such element: results are there at the end.
        state = ProcessingState.DONE if details else ProcessingState.RUNNING
    if reply.paging is None:
        results = _cut(_rows(details, state, first=1), page)
    else:
        first = (page.number - 1) * page.size + 1
        results = Page(_rows(details, state, first), page, reply.paging.read(int, "quantidadeTotalItens"))
    processing = Processing(
        code=ProcessingCode(told.read(int, "codigoProcessamento")),
        state=state,
        received_at=told.read_optional(moment, "dataRecebimento"),
        total_rows=told.read_optional(int, "linhas", "total"),
        done_rows=_count(told, "processadas", len(details)),
        failed_rows=_count(told, "comErro", sum(one.text("status") == RowStatus.REFUSED for one in details)),
    )
    return Outcome(processing, results)


def _count(told: Element, name: str, otherwise: int) -> int:
    count = told.read_optional(int, "linhas", name)
    return otherwise if count is None else count


def _rows(details: list[Element], state: ProcessingState, first: int) -> tuple[RowResult, ...]:
    return tuple(_row(detail, first + place, state) for place, detail in enumerate(details))


def _row(told: Element, place: int, state: ProcessingState) -> RowResult:
    """Where the other bus numbers no rows, results are taken to come in the rows' order."""
    row = told.read_optional(int, "linha")
    contract = told.read_optional(int, "contrato", "codigo")
    return RowResult(
        row=(0 if state is ProcessingState.REFUSED else place) if row is None else row,
        sequence=told.text("sequencialControle"),
        status=told.read(RowStatus, "status"),
        description=told.text("descricao"),
        contract=None if contract is None else ContractCode(contract),
    )


def _cut(rows: tuple[RowResult, ...], page: PageRequest) -> Page[RowResult]:
    first = (page.number - 1) * page.size
    if first and first >= len(rows):
        raise NothingFound("a página pedida fica depois do fim dos resultados")
    return Page(rows[first : first + page.size], page, len(rows))
