"""Messages of adhesion: companies, their certificates, the change, the dry run and the history."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict, Field

from aval.adhesion import reading, verification
from aval.adhesion.company import CertificateStatus, CompanyStatus, RegisteredCertificate, Situation
from aval.adhesion.examination import OfferedFile
from aval.adhesion.history import Act, HistoryEntry, HistoryPage
from aval.adhesion.reading import CompanyAccess
from aval.certificates.revocation import RevocationStanding
from aval.certificates.rules import Rule
from aval.edge.message import Message, Request
from aval.edge.wire_identifiers import CertificateFingerprint
from aval.errors import Fault, FaultsFound
from aval.moments import for_people

# The adhesion guide's own words, section "Como saber se o processo foi executado com sucesso?".
DONE: Final = (
    "Solicitação concluída com sucesso. O usuário será o CNPJ e a senha foi informada durante o cadastro."
)
# Far above what the domain takes, so that it is the domain that says how many certificates there may be.
_MOST_ITEMS: Final = 100
_NOT_BASE64: Final = "o conteúdo deve ser o arquivo .cer em base64 (RFC 4648, seção 4), sem espaços"
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
FileName = Annotated[
    str,
    Field(
        alias="nome",
        min_length=1,
        max_length=255,
        pattern=r"^[^\x00-\x1f\x7f-\x9f/\\]+$",
        examples=["empresa.cer"],
    ),
]
FileContent = Annotated[
    str,
    Field(
        alias="conteudo",
        max_length=4_000_000,  # as much as a body takes, with room for the rest of it
        description="O arquivo .cer (X.509 em DER binário), em base64",
        json_schema_extra={
            "contentEncoding": "base64",
            "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        },
    ),
]
Deletions = Annotated[
    list[CertificateFingerprint],
    Field(
        alias="excluir",
        default_factory=list,
        max_length=_MOST_ITEMS,
        description="Impressões digitais (SHA-256) a excluir",
    ),
]


class Certificate(Message):
    """Um certificado em serviço."""

    name: str = Field(alias="nome")
    version: str = Field(alias="versao", examples=["3.0"])
    authority: str = Field(alias="certificadora")
    fingerprint: str = Field(alias="impressaoDigital", description="SHA-256 do DER, em hexadecimal")
    serial_number: str = Field(alias="numeroSerie")
    ends: Moment = Field(alias="validade", examples=["2027-03-01T23:59:59-03:00"])
    last_modified: Moment = Field(alias="ultimaModificacao")
    modified_by: str = Field(alias="modificadoPor")
    status: CertificateStatus
    revocation: RevocationStanding = Field(alias="revogacao")
    warnings: list[str] = Field(alias="avisos")

    @classmethod
    def of(cls, registered: RegisteredCertificate, *, at: datetime) -> Self:
        return cls(
            name=registered.name,
            version=registered.facts.version,
            authority=registered.facts.certifier,
            fingerprint=registered.fingerprint,
            serial_number=registered.facts.serial_number,
            ends=for_people(registered.ends),
            last_modified=for_people(registered.last_modified),
            modified_by=registered.modified_by,
            status=registered.status(at),
            revocation=registered.standing,
            warnings=list(registered.warnings),
        )


class Company(Message):
    """Uma empresa que você representa."""

    legal_name: str = Field(alias="razaoSocial")
    cnpj: str
    short_name: str = Field(alias="sigla")
    status: CompanyStatus
    situation: Situation = Field(alias="situacao")
    certificates: list[Certificate] = Field(alias="certificados")

    @classmethod
    def of(cls, read: CompanyAccess, *, at: datetime) -> Self:
        return cls(**_company(read, at))


class ChangedCompany(Company):
    """A empresa depois da alteração."""

    message: str = Field(alias="mensagem", examples=[DONE])

    @classmethod
    def of(cls, read: CompanyAccess, *, at: datetime) -> Self:
        return cls(**_company(read, at), message=DONE)


class CompanyPage(Message):
    """Uma página das empresas que você representa."""

    total: int
    page: int = Field(alias="pagina")
    page_size: int = Field(alias="tamanhoPagina")
    companies: list[Company] = Field(alias="empresas")

    @classmethod
    def of(cls, found: reading.CompanyPage, *, page: int, at: datetime) -> Self:
        return cls(
            total=found.total,
            page=page,
            page_size=reading.PAGE_SIZE,
            companies=[Company.of(one, at=at) for one in found.companies],
        )


class NewCertificate(Request):
    """Um arquivo de certificado a cadastrar."""

    name: FileName
    content: FileContent


class Change(Request):
    """A alteração inteira: é aplicada toda de uma vez, ou nada dela."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"senha": "73918264"}]})

    password: str | None = Field(
        alias="senha",
        default=None,
        max_length=256,  # code points as sent; the domain counts composed characters
        repr=False,
        description=(
            "8 algarismos, ou de 8 a 64 caracteres com letra e algarismo; "
            "obrigatória na primeira adesão, ausente para manter a atual"
        ),
    )
    additions: list[NewCertificate] = Field(alias="adicionar", default_factory=list, max_length=_MOST_ITEMS)
    deletions: Deletions

    def files(self) -> tuple[OfferedFile, ...]:
        """Raise `FaultsFound` for every content that is not base64."""
        contents = _decode({f"#/adicionar/{index}": one.content for index, one in enumerate(self.additions)})
        named = zip(self.additions, contents, strict=True)
        return tuple(OfferedFile(one.name, content) for one, content in named)


