import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace
from inspect import signature

import pytest

from aval.contracts.records import filling_slots


@dataclass(frozen=True, slots=True)
class Plain:
    code: int
    name: str = field(default="", repr=False)


@filling_slots
@dataclass(frozen=True, slots=True)
class Filled:
    code: int
    name: str = field(default="", repr=False)


def test_a_filled_record_is_like_any_other() -> None:
    assert Filled(1) == Filled(code=1, name="")
    assert Filled(1, "a") != Filled(1, "b")
    assert hash(Filled(1, "a")) == hash(Filled(1, "a"))
    assert repr(Filled(1, "secret")) == "Filled(code=1)"
    assert replace(Filled(1, "a"), name="b") == Filled(1, "b")
    assert pickle.loads(pickle.dumps(Filled(1, "a"))) == Filled(1, "a")  # noqa: S301
    assert signature(Filled) == signature(Plain)


@pytest.mark.parametrize("arguments", [(), (1, "a", 2)])
def test_it_takes_the_arguments_of_its_fields(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        Filled(*arguments)  # type: ignore[arg-type]


def test_it_stays_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Filled(1).code = 2  # type: ignore[misc]


@dataclass(slots=True)
class Changing:
    code: int


@dataclass(frozen=True)
class Open:
    code: int


@dataclass(frozen=True, slots=True)
class Checked:
    code: int

    def __post_init__(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Listing:
    codes: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    code: int


@pytest.mark.parametrize("kind", [Changing, Open, Checked, Listing, Named, int])
def test_what_it_would_change_it_refuses(kind: type) -> None:
    with pytest.raises(TypeError):
        filling_slots(kind)
