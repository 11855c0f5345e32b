"""The 标签 column of every register: words of the tag library in, codes on the entry (R011)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.access import Actor
from domain.tabular import split_words
from server.exchange.spec import Lookup, Problem, Values
from server.registry.service import LabelLibrary, label_library

_KEY = "labels"


def label_lookup(actor: Actor | None, register: str) -> Lookup:
    """The part of a register's lookup that this column needs."""
    return {_KEY: {"library": label_library(actor, register)}}


def read_labels(text: str, lookup: Lookup, spoken: Mapping[str, str] | None = None) -> list[str]:
    """Codes; a word nobody knows stays as it is, for ``check_labels`` to refuse unless the entry
    carries it. ``spoken`` are words people use for a code."""
    library = _library(lookup)
    found = (
        (spoken or {}).get(word) or library.codes.get(word, word) for word in split_words(text)
    )
    return list(dict.fromkeys(found))


def dump_labels(value: list[str] | None, lookup: Lookup) -> str:
    """Names, as the library has them."""
    names = _library(lookup).names
    return "、".join(names.get(code, code) for code in value or [])


def check_labels(values: Values, current: Values | None, lookup: Lookup) -> Iterator[Problem]:
    """What is not in the library, or retired there and new on this entry."""
    known = (current or {}).get("labels") or []
    if refused := _library(lookup).find_refused(values.get("labels", ()), known):
        code, details = refused
        yield Problem("labels", code, details)


def _library(lookup: Lookup) -> LabelLibrary:
    library = lookup[_KEY]["library"]
    assert isinstance(library, LabelLibrary)
    return library
