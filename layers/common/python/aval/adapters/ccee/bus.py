"""`CceeContractBus`: the contract services of a CCEE environment or of another deployment of this product."""
# ruff: noqa: ARG002  # the port gives what our own tables need and another bus has no use for

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from aval.adapters import aws
from aval.adapters.ccee import contracts as contract_replies
from aval.adapters.ccee import registry as registry_replies
from aval.adapters.ccee import requests
from aval.adapters.ccee.access import Access, Environment
from aval.adapters.ccee.calls import Caller, Operation, Reply
from aval.adapters.ccee.cursors import stretch
from aval.adapters.ccee.replies import Element, ReplyUnreadable
from aval.adapters.ccee.submission import Submissions
from aval.adapters.ccee.transport import Patience
from aval.adapters.secrets_manager import read_secret
from aval.contracts.bus import (
    Acting,
    AmountQuery,
    AnyAmount,
    AnyContract,
    AssetQuery,
    ContractQuery,
    FreeAmount,
    LinkedParcel,
    ListedProfile,
    Outcome,
    ParcelQuery,
    ParticipantQuery,
    ProcessingCode,
    ProcessingState,
    ProfileQuery,
    RowResult,
    Submission,
    Submitted,
    UploadRequest,
    UploadTicket,
    Viewer,
)
from aval.contracts.model import Amount, Contract, ContractCode, Market, Period, ProfileCode, Transition
from aval.contracts.paging import MAX_PAGE_SIZE, CursorRequest, Page, PageRequest, Stretch
from aval.contracts.refusals import NothingFound, ParametersInvalid, ProfileForbidden, ProviderFailed
from aval.identifiers import Cnpj, IdentifierInvalid
from aval.registry.model import Asset, Parcel, Participant
from aval.settings import Settings, Variable

_WHOLE: Final = PageRequest(1, MAX_PAGE_SIZE)

Row = TypeVar("Row")


def ccee_bus(settings: Settings) -> "CceeContractBus":
    """The bus that the settings name, reached by what their secret says; raise `AccessUnusable`."""
    environment = Environment.named(settings[Variable.CCEE_URL])

    def access() -> Access:
        return Access.from_secret(read_secret(aws.secretsmanager(), settings[Variable.CCEE_SECRET]))

    caller = Caller(environment, access(), Patience(), access)
    return CceeContractBus(caller, Submissions(caller))


