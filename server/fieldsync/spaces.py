"""A space's row is its lock and its counter: commit order and number order are one (I6)."""

from __future__ import annotations

from sqlalchemy import select

from server.db import db, unit_of_work
from server.fieldsync.models import Entity, Space
from server.inspections.models import Inspection, Sheet
from sync.cursor import EMPTY_DIGEST


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