class VerificationRequest(Request):
    """Um arquivo a conferir, e o que seria excluído na mesma solicitação."""

    name: FileName
    content: FileContent
    deletions: Deletions

    def file(self) -> OfferedFile:
        """Raise `FaultsFound` for a content that is not base64."""
        (content,) = _decode({"#": self.content})
        return OfferedFile(self.name, content)


class RuleVerdict(Message):
    """O resultado de uma regra."""

    rule: Rule = Field(alias="regra")
    ok: bool
    detail: str = Field(alias="detalhe")


class Verification(Message):
    """Se o arquivo seria aceito agora, regra por regra; nada é cadastrado."""

    accepted: bool = Field(alias="aceito")
    rules: list[RuleVerdict] = Field(alias="regras")
    warnings: list[str] = Field(alias="avisos")

    @classmethod
    def of(cls, found: verification.Verification) -> Self:
        return cls(
            accepted=found.accepted,
            rules=[RuleVerdict(rule=one.rule, ok=one.ok, detail=one.detail) for one in found.verdicts],
            warnings=list(found.warnings),
        )


class HistoryEvent(Message):
    """Quem, quando, o quê, de que estado para qual."""

    when: Moment = Field(alias="quando")
    who: str = Field(alias="quem")
    act: Act = Field(alias="ato")
    target: str = Field(alias="alvo")
    before: str = Field(alias="de")
    after: str = Field(alias="para")

    @classmethod
    def of(cls, entry: HistoryEntry) -> Self:
        return cls(
            when=for_people(entry.at),
            who=entry.author,
            act=entry.act,
            target=entry.target,
            before=entry.before,
            after=entry.after,
        )


class History(Message):
    """Do mais novo ao mais antigo; `proxima`, quando há mais, é o `apos` da página seguinte."""

    events: list[HistoryEvent] = Field(alias="eventos")
    next_cursor: str | None = Field(alias="proxima")

    @classmethod
    def of(cls, page: HistoryPage) -> Self:
        return cls(events=[HistoryEvent.of(one) for one in page.entries], next_cursor=page.next_cursor)


def _company(read: CompanyAccess, at: datetime) -> dict[str, Any]:
    return {
        "legal_name": read.participant.legal_name,
        "cnpj": read.participant.cnpj,
        "short_name": read.participant.sigla,
        "status": read.adhesion.status(at),
        "situation": read.adhesion.situation,
        "certificates": [Certificate.of(one, at=at) for one in read.adhesion.certificates],
    }


def _decode(contents: Mapping[str, str]) -> list[bytes]:
    faults, decoded = [], []
    for pointer, content in contents.items():
        try:
            decoded.append(_decode_one(content))
        except ValueError:
            faults.append(Fault(Rule.FORMATO, _NOT_BASE64, f"{pointer}/conteudo"))
    if faults:
        raise FaultsFound("há arquivos que não vieram em base64", faults)
    return decoded


def _decode_one(content: str) -> bytes:
    """Raise `ValueError`; Python alone would take more padding than there is to fill."""
    if len(content) % 4:
        raise ValueError("the length of base64 is a multiple of four")
    return base64.b64decode(content, validate=True)