@dataclass(frozen=True, slots=True)
class CceeContractBus:
    """One company's bus: who does not look or act for that company is refused before anything is asked.

    Which of its profiles may be seen is the other side's to say. One call at a time.
    """

    caller: Caller
    submissions: Submissions

    @classmethod
    def reaching(cls, environment: Environment, access: Access, patience: Patience) -> "CceeContractBus":
        """Raise `AccessUnusable` when certificate, key or authorities cannot be used."""
        caller = Caller(environment, access, patience)
        return cls(caller, Submissions(caller))

    def submit(self, submission: Submission, *, at: datetime) -> ProcessingCode:
        self._require_own(submission.acting)
        return self.submissions.submit(submission)

    def prepare_upload(self, request: UploadRequest, *, at: datetime) -> UploadTicket:
        raise ParametersInvalid(
            "este barramento só recebe arquivos no corpo do pedido, até 4 MB; divida o arquivo em partes"
        )

    def latest_submission(self, digest: str, acting: Acting) -> ProcessingCode:
        self._require_own(acting)
        with self.caller.one_call():
            return self.submissions.latest(digest, acting.profile).code

    def outcome(self, code: ProcessingCode, page: PageRequest, acting: Viewer) -> Outcome:
        self._require_own(acting)
        with self.caller.one_call():
            return self.submissions.outcome(code, page, acting.profile)

    def submitted_from(self, cursor: CursorRequest, acting: Viewer) -> Stretch[Submitted]:
        raise ParametersInvalid(
            "este barramento não lista as importações; consulte cada uma pelo código recebido no envio"
        )

    def contracts(self, query: ContractQuery, page: PageRequest, acting: Viewer) -> Page[AnyContract]:
        self._require_own(acting)
        with self.caller.one_call():
            reply = self.caller.ask(
                Operation.LIST_CONTRACTS,
                requests.contracts(query),
                profile=acting.profile,
                page=page,
                about=query.profiles,
            )
            told = reply.body.all("contratos", "contrato")
            amounts = self._amounts_of(told, acting.profile)
            return _page(reply, page, told, lambda one: contract_replies.contract(one, amounts))

    def contracts_from(
        self, query: ContractQuery, cursor: CursorRequest, acting: Viewer
    ) -> Stretch[AnyContract]:
        return stretch(cursor, lambda page: self.contracts(query, page, acting))

    def contract(
        self, code: ContractCode, market: Market | None, period: Period | None, acting: Viewer
    ) -> AnyContract:
        self._require_own(acting)
        with self.caller.one_call():
            body = requests.contract(code, market, period)
            reply = self._ask(Operation.READ_CONTRACT, body, acting.profile)
            told = reply.body.require("contrato")
            return contract_replies.contract(told, self._amounts_of([told], acting.profile))

    def amounts(self, query: AmountQuery, page: PageRequest, acting: Viewer) -> Page[AnyAmount]:
        self._require_own(acting)
        with self.caller.one_call():
            return self._amounts(requests.amounts(query), page, acting.profile)

    def history(self, code: ContractCode, cursor: CursorRequest, acting: Viewer) -> Stretch[Transition]:
        raise NothingFound("este barramento não informa o histórico dos contratos")

    def validate(
        self,
        code: ContractCode,
        begins: frozenset[datetime],
        acting: Acting,
        *,
        at: datetime,
    ) -> RowResult:
        """As a file of one row, waited for; a row is taken whole or not at all."""
        self._require_own(acting)
        with self.caller.one_call() as deadline:
            contract = self.contract(code, Market.FREE, None, acting)
            if not isinstance(contract, Contract):
                raise ParametersInvalid("montantes de contratos regulados não são validados")
            text = requests.validation_file(code, contract.kind, begins)
            processing = self.submissions.submit(Submission(acting, text))
            found = self.submissions.finished(processing, acting.profile, deadline)
        if found.processing.state is ProcessingState.FAILED or not found.results.rows:
            raise ProviderFailed(
                f"o processamento {processing} do barramento consultado terminou sem resultado"
            )
        return found.results.rows[0]

    def linked_parcels(self, query: ParcelQuery, page: PageRequest, acting: Viewer) -> Page[LinkedParcel]:
        self._require_own(acting)
        body = requests.parcels(query)
        with self.caller.one_call():
            reply = self._ask(Operation.LIST_LINKED_PARCELS, body, acting.profile, page)
        return _page(
            reply, page, reply.body.all("parcelasAtivo", "parcelaAtivo"), contract_replies.linked_parcel
        )

    def participants(self, query: ParticipantQuery, page: PageRequest) -> Page[Participant]:
        with self.caller.one_call():
            reply = self._ask(Operation.LIST_PARTICIPANTS, requests.participants(query), None, page)
        told = reply.body.all("participantesMercado", "participanteMercado")
        return _page(reply, page, told, registry_replies.participant)

    def participants_from(self, query: ParticipantQuery, cursor: CursorRequest) -> Stretch[Participant]:
        return stretch(cursor, lambda page: self.participants(query, page))

    def participants_like(self, text: str, *, most: int) -> tuple[Participant, ...]:
        """A whole CNPJ, or else a part of the sigla: this bus searches by nothing else."""
        try:
            query = ParticipantQuery(cnpjs=frozenset({Cnpj.parse(text)}))
        except IdentifierInvalid:
            query = ParticipantQuery(sigla=text)
        return self.participants_from(query, CursorRequest(size=most)).rows

    def profiles(self, query: ProfileQuery, page: PageRequest) -> Page[ListedProfile]:
        with self.caller.one_call():
            reply = self._ask(Operation.LIST_PROFILES, requests.profiles(query), None, page)
            told = reply.body.all("perfis", "perfil")
            companies = self._companies({registry_replies.participant_code(one) for one in told})
            return _page(reply, page, told, lambda one: registry_replies.profile(one, companies))

    def profiles_from(self, query: ProfileQuery, cursor: CursorRequest) -> Stretch[ListedProfile]:
        return stretch(cursor, lambda page: self.profiles(query, page))

    def assets(self, query: AssetQuery, page: PageRequest) -> Page[Asset]:
        with self.caller.one_call():
            reply = self._ask(Operation.LIST_ASSETS, requests.assets(query), None, page)
        return _page(reply, page, reply.body.all("ativosMedicao", "ativo"), registry_replies.asset)

    def assets_from(self, query: AssetQuery, cursor: CursorRequest) -> Stretch[Asset]:
        return stretch(cursor, lambda page: self.assets(query, page))

    def parcels(self, query: ParcelQuery, page: PageRequest) -> Page[Parcel]:
        with self.caller.one_call():
            reply = self._ask(Operation.LIST_PARCELS, requests.parcels(query), None, page)
        return _page(reply, page, reply.body.all("parcelasAtivo", "parcelaAtivo"), registry_replies.parcel)

    def parcels_from(self, query: ParcelQuery, cursor: CursorRequest) -> Stretch[Parcel]:
        return stretch(cursor, lambda page: self.parcels(query, page))

    def _require_own(self, viewer: Viewer) -> None:
        company = self.caller.access.company
        if company not in viewer.companies:
            raise ProfileForbidden(
                f"este barramento é consultado em nome da empresa {company.masked}; aja por ela"
            )

    def _ask(
        self,
        operation: Operation,
        body: requests.Body,
        profile: ProfileCode | None,
        page: PageRequest | None = None,
    ) -> Reply:
        return self.caller.ask(operation, body, profile=profile, page=page)

    def _amounts(
        self, body: requests.Body, page: PageRequest, profile: ProfileCode | None
    ) -> Page[AnyAmount]:
        reply = self._ask(Operation.LIST_AMOUNTS, body, profile, page)
        told = reply.body.all("montantesEnergia", "montanteEnergia")
        return _page(reply, page, told, contract_replies.amount)

    def _amounts_of(
        self, told: list[Element], profile: ProfileCode | None
    ) -> dict[ContractCode, list[Amount]]:
        """The amounts of the free contracts among those told, which their own replies leave out."""
        free = [one for one in told if contract_replies.market_of(one) is Market.FREE]
        found: dict[ContractCode, list[Amount]] = {contract_replies.code(one): [] for one in free}
        if not free:
            return found
        periods = [contract_replies.period(one) for one in free]
        whole = Period(min(one.begins for one in periods), max(one.ends for one in periods))
        request, last = _WHOLE, 1
        while request.number <= last:
            try:
                page = self._amounts(requests.average_amounts(found, whole), request, profile)
            except NothingFound:
                break
            for one in page.rows:
                if isinstance(one, FreeAmount) and one.contract in found:
                    found[one.contract].append(one.amount)
            request, last = PageRequest(request.number + 1, request.size), page.total_pages
        return found

    def _companies(self, codes: set[int]) -> dict[int, Cnpj]:
        """Profiles are told with their participant's code alone; our word for a participant is its CNPJ."""
        query = ParticipantQuery(codes=frozenset(codes))
        return {one.code: one.cnpj for one in self.participants(query, _WHOLE).rows}


def _page(
    reply: Reply, request: PageRequest, told: list[Element], read: Callable[[Element], Row]
) -> Page[Row]:
    if reply.paging is None:
        raise ReplyUnreadable("paginacao")
    total = reply.paging.read(int, "quantidadeTotalItens")
    return Page(tuple(read(one) for one in told), request, total)
