"""What is looked at when a trail is checked, and what is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.audit.entries import Stored


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as signed. ``event`` and ``place`` (from 0) where it is about one
    entry; ``more`` says what differs."""

    code: str
    county: str
    event: int | None = None
    place: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    """What was found and how much was looked at; ``waiting`` entries have no root yet, ``kept`` are
    hashes from outside the database that were signed for; ``since`` is the size of the kept root
    from which on the list was shown to have grown only, None where there is no such county.
    ``set_back``: where the trail once ended further on, and an entry says it was restored."""

    problems: list[Problem] = field(default_factory=list)
    entries: int = 0
    roots: int = 0
    published: int = 0
    kept: int = 0
    since: int | None = None
    set_back: list[Problem] = field(default_factory=list)
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Root:
    """A root as it lies in the database; ``made_at`` is None for what is no instant."""

    id: int
    size: int
    root: str
    made_at: datetime | None
    previous: str
    document: str
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A place given to an event."""

    place: int
    event_id: int
    hash: bytes


@dataclass(slots=True)
class County:
    """One county's part of the database; ``events`` are everybody's, by id. ``kept`` are hashes by
    place from outside of it, those whose roots were signed; empty where nobody kept any."""

    code: str
    events: Mapping[int, Stored]
    leaves: list[Leaf]
    roots: list[Root]
    unplaced: list[Stored]
    kept: Sequence[bytes] = ()
