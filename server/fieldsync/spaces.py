"""A space's row is its lock and its counter: commit order and number order are one (I6)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, text

from server.db import db, unit_of_work
from server.fieldsync.models import Entity, Space
from server.inspections.models import Inspection, Sheet
from sync.cursor import EMPTY_DIGEST
from sync.operation import parse_inspection

# Taking and making in one statement: two that make the same space wait for each other in the order
# of the names, as they do for the spaces that are there.
_TAKE = text(
    "INSERT INTO spaces (name, jurisdiction_id, counter, digest) "
    "VALUES (:name, :county, 0, :digest) "
    "ON CONFLICT (name) DO UPDATE SET counter = spaces.counter"
)


def open_space(jurisdiction_id: int, name: str) -> None:
    """Makes the space unless it exists."""
    with unit_of_work() as work:
        if lock_space(name) is None:
            work.add(
                Space(name=name, jurisdiction_id=jurisdiction_id, counter=0, digest=EMPTY_DIGEST)
            )
            work.flush()


def lock_space(name: str) -> Space | None:
    """The space's row, held until the commit; None when there is none in this county. Inspections
    are locked before personal spaces, so that two writers never wait for each other.

    What the session read before it had the lock may be old by now: it is read again.
    """
    db.session.flush()
    query = select(Space).where(Space.name == name)
    found = db.session.scalar(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    )
    for known in list(db.session):
        if isinstance(known, Entity | Sheet | Inspection):
            db.session.expire(known)
    return found


def lock_user_space(jurisdiction_id: int, name: str) -> Space:
    """A personal space, made on first use."""
    found = lock_space(name)
    if found is None:
        open_space(jurisdiction_id, name)
        found = lock_space(name)
        assert found is not None
    return found


def lock_spaces(jurisdiction_id: int, names: Iterable[str]) -> None:
    """Holds many spaces of one kind until the commit, each made on first use, one after the other
    by their numbers: the order in which everybody takes them. As ``lock_space``, what the session
    read before is read again; of a space in which nothing was ever written there is nothing."""
    wanted = sorted(set(names), key=lambda name: (len(name), name))
    if not wanted:
        return
    db.session.flush()
    rows = [{"name": one, "county": jurisdiction_id, "digest": EMPTY_DIGEST} for one in wanted]
    db.session.connection().execute(_TAKE, rows)
    written = _list_written(wanted)
    stale = (Entity, Sheet, Inspection) if any(map(parse_inspection, written)) else Entity
    for known in list(db.session):
        if isinstance(known, Space) or (written and isinstance(known, stale)):
            db.session.expire(known)


def _list_written(names: list[str]) -> list[str]:
    table = Space.__table__.c
    query = select(table.name).where(table.name.in_(names), table.counter > 0)
    return list(db.session.connection().scalars(query))
