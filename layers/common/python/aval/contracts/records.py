"""Frozen records that are made by the hundred thousand."""

from dataclasses import MISSING, fields
from typing import Any, TypeVar

Record = TypeVar("Record")


def filling_slots(cls: type[Record]) -> type[Record]:
    """`cls`, a frozen and slotted dataclass, with a constructor that fills its slots directly.

    The one that `dataclasses` writes goes by `object.__setattr__` and a name for every field. That takes
    three times as long, and a row of an import makes a dozen records (P3 in `make bench`). Nothing else
    changes.
    """
    all_fields = fields(cls)  # type: ignore[arg-type]  # says TypeError itself of what is no dataclass
    if (
        not cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
        or not hasattr(cls, "__slots__")
        or hasattr(cls, "__post_init__")
        or any(one.default_factory is not MISSING or one.kw_only or not one.init for one in all_fields)
    ):
        raise TypeError("only a frozen, slotted dataclass of plain fields can be filled")
    names = [one.name for one in all_fields]
    body = "".join(f"\n    fill_{name}(self, {name})" for name in names)
    namespace: dict[str, Any] = {f"fill_{name}": cls.__dict__[name].__set__ for name in names}
    # As dataclasses does it: the source is made of the names of our own fields alone.
    exec(f"def __init__(self, {', '.join(names)}):{body}", namespace)  # noqa: S102
    constructor, replaced = namespace["__init__"], cls.__init__
    constructor.__defaults__ = replaced.__defaults__
    constructor.__annotations__ = replaced.__annotations__
    constructor.__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__ = constructor  # type: ignore[method-assign]
    return cls
