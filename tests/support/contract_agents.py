"""What sellers and buyers do with contracts over HTTPS, as JSON, each through one agent profile."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

from aval.moments import SAO_PAULO, utc_now
from tests.support.agents import Person
from tests.support.stack import Answer

OVER: Final = {"CONCLUIDO", "RECUSADO", "FALHA"}
POLL_SECONDS: Final = 0.2
WAIT_SECONDS: Final = 90.0


@dataclass(frozen=True, slots=True)
class Month:
    """A month of São Paulo, counted from the present one, as imports and calendars tell months."""

    year: int
    number: int

    @classmethod
    def ahead(cls, months: int) -> "Month":
        today = utc_now().astimezone(SAO_PAULO)
        years, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        return cls(years, month + 1)

    @property
    def begins(self) -> str:
        return self.instant.isoformat()

    @property
    def instant(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=SAO_PAULO)


def amount(begins: Month, ends: Month, average: str = "10.000000", **members: Any) -> dict[str, Any]:
    """From the first hour of a month to the midnight before another."""
    return {"dataDeInicio": begins.begins, "dataDeFim": ends.begins, "montanteMedio": average, **members}


def registration(seller: int, buyer: int, *, months: int = 12, **members: Any) -> dict[str, Any]:
    """A contract that begins next month, whose calendar is open."""
    begins, ends = Month.ahead(1), Month.ahead(1 + months)
    return {
        "dataDeInicio": begins.begins,
        "dataDeFim": ends.begins,
        "idVendedor": seller,
        "idComprador": buyer,
        "idSubMerEntrega": 3,
        "montantes": [amount(begins, ends)],
        **members,
    }


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who acts through `profile`."""

    person: Person
    profile: int

    def get(self, path: str, **query: object) -> Answer:
        told = {name: value for name, value in query.items() if value is not None}
        return self.person.get(f"{path}?{urlencode(told)}" if told else path)

    def read(self, path: str, **query: object) -> Any:
        answer = self.get(path, **query)
        assert answer.status == 200, answer.body
        return answer.json()

    def post(self, path: str, **members: Any) -> Answer:
        return self.person.stack.request(
            "POST",
            path,
            token=self.person.token,
            body=json.dumps({"perfil": self.profile, **members}).encode(),
            headers={"Content-Type": "application/json"},
        )

    def submit(self, **form: Any) -> int:
        answer = self.post("/contratos/importacoes", **form)
        assert answer.status == 202, answer.body
        code: int = answer.json()["codigoProcessamento"]
        return code

    def outcome(self, code: int, **query: object) -> Any:
        return self.read(f"/contratos/importacoes/{code}", **{"limite": 1000, **query})

    def awaited(self, code: int) -> Any:
        deadline = time.monotonic() + WAIT_SECONDS
        while (found := self.outcome(code))["situacao"] not in OVER:
            assert time.monotonic() < deadline, found
            time.sleep(POLL_SECONDS)
        return found

    def imported(self, **form: Any) -> list[dict[str, Any]]:
        """The results of rows that were worked off to the end."""
        found = self.awaited(self.submit(**form))
        assert found["situacao"] == "CONCLUIDO", found
        rows: list[dict[str, Any]] = found["detalhes"]
        return rows

    def registered(self, *rows: dict[str, Any]) -> list[int]:
        results = self.imported(registrar=list(rows))
        assert [row["status"] for row in results] == ["SUCESSO"] * len(rows), results
        return [row["contrato"]["codigo"] for row in results]

    def validate(self, contract: int, *begins: str) -> Answer:
        named = [{"vigenciaDeInicio": begin} for begin in begins]
        return self.post(f"/contratos/{contract}/montantes/validacao", montantes=named)

    def contract(self, code: int) -> Any:
        return self.read(f"/contratos/{code}")

    def situation(self, code: int) -> str:
        return str(self.contract(code)["situacao"]["nome"])

    def amounts(self, code: int, **query: object) -> list[tuple[str, str, str]]:
        """First instant, average and situation of each."""
        found = self.read(f"/contratos/{code}/montantes", **query)["montantes"]
        return [(one["periodoVigencia"]["inicio"], one["montante"], one["situacao"]["nome"]) for one in found]

    def history(self, code: int) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = self.read(f"/contratos/{code}/historico", limite=1000)["eventos"]
        return events

    def pages(self, path: str, rows: str, **query: object) -> Iterator[list[Any]]:
        cursor = None
        while True:
            page = self.read(path, **query, cursor=cursor)
            yield page[rows]
            cursor = page["proxima"]
            if cursor is None:
                return

    def codes(self, **query: object) -> list[int]:
        """Every contract that a list tells, page after page."""
        told = {"limite": 1000, "perfil": self.profile, **query}
        return [one["id"] for page in self.pages("/contratos", "contratos", **told) for one in page]


def send_form(form: Mapping[str, Any], content: bytes) -> int:
    """Send `content` by the form of an accepted upload; the status that S3 answers."""
    boundary = uuid4().hex
    fields = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["campos"].items()
    ]
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\n\r\n'
    body = "".join([*fields, file]).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    request = urllib.request.Request(form["url"], data=body, method="POST", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
