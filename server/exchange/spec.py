"""One description of a register's columns, from which import, export, template and error file are
made. Another register is another ``Register`` and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.access import Action, Actor

Values = Mapping[str, Any]
# name → what a cell may say → what is stored (departments, accounts, firms by code)
Lookup = Mapping[str, Mapping[Any, Any]]


def dump_plain(value: Any, _lookup: Lookup) -> str:
    """Texts, numbers and ISO dates as they are; nothing for None."""
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Column:
    """``read`` takes a cell's text (not blank) and answers what is stored, JSON-ready, or raises
    ``domain.tabular.CellRefused``; ``dump`` is its inverse. ``is_required``: an entry cannot begin
    without it. ``words`` are the values to choose from, ``empty`` is what 清空 stores."""

    field: str
    header: str
    read: Callable[[str, Lookup], Any]
    aliases: tuple[str, ...] = ()
    dump: Callable[[Any, Lookup], str] = dump_plain
    is_required: bool = False
    words: Callable[[Lookup], Sequence[str]] | None = None
    empty: Any = ""
    hint: str = ""
    width: int = 14

    @property
    def names(self) -> tuple[str, ...]:
        """Every header it is known by."""
        return (self.header, *self.aliases)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be used: the field, a code of the catalogue and its details."""

    field: str
    code: str
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Aside:
    """``column`` says how it is shown; ``write`` keeps the values of these entries, ``take_back``
    removes what one source kept and answers of how many entries."""

    column: Column
    write: Callable[[Actor | None, Sequence[tuple[int, Any]], str], None]
    take_back: Callable[[Actor | None, str], int]


@dataclass(frozen=True, slots=True)
class Register:
    """``key`` is the field by which a row finds its entry, ``unique`` further fields no two entries
    may share, ``former`` the one with the keys it had before. ``extra`` are fields no column shows
    but the rules below need. ``check`` and ``complete`` are given what a row says, the entry as it
    stands (None for a new one) and the lookup. ``retired`` is what takes an entry out of use,
    ``restored`` what brings it back; ``history`` the register whose entries a file changes where
    that is another one, and then it begins none. ``aside`` is what rows may bring that stands in no
    field of the entry."""

    code: str
    title: str
    model: type[Any]
    key: str
    columns: tuple[Column, ...]
    write: Action
    build_lookup: Callable[[Actor | None], Lookup]
    check: Callable[[Values, Values | None, Lookup], Iterator[Problem]]
    complete: Callable[[dict[str, Any], Values | None, Lookup, date], None]
    silent: Callable[[Values], dict[str, Any]]
    is_retired: Callable[[Values], bool]
    retired: Values
    restored: Values
    list_in_use: Callable[[Actor | None, Collection[int]], set[int]]
    list_filtered: Callable[[Actor, Mapping[str, str]], list[int] | None]
    extra: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    has_similar_names: bool = False
    former: str = ""
    history: str = ""
    aside: Aside | None = None

    @property
    def subject(self) -> str:
        """Whose history is written."""
        return self.history or self.code

    @property
    def fields(self) -> tuple[str, ...]:
        """What is compared and written, each once."""
        return (*(column.field for column in self.columns), *self.extra)

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Field → header and aliases."""
        return {column.field: column.names for column in self.columns}

    def column(self, name: str) -> Column:
        """By field."""
        return next(one for one in self.columns if one.field == name)

    def header_of(self, name: str) -> str:
        """The header of a field; the field itself where no column shows it."""
        return next((one.header for one in self.columns if one.field == name), name)
