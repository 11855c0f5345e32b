"""Pinyin initials: clerks find 阳城县顺达客运 by typing ``ycxsdky``."""

from __future__ import annotations

from functools import lru_cache

MOST_WORDS = 20_000  # kept in mind: twenty thousand firms share their words


def initials_of(name: str, width: int = 120) -> str:
    """Lower case, one letter for each Chinese character, Latin letters and digits as they stand,
    everything else left out; at most ``width`` characters. A character with several readings is
    read as in the words around it."""
    # not with the module: its dictionaries are an eighth of what a process needs to start
    from pypinyin.seg.simpleseg import seg

    letters = "".join(map(_letters_of, seg(name)))
    return "".join(c for c in letters.lower() if c.isascii() and c.isalnum())[:width]


def fits(q: str, *texts: str) -> bool:
    """Whether every word stands in one of the texts, or among their initials: for lists so short
    that nobody stores initials."""
    initials = [initials_of(text) for text in texts] if q else []
    plain = [text.lower() for text in texts]
    return all(
        any(word in text for text in plain) or any(word in one for one in initials)
        for word in q.lower().split()
    )


@lru_cache(MOST_WORDS)
def _letters_of(word: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(word, style=Style.FIRST_LETTER, errors=lambda rest: rest))
