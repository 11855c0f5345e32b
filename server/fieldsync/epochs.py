"""The epoch: one name for the server's history until a restore (docs/protocol part 1)."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from server.db import db, unit_of_work
from server.fieldsync.models import Epoch
from server.runtime import now

_TABLE = Epoch.__table__.c
_NEWEST = select(_TABLE.id).order_by(_TABLE.number.desc()).limit(1)


def find_epoch() -> str | None:
    """The epoch in force, None before the first."""
    return db.session.connection().scalar(_NEWEST)


def current_epoch() -> str:
    """The epoch in force; makes the first one where there is none yet."""
    return find_epoch() or ensure_epoch()


def ensure_epoch() -> str:
    """Makes the first epoch unless there is one; answers the epoch in force."""
    with unit_of_work():
        return find_epoch() or start_epoch()


def start_epoch() -> str:
    """Begins a new epoch, to be called after every restore: phones then offer again all they still
    hold, and the receipts make that free (I16)."""
    with unit_of_work() as work:
        epoch = Epoch(id=f"ep_{secrets.token_urlsafe(9)}", since=now())
        work.add(epoch)
        work.flush()
        return epoch.id
