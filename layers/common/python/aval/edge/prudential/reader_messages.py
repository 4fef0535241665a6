"""Messages of reader lists: public keys and public signatures."""

from typing import Annotated, Any, Self

from pydantic import Field

from aval.edge.contracts.fields import MomentTold
from aval.edge.message import Message, Request
from aval.moments import for_people
from aval.prudential.reader_lists import KeptList, Standing
from aval.sealing.authorisation import MAX_AUTHORISATION_CHARACTERS
from aval.sealing.readers import Reader

_Digest = Annotated[str, Field(description="SHA-256, em hexadecimal", examples=["0f" * 32])]


class AuthorisationBrought(Request):
    """Uma lista de leitores assinada pelo certificado da empresa, ou por um leitor da lista em vigor."""

    signed: str = Field(
        alias="autorizacao",
        min_length=1,
        max_length=MAX_AUTHORISATION_CHARACTERS,
        pattern=r"^[A-Za-z0-9_.-]+$",
        description="JWS na forma compacta, typ aval-leitores (aval leitor autorizar, aval leitor adicionar)",
        examples=["eyJhbGciOiJSUzI1NiJ9.eyJjbnBqIjoiIn0.YXNz"],
    )


class ReaderTold(Message):
    """Um leitor, com as suas chaves públicas."""

    id: str = Field(description="O nome que o leitor escolheu", examples=["ana"])
    encryption: dict[str, str] = Field(alias="enc", description="A chave a que se sela, JWK P-256")
    signature: dict[str, str] = Field(alias="sig", description="A chave com que assina, JWK P-256")
    fingerprint: _Digest = Field(alias="impressao")

    @classmethod
    def of(cls, reader: Reader) -> Self:
        told: dict[str, Any] = reader.as_json()
        return cls.model_validate({**told, "impressao": reader.fingerprint})


class ListTold(Message):
    """Uma lista que foi aceita; a assinatura é pública e qualquer um pode conferi-la."""

    number: int = Field(alias="numero", ge=1, description="A ordem em que chegou")
    signed: str = Field(alias="autorizacao", description="O JWS, como veio")
    by_certificate: bool = Field(
        alias="porCertificado", description="Assinada pelo certificado ICP-Brasil, e não por um leitor"
    )
    at: MomentTold = Field(alias="em", description="Quando foi aceita")

    @classmethod
    def of(cls, kept: KeptList) -> Self:
        return cls(
            number=kept.number,
            signed=kept.signed,
            by_certificate=kept.by_certificate,
            at=for_people(kept.at),
        )


class ReadersTold(Message):
    """A lista de leitores que a empresa autorizou."""

    company: str = Field(alias="cnpj", description="A empresa, sem máscara", examples=["33047509000149"])
    digest: _Digest | None = Field(
        alias="resumo", description="Da lista em vigor; nulo se nenhuma assinatura vale agora"
    )
    readers: list[ReaderTold] = Field(alias="leitores", description="A lista em vigor, por id")
    lists: list[ListTold] = Field(
        alias="autorizacoes", description="Desde a última que um certificado assinou, a mais antiga primeiro"
    )

    @classmethod
    def of(cls, standing: Standing) -> Self:
        readers = standing.readers
        return cls(
            company=standing.company,
            digest=readers.digest if readers else None,
            readers=[ReaderTold.of(one) for one in readers.listed] if readers else [],
            lists=[ListTold.of(one) for one in standing.kept],
        )
