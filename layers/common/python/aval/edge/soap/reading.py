"""The fields of a request: empty ones are as absent, unknown or repeated ones are refused by name."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aval.contracts.model import Period
from aval.contracts.refusals import ParametersInvalid
from aval.edge.soap.documents import Element
from aval.edge.soap.namespaces import Dialect
from aval.identifiers import Cnpj, IdentifierInvalid
from aval.moments import SAO_PAULO

_CODE: Final = re.compile(r"[0-9]{1,15}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2200
_YES: Final = frozenset({"sim", "true", "1"})
_NO: Final = frozenset({"não", "nao", "false", "0", ""})


@dataclass(frozen=True, slots=True)
class Fields:
    """The children of one element, all of the service's own namespaces; `path` names it in texts."""

    path: str
    dialect: Dialect
    children: tuple[Element, ...] = ()

    @classmethod
    def empty(cls, path: str, dialect: Dialect) -> "Fields":
        return cls(path, dialect)

    @classmethod
    def of(cls, element: Element, dialect: Dialect, *known: str, path: str = "") -> "Fields":
        """Raise `ParametersInvalid` for text between the fields, and for one that says something unknown.

        An unknown filter is not passed over: the answer would be wider than what was asked.
        """
        path = path or element.name
        if element.children and element.text.strip():
            raise ParametersInvalid(f"{path} tem texto solto entre os seus elementos")
        own = (dialect.header, dialect.messages, dialect.objects)
        for child in element.children:
            if not child.is_blank and (child.name not in known or child.namespace not in own):
                raise ParametersInvalid(
                    f"{path}/{child.name} não é um elemento deste pedido; "
                    f"confira o nome, o namespace e o WSDL do serviço"
                )
        return cls(path, dialect, tuple(child for child in element.children if child.name in known))

    def text(self, name: str) -> str:
        """Without blanks around it; empty where there is none."""
        element = self._single(name)
        if element is None:
            return ""
        if element.children and not element.is_blank:
            raise ParametersInvalid(f"{self._named(name)} deve ter um valor, e não outros elementos")
        return element.text.strip()

    def code(self, name: str) -> int | None:
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and _CODE.fullmatch(text)):
            raise ParametersInvalid(f"{self._named(name)} deve ser um número inteiro, sem sinal")
        return int(text)

    def moment(self, name: str) -> datetime | None:
        """In UTC; without an offset it is on São Paulo's clock."""
        text = self.text(name)
        if not text:
            return None
        try:
            if not _MOMENT.fullmatch(text):
                raise ValueError(text)  # noqa: TRY301 - one refusal for both
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise ParametersInvalid(
                f"{self._named(name)} deve ser uma data como 2026-01-31T00:00:00"
            ) from error
        if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
            raise ParametersInvalid(
                f"{self._named(name)} deve estar entre os anos {_EARLIEST_YEAR} e {_LATEST_YEAR}"
            )
        local = moment if moment.tzinfo else moment.replace(tzinfo=SAO_PAULO)
        return local.astimezone(UTC)

    def period(self, name: str) -> Period | None:
        """None where it is empty; half a period is refused."""
        fields = self.inner(name, "inicio", "fim")
        begins, ends = fields.moment("inicio"), fields.moment("fim")
        if begins is None and ends is None:
            return None
        if begins is None or ends is None:
            raise ParametersInvalid(f"informe {self._named(name)}/inicio e {self._named(name)}/fim")
        if begins >= ends:
            raise ParametersInvalid(
                f"{self._named(name)}/fim deve ser posterior a {self._named(name)}/inicio"
            )
        return Period(begins, ends)

    def cnpj(self, name: str) -> Cnpj | None:
        text = self.text(name)
        try:
            return Cnpj.parse(text) if text else None
        except IdentifierInvalid as error:
            raise ParametersInvalid(f"{self._named(name)}: {error.detail}") from error

    def yes_or_no(self, name: str) -> bool:
        text = self.text(name).lower()
        if text not in _YES | _NO:
            raise ParametersInvalid(f"{self._named(name)} deve ser Sim ou Não")
        return text in _YES

    def inner(self, name: str, *known: str) -> "Fields":
        element = self._single(name)
        if element is None:
            return Fields.empty(self._named(name), self.dialect)
        return self._within(element, known)

    def each(self, name: str, *known: str) -> list["Fields"]:
        """Of an element that may be repeated; empty ones are left out."""
        return [
            self._within(child, known) for child in self.children if child.name == name and not child.is_blank
        ]

    def _within(self, element: Element, known: tuple[str, ...]) -> "Fields":
        path = self._named(element.name)
        if not element.children and element.text.strip():
            raise ParametersInvalid(f"{path} deve ter elementos dentro, e não um valor")
        return Fields.of(element, self.dialect, *known, path=path)

    def _single(self, name: str) -> Element | None:
        found = [child for child in self.children if child.name == name]
        if len(found) > 1:
            raise ParametersInvalid(f"{self._named(name)} aparece mais de uma vez")
        return found[0] if found else None

    def _named(self, name: str) -> str:
        return f"{self.path}/{name}"
