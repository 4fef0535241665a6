"""P1's straight pipeline, as most would write it: openpyxl, a JOSE library for all sealing, the formula.

It opens, reads, checks sums and eligibility, computes, and seals for each agent a record and an answer to the
readers. It looks at nothing of the file before openpyxl parses it. Ours answers a hundred agents at a time,
which is a choice of design and not of speed alone: so this is measured with answers of a hundred too.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any, Final

from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey, RSAKey
from openpyxl import load_workbook

from benchmarks.lote_file import EVENT, RECORD_KEY, SealedLote
from benchmarks.lote_formula import SOURCES, SUBMARKETS, ZEROS, Formula, Lines

_TOLERANCE: Final = Decimal("0.0001")
_ALGORITHMS: Final = ["RSA-OAEP-256", "A256GCM", "dir", "ECDH-ES+A256KW"]


class _LargeObjects(jwe.JWERegistry):
    max_protected_header_length = 16_384
    max_ciphertext_length = 70_000_000


_SEALING: Final = _LargeObjects(algorithms=_ALGORITHMS, strict_check_header=False)


def work(lote: SealedLote, *, agents_in_answer: int = 1) -> dict[str, Decimal]:
    header, plaintext = _opened(lote)
    if header["evento"] != EVENT or header["tipo"] != "PORTFOLIO":
        raise ValueError("the file is for something else")
    lines, equities = _read(plaintext)
    eligible = json.loads(lote.eligible)
    formula = Formula(lote.parameters)
    found: dict[str, Decimal] = {}
    for company, one in lines.items():
        if company not in eligible:
            raise ValueError("not eligible")
        _require_sums(one)
        found[company] = formula.factor(one, equities[company])
    records = _sealed_records(lines)
    answers = list(_sealed_answers(found, header, lote, agents_in_answer))
    if len(records) != len(found) or not answers:
        raise ValueError("nothing was sealed")
    return found


def _opened(lote: SealedLote) -> tuple[dict[str, Any], bytes]:
    opened = jwe.decrypt_compact(lote.sealed, RSAKey.import_key(lote.pairs.sealing), registry=_SEALING)
    if opened.plaintext is None:
        raise ValueError("does not open")
    return dict(opened.protected), opened.plaintext


def _read(plaintext: bytes) -> tuple[dict[str, dict[str, list[Decimal]]], dict[str, Decimal]]:
    workbook = load_workbook(BytesIO(plaintext), data_only=True)
    lines: dict[str, dict[str, list[Decimal]]] = {}
    rows: Iterator[tuple[Any, ...]] = workbook["Portfolio"].iter_rows(min_row=2, values_only=True)
    for company, block, line, *months in rows:
        lines.setdefault(company, {})[f"{block}.{line}"] = [_decimal(one) for one in months]
    equities: dict[str, Decimal] = {}
    rows = workbook["PatrimonioLiquido"].iter_rows(min_row=2, values_only=True)
    for company, _day, value, *deductions in rows:
        equities[company] = _decimal(value) - sum(map(_decimal, deductions), Decimal(0))
    return lines, equities


def _decimal(cell: object) -> Decimal:
    return Decimal(str(cell).replace(",", ".")) if cell is not None else Decimal(0)


def _require_sums(lines: Lines) -> None:
    for month in range(7):
        net = _figure(lines, "precoFixo.recurso.mwm", month) - _figure(
            lines, "precoFixo.requisito.mwm", month
        )
        net += _figure(lines, "geral.geracao", month) - _figure(lines, "geral.consumo", month)
        for group, names in (("submercados", SUBMARKETS), ("fontes", SOURCES)):
            total = sum(_figure(lines, f"precoFixo.{group}.{one}", month) for one in names)
            if abs(total - net) > _TOLERANCE:
                raise ValueError("the shares do not add up")


def _figure(lines: Lines, name: str, month: int) -> Decimal:
    return lines.get(name, ZEROS)[month]


def _sealed_records(lines: Mapping[str, Lines]) -> list[str]:
    key = OctKey.import_key(RECORD_KEY)
    return [
        jwe.encrypt_compact(
            {"alg": "dir", "enc": "A256GCM", "evento": EVENT, "cnpj": company, "versao": 1},
            json.dumps({name: [str(one) for one in values] for name, values in told.items()}).encode(),
            key,
            registry=_SEALING,
        )
        for company, told in lines.items()
    ]


def _sealed_answers(
    found: Mapping[str, Decimal], header: Mapping[str, Any], lote: SealedLote, agents: int
) -> Iterator[str]:
    signing, reader = ECKey.import_key(lote.pairs.signing), ECKey.import_key(header["leitores"][0]["enc"])
    left = iter(found.items())
    while chunk := list(islice(left, agents)):
        told = [{"cnpj": company, "fa": f"{factor:.12f}"} for company, factor in chunk]
        signed = jws.serialize_compact({"alg": "ES256"}, json.dumps({"agentes": told}).encode(), signing)
        sealing = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}
        yield jwe.encrypt_compact(sealing, signed.encode(), reader, registry=_SEALING)
