"""Pinyin initials: clerks find 阳城县顺达客运 by typing ``ycxsdky``."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin


def initials_of(name: str, width: int = 120) -> str:
    """Lower case, one letter for each Chinese character, Latin letters and digits as they stand,
    everything else left out; at most ``width`` characters. A character with several readings is
    read as in the words around it."""
    letters = lazy_pinyin(name, style=Style.FIRST_LETTER, errors=lambda rest: rest)
    return "".join(c for c in "".join(letters).lower() if c.isascii() and c.isalnum())[:width]
