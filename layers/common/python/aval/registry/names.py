"""How names are compared: as people type them, not as they are written."""

import unicodedata


def folded(text: str) -> str:
    """Case, accents and spaces at the ends do not count."""
    bare = text.strip().casefold()
    if bare.isascii():
        return bare
    decomposed = unicodedata.normalize("NFKD", bare)
    return "".join(character for character in decomposed if not unicodedata.combining(character))
