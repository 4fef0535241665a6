"""Lines for people: columns side by side, and nothing in them that could write other lines."""

from collections.abc import Sequence


def table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def shown(text: str) -> str:
    """A line break or an escape of the terminal could write other rows."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)
