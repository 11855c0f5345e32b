"""Two who edit one entry: the second is told what the first changed, and decides (R001).

A form carries the number of the newest change its person saw. What came after it is compared with
what the form holds; nothing typed is lost, and nothing is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from domain.access import Actor
from server.db import db
from server.registry.changes import apply_change, plain
from server.registry.models import RegisterChange
from server.registry.owner import owner_of


@dataclass(frozen=True, slots=True)
class Clash:
    """A field somebody else changed since the form was opened: from ``base`` to ``now``, both as
    history keeps them. ``is_typed``: the form says a third thing."""

    name: str
    base: Any
    now: Any
    is_typed: bool
    changed_by: int | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """Nothing was stored. ``version`` is what the next attempt has then seen."""

    version: int
    clashes: tuple[Clash, ...]


def version_of(actor: Actor | None, register: str, entry_id: int) -> int:
    """The newest change's number, 0 for an entry without history."""
    query = select(func.max(RegisterChange.id)).where(
        RegisterChange.jurisdiction_id == owner_of(actor),
        RegisterChange.register == register,
        RegisterChange.entry_id == entry_id,
    )
    return db.session.scalar(query) or 0


def versions_of(actor: Actor | None, register: str) -> dict[int, int]:
    """The same of every entry that has a history, for a page with a form each."""
    query = select(RegisterChange.entry_id, func.max(RegisterChange.id)).where(
        RegisterChange.jurisdiction_id == owner_of(actor), RegisterChange.register == register
    )
    rows = db.session.execute(query.group_by(RegisterChange.entry_id))
    return {row[0]: row[1] for row in rows}


def save_entry(
    actor: Actor | None,
    register: str,
    row: Any,
    values: Mapping[str, Any],
    seen: int,
) -> ChangedMeanwhile | RegisterChange | None:
    """Writes a form's values, or says what was changed meanwhile; None where nothing is different.
    To be called with the county's turn taken (``take_turns``): nobody writes in between."""
    current = {name: getattr(row, name) for name in values}
    if meanwhile := find_clashes(actor, register, row.id, current, values, seen):
        return meanwhile
    return apply_change(actor, register, row, values, "form")


def find_clashes(
    actor: Actor | None,
    register: str,
    entry_id: int,
    current: Mapping[str, Any],
    values: Mapping[str, Any],
    seen: int,
) -> ChangedMeanwhile | None:
    """What a form over ``current`` would overwrite unseen; None where nobody needs to decide."""
    query = select(RegisterChange).where(
        RegisterChange.jurisdiction_id == owner_of(actor),
        RegisterChange.register == register,
        RegisterChange.entry_id == entry_id,
        RegisterChange.id > seen,
    )
    found: dict[str, Clash] = {}
    for change in db.session.scalars(query.order_by(RegisterChange.id)):
        for name, (old, _new) in change.changes.items():
            if name not in values:
                continue
            base = found[name].base if name in found else old
            now, typed = plain(current[name]), plain(values[name])
            found[name] = Clash(
                name=name,
                base=base,
                now=now,
                is_typed=typed not in (base, now),
                changed_by=change.changed_by,
                changed_at=change.changed_at,
            )
    # Changed and changed back, or to what the form says as well: nobody needs to decide.
    clashes = tuple(
        one for one in found.values() if one.now not in (one.base, plain(values[one.name]))
    )
    return ChangedMeanwhile(version_of(actor, register, entry_id), clashes) if clashes else None
