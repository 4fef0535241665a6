"""The port of the contract services: our own tables stand behind it, or another bus."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from aval.contracts.model import (
    Amount,
    AmountKind,
    Author,
    Contract,
    ContractCode,
    Market,
    ModulationKind,
    ParcelCode,
    Period,
    ProfileCode,
    RegulatedAmount,
    RegulatedContract,
    Side,
    Transition,
)
from aval.contracts.paging import CursorRequest, Page, PageRequest, Stretch
from aval.contracts.records import filling_slots
from aval.identifiers import Cnpj
from aval.registry.model import Asset, AssetKind, Parcel, Participant, Profile

ProcessingCode = NewType("ProcessingCode", int)


class Viewer(Protocol):
    """Who looks, whether or not it may also act."""

    @property
    def visible(self) -> frozenset[ProfileCode]:
        """The profiles that its companies own or represent at this moment."""

    @property
    def companies(self) -> frozenset[Cnpj]:
        """Those in whose name it looks: what they submitted is theirs to follow."""

    @property
    def profile(self) -> ProfileCode | None:
        """The one that it looks through, where it named one."""


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who may look and not act: a person without a representative's role, or one who named no profile."""

    visible: frozenset[ProfileCode]
    companies: frozenset[Cnpj]
    profile: ProfileCode | None = None


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: `visible` are the profiles that its company owns or represents at this moment."""

    author: Author
    visible: frozenset[ProfileCode]

    @property
    def company(self) -> Cnpj:
        return self.author.company

    @property
    def companies(self) -> frozenset[Cnpj]:
        return frozenset({self.author.company})

    @property
    def profile(self) -> ProfileCode:
        return self.author.profile


@dataclass(frozen=True, slots=True)
class KindFilter:
    """A contract type and subtype as the caller names them: numbers of the code tables."""

    type_id: int | None = None
    type_code: str = ""
    subtype_id: int | None = None


@dataclass(frozen=True, slots=True)
class ContractQuery:
    """`profiles` are the ones that the caller named, all visible to it; empty for regulated contracts."""

    market: Market
    period: Period
    profiles: frozenset[ProfileCode]
    side: Side | None = None
    kinds: tuple[KindFilter, ...] = ()
    only_not_validated: bool = False


@dataclass(frozen=True, slots=True)
class AmountQuery:
    market: Market
    kind: AmountKind
    period: Period
    contracts: frozenset[ContractCode] = frozenset()
    """Empty: of every contract of the caller's profiles (free) or of all (regulated)."""
    only_not_validated: bool = False


@dataclass(frozen=True, slots=True)
class FreeAmount:
    """An amount and the contract that it is of."""

    contract: ContractCode
    kind: AmountKind
    amount: Amount


AnyContract = Contract | RegulatedContract
AnyAmount = FreeAmount | RegulatedAmount


@dataclass(frozen=True, slots=True)
class ParticipantQuery:
    codes: frozenset[int] = frozenset()
    cnpjs: frozenset[Cnpj] = frozenset()
    sigla: str = ""
    class_code: int | None = None
    legal_name: str = ""
    at: datetime | None = None
    """Only those whose validity covers this moment."""


@dataclass(frozen=True, slots=True)
class ProfileQuery:
    codes: frozenset[int] = frozenset()
    participant_codes: frozenset[int] = frozenset()
    cnpjs: frozenset[Cnpj] = frozenset()
    sigla: str = ""
    class_code: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AssetQuery:
    kind: AssetKind
    at: datetime
    codes: frozenset[int] = frozenset()
    name_part: str = ""
    profile: ProfileCode | None = None
    """The owner of one of its parcels."""
    submarket: int | None = None


@dataclass(frozen=True, slots=True)
class ParcelQuery:
    at: datetime | None = None
    codes: frozenset[ParcelCode] = frozenset()
    profiles: frozenset[ProfileCode] = frozenset()
    asset: int | None = None
    cnpj: Cnpj | None = None


@dataclass(frozen=True, slots=True)
class ListedProfile:
    """A profile and the code, not the CNPJ, of its participant, as SOAP tells it."""

    profile: Profile
    participant_code: int


@dataclass(frozen=True, slots=True)
class ContractLink:
    contract: ContractCode
    period: Period
    modulation: ModulationKind


