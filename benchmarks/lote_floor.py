"""P1's floor: calamine's cells, one RSA and one AES opening, the bare formula; nothing checked or sealed."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from python_calamine import CalamineWorkbook

from aval.sealing import base64url
from benchmarks.lote_file import SealedLote
from benchmarks.lote_formula import Formula

_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def work(lote: SealedLote) -> dict[str, Decimal]:
    protected, *encoded = lote.sealed.split(b".")
    wrapped, nonce, content, tag = map(base64url.decode, encoded)
    plaintext = AESGCM(lote.pairs.sealing.decrypt(wrapped, _OAEP)).decrypt(nonce, content + tag, protected)
    with CalamineWorkbook.from_filelike(BytesIO(plaintext)) as workbook:
        rows: Sequence[Sequence[Any]] = workbook.get_sheet_by_name("Portfolio").to_python()
        equities: Sequence[Sequence[Any]] = workbook.get_sheet_by_name("PatrimonioLiquido").to_python()
    lines: dict[str, dict[str, list[Decimal]]] = {}
    for company, block, line, *months in rows[1:]:
        lines.setdefault(company, {})[f"{block}.{line}"] = [Decimal(str(one)) for one in months]
    formula = Formula(lote.parameters)
    return {
        company: formula.factor(lines[company], Decimal(str(value)) - Decimal(str(deduction)))
        for company, _, value, deduction, *_ in equities[1:]
    }
