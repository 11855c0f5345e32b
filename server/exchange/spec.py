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
# Entries as they are written, with what that changes: field → [old, new].
Written = Sequence[tuple[Any, Mapping[str, list[Any]]]]


def dump_plain(value: Any, _lookup: Lookup) -> str:
    """Texts, numbers and ISO dates as they are; nothing for None."""
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Column:
    """``read`` takes a cell's text (not blank) and answers what is stored, JSON-ready, or raises
    ``domain.tabular.CellRefused``; ``dump`` is its inverse. ``is_required``: an entry cannot begin
    without it. ``words`` are the values to choose from, ``empty`` is what 清空 stores. ``show``
    makes a column that is only looked at, from the whole entry: what a file says there is passed
    over."""

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
    show: Callable[[Values, Lookup], str] | None = None

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
    """``key`` is the field by which a row finds its entry, together with ``with_key`` where one is
    not enough; ``unique`` further fields no two entries may share, ``former`` the one with the keys
    it had before, ``label`` what people call an entry by. ``extra`` are fields no column shows but
    the rules below need. ``check`` and ``complete`` are given what a row says, the entry as it
    stands (None for a new one) and the lookup. ``retired`` is what takes an entry out of use,
    ``restored`` what brings it back; an entry that ``is_mistaken`` comes back unasked. ``history``
    is the register whose entries a file changes where that is another one, and then it begins none.
    ``aside`` is what rows may bring that stands in no field of the entry. ``owned_by`` is
    the field with the department whose own entries they are: another department's office neither
    brings nor changes them (R050).

    ``is_taken_away``: a new entry goes for good with its import, unless something refers to it.
    ``has_objects``: entries are written one by one, with what hangs on them. ``effects`` answers
    what writing these values changes of other entries, ``tell`` is given what was written."""

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
    owned_by: str = ""
    with_key: tuple[str, ...] = ()
    label: str = "name"
    is_mistaken: Callable[[Values], bool] = lambda _entry: False
    is_taken_away: bool = False
    has_objects: bool = False
    effects: Callable[[Actor | None, Sequence[Values]], list[tuple[Any, Values]]] | None = None
    tell: Callable[[Actor | None, Written, str], None] | None = None

    @property
    def key_fields(self) -> tuple[str, ...]:
        """Which together find an entry."""
        return (self.key, *self.with_key)

    def key_of(self, values: Values) -> Any:
        """By which a row finds its entry; None where something of it is missing."""
        parts = tuple(values.get(name) for name in self.key_fields)
        if None in parts:
            return None
        return parts if self.with_key else parts[0]

    @property
    def subject(self) -> str:
        """Whose history is written."""
        return self.history or self.code

    @property
    def fields(self) -> tuple[str, ...]:
        """What is compared and written, each once."""
        return (*(column.field for column in self.columns if not column.show), *self.extra)

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