@dataclass(frozen=True, slots=True)
class LinkedParcel:
    """A parcel by which visible contracts are modulated."""

    parcel: ParcelCode
    links: tuple[ContractLink, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """A file of rows, whole, as text; what is in it is judged later, row by row."""

    acting: Acting
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """A file too large for a request: `digest` is the SHA-256 of its bytes, lower-case hex."""

    acting: Acting
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class UploadTicket:
    """A form (multipart/form-data) by which exactly that file can be sent until `expires_at`."""

    code: ProcessingCode
    url: str
    fields: Mapping[str, str] = field(repr=False)
    expires_at: datetime


class ProcessingState(StrEnum):
    AWAITING_FILE = "AGUARDANDO_ARQUIVO"
    """An upload was prepared, and its file has not come yet."""
    RECEIVED = "RECEBIDO"
    RUNNING = "EM_PROCESSAMENTO"
    DONE = "CONCLUIDO"
    REFUSED = "RECUSADO"
    """The file as a whole cannot be read: one result says why, and nothing was done."""
    FAILED = "FALHA"
    """Tried to the last retry; what was done stands, row by row, and an operator was told."""


class RowStatus(StrEnum):
    DONE = "SUCESSO"
    WARNED = "AVISO"
    REFUSED = "ERRO"


@filling_slots
@dataclass(frozen=True, slots=True)
class RowResult:
    """`row` counts from 1 in the file; `sequence` is the row's own sequencialControle, as written."""

    row: int
    sequence: str
    status: RowStatus
    description: str
    contract: ContractCode | None = None


@dataclass(frozen=True, slots=True)
class Processing:
    code: ProcessingCode
    state: ProcessingState
    received_at: datetime | None
    """None where another bus does not tell it."""
    total_rows: int | None
    """None until the whole file was read once."""
    done_rows: int
    failed_rows: int


@dataclass(frozen=True, slots=True)
class Submitted:
    """A processing as lists tell it: beside how far it is, who submitted it and when it last moved."""

    processing: Processing
    author: Author
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a processing is, and a page of what it has to say of its rows."""

    processing: Processing
    results: Page[RowResult]


class ContractBus(Protocol):
    """Raise `NothingFound` for what does not exist and for what the caller may not see alike, also for a page
    past the end; `ProviderFailed` when what stands behind does not answer."""

    def submit(self, submission: Submission, *, at: datetime) -> ProcessingCode:
        """Accept durably, then return; the same text of the same caller in flight gets the same code."""

    def prepare_upload(self, request: UploadRequest, *, at: datetime) -> UploadTicket:
        """Raise `ParametersInvalid` for a size that is not taken, or where this bus takes no uploads."""

    def latest_submission(self, digest: str, acting: Acting) -> ProcessingCode:
        """The caller's latest processing of the text whose UTF-8 has this SHA-256 (lower-case hex)."""

    def outcome(self, code: ProcessingCode, page: PageRequest, acting: Viewer) -> Outcome:
        """The first page of a processing without results yet is empty, and nothing is missing then."""

    def submitted_from(self, cursor: CursorRequest, acting: Viewer) -> Stretch[Submitted]:
        """What the viewer's companies submitted, newest first; raise `ParametersInvalid` where this bus
        does not know it."""

    def contracts(self, query: ContractQuery, page: PageRequest, acting: Viewer) -> Page[AnyContract]: ...

    def contracts_from(
        self, query: ContractQuery, cursor: CursorRequest, acting: Viewer
    ) -> Stretch[AnyContract]: ...

    def contract(
        self, code: ContractCode, market: Market | None, period: Period | None, acting: Viewer
    ) -> AnyContract:
        """With a `period`, only when the contract touches it."""

    def amounts(self, query: AmountQuery, page: PageRequest, acting: Viewer) -> Page[AnyAmount]: ...

    def history(self, code: ContractCode, cursor: CursorRequest, acting: Viewer) -> Stretch[Transition]:
        """Newest first; the other party's people have no names."""

    def validate(
        self, code: ContractCode, begins: frozenset[datetime], acting: Acting, *, at: datetime
    ) -> RowResult:
        """Validate the amounts that begin at those moments, all of them or none."""

    def linked_parcels(self, query: ParcelQuery, page: PageRequest, acting: Viewer) -> Page[LinkedParcel]: ...

    def participants(self, query: ParticipantQuery, page: PageRequest) -> Page[Participant]: ...

    def participants_from(self, query: ParticipantQuery, cursor: CursorRequest) -> Stretch[Participant]: ...

    def participants_like(self, text: str, *, most: int) -> tuple[Participant, ...]:
        """As they are typed, by sigla, CNPJ or name, the likeliest first; a bus may know less of likeness."""

    def profiles(self, query: ProfileQuery, page: PageRequest) -> Page[ListedProfile]: ...

    def profiles_from(self, query: ProfileQuery, cursor: CursorRequest) -> Stretch[ListedProfile]: ...

    def assets(self, query: AssetQuery, page: PageRequest) -> Page[Asset]: ...

    def assets_from(self, query: AssetQuery, cursor: CursorRequest) -> Stretch[Asset]: ...

    def parcels(self, query: ParcelQuery, page: PageRequest) -> Page[Parcel]: ...

    def parcels_from(self, query: ParcelQuery, cursor: CursorRequest) -> Stretch[Parcel]: ...
