"""Which county a record belongs to when it is written."""

from __future__ import annotations

from domain.access import Actor
from server.accounts.directory import lock_jurisdiction
from server.db import db


def owner_of(actor: Actor | None) -> int:
    """The actor's county; without an actor (command line, set-up) the one in scope."""
    if actor is not None:
        return actor.jurisdiction_id
    scope: int = db.session.info["jurisdiction_id"]
    return scope


def person_id_of(actor: Actor | None) -> int | None:
    """Who is named in the audit log; None for the command line."""
    return None if actor is None else actor.person_id


def take_turns(jurisdiction_id: int) -> None:
    """Imports of one county wait for each other until their transaction ends, so that the same
    file sent twice at once is imported once (SQLite queues writers anyway)."""
    lock_jurisdiction(jurisdiction_id)
