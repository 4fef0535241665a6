"""What P1 is measured on: a sealed workbook of many agents, and all that whoever opens it is given."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final, Self

import xlsxwriter
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from aval.identifiers import Cnpj, EventCode
from aval.prudential.portfolio_lines import EQUITY_COLUMNS, PORTFOLIO_COLUMNS
from aval.sealing.envelope import Header, SealedKind, new_request_id, seal
from aval.sealing.key_items import KeyItem, KeyPairs, unwrap, wrap
from aval.sealing.readers import ReaderKeys, Readers

EVENT: Final = EventCode("202303001")
SENDER: Final = Cnpj("33047509000149")
AT: Final = datetime(2023, 3, 2, 15, tzinfo=UTC)
RECORD_KEY: Final = bytes(range(32))
_DATA_KEY: Final = bytes(32)
_READER: Final = "leitor"
_FORWARDS: Final = ("222.72", "227.35", "229.93", "263.05", "292.63", "313.43", "313.43")
_VOLATILITIES: Final = ("0.0734", "0.11894", "0.10205", "0.08728", "0.067", "0.05623", "0.0486")
_NO_SUBMARKETS: Final = dict.fromkeys(("SE", "S", "NE", "N"), "0")
_NO_SOURCES: Final = dict.fromkeys(("CONV", "I0", "I5", "CQ5", "I8", "I1"), "0")
_CORRELATION: Final = [[str(1 - abs(row - column) / 10) for column in range(7)] for row in range(7)]


@dataclass(frozen=True, slots=True)
class SealedLote:
    """All that a fresh interpreter needs of it."""

    sealed: bytes = field(repr=False)
    pairs: KeyPairs
    reader: ReaderKeys = field(repr=False)
    parameters: bytes = field(repr=False)
    eligible: bytes = field(repr=False)

    def write(self, folder: Path) -> None:
        (folder / "lote.selado").write_bytes(self.sealed)
        (folder / "chaves.json").write_bytes(wrap(self.pairs, _DATA_KEY, b"").to_bytes())
        (folder / "leitor.pem").write_bytes(_pem(self.reader.encryption) + _pem(self.reader.signature))
        (folder / "parametros.json").write_bytes(self.parameters)
        (folder / "elegiveis.json").write_bytes(self.eligible)

    @classmethod
    def read(cls, folder: Path) -> Self:
        return cls(
            sealed=(folder / "lote.selado").read_bytes(),
            pairs=unwrap(KeyItem.from_bytes((folder / "chaves.json").read_bytes()), _DATA_KEY),
            reader=_reader((folder / "leitor.pem").read_bytes()),
            parameters=(folder / "parametros.json").read_bytes(),
            eligible=(folder / "elegiveis.json").read_bytes(),
        )

    @classmethod
    def make(cls, agents: int) -> Self:
        companies = [_company(number) for number in range(1, agents + 1)]
        pairs, reader = KeyPairs.make(1, AT), ReaderKeys.generate(_READER)
        header = Header(
            key_id=pairs.key_id,
            event=EVENT,
            sender=SENDER,
            kind=SealedKind.PORTFOLIO,
            issued_at=AT,
            request_id=new_request_id(),
            readers=Readers((reader.public,)),
        )
        return cls(
            sealed=seal(_workbook(companies), header, pairs.sealing.public_key()),
            pairs=pairs,
            reader=reader,
            parameters=json.dumps(_parameters()).encode(),
            eligible=json.dumps({one: f"AGENTE {number}" for number, one in enumerate(companies)}).encode(),
        )


def _company(number: int) -> Cnpj:
    twelve = f"{number:08d}0001"
    return Cnpj(twelve + Cnpj.check_digits(twelve))


def _workbook(companies: list[Cnpj]) -> bytes:
    """Six lines an agent, as who holds fixed prices in one submarket fills in; figures as number cells."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Portfolio")
        sheet.write_row(0, 0, PORTFOLIO_COLUMNS)
        rows = (row for number, one in enumerate(companies) for row in _lines(one, number))
        for index, row in enumerate(rows, start=1):
            sheet.write_row(index, 0, row)
        sheet = workbook.add_worksheet("PatrimonioLiquido")
        sheet.write_row(0, 0, EQUITY_COLUMNS)
        for index, one in enumerate(companies, start=1):
            sheet.write_row(index, 0, [one, "2022-12-31", 20_000_000.5 + index, 2_000_000.25])
        workbook.add_worksheet("Instrucoes").write_row(0, 0, ["evento", EVENT])
    return written.getvalue()


def _lines(company: Cnpj, number: int) -> Iterator[list[object]]:
    bought = [30 + (number * 7 + month * 3) % 4000 / 100 for month in range(7)]
    sold = [20 + (number * 11 + month * 5) % 3000 / 100 for month in range(7)]
    net = [round(one - other, 2) for one, other in zip(bought, sold, strict=True)]
    for line, figures in (
        ("recurso.mwm", bought),
        ("recurso.preco", [210.5 + (number + month) % 70 for month in range(7)]),
        ("requisito.mwm", sold),
        ("requisito.preco", [205.25 + (number + month) % 60 for month in range(7)]),
        ("submercados.SE", net),
        ("fontes.CONV", net),
    ):
        yield [company, "precoFixo", line, *figures]


def _parameters() -> dict[str, object]:
    return {
        "evento": EVENT,
        "versao": 1,
        "inicioOperacao": "2023-02-03T00:00:00-03:00",
        "fimOperacao": "2023-03-02T23:59:59-03:00",
        "abertura": "2023-02-03T00:00:00-03:00",
        "prazo": "2023-03-03T20:01:00-03:00",
        "atualizadoEm": "2023-02-27T17:39:00-03:00",
        "metodo": "MP-2023.2.0",
        "indiceConfianca": "0.95",
        "diasLiquidacao": 5,
        "k": "0",
        "theta": "0",
        "pldMinimo": "57.31",
        "pldMaximo": "785.27",
        "meses": [
            {
                "mes": f"M+{month}",
                "rotulo": f"MÊS {month}",
                "horas": 744,
                "volatilidade": _VOLATILITIES[month],
                "forward": _FORWARDS[month],
                "spreadSubmercado": _NO_SUBMARKETS,
                "spreadFonte": _NO_SOURCES,
                "estresseComprado": "168.47",
                "estresseVendido": "279.76",
            }
            for month in range(7)
        ],
        "correlacao": _CORRELATION,
    }


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _reader(pems: bytes) -> ReaderKeys:
    middle = pems.rindex(b"-----BEGIN")
    encryption, signing = (load_pem_private_key(pem, None) for pem in (pems[:middle], pems[middle:]))
    assert isinstance(encryption, ec.EllipticCurvePrivateKey)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    return ReaderKeys(_READER, encryption, signing)
