"""Pull: what is new for a phone, one snapshot for all (docs/protocol part 4; I5, I6, I14)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from domain.access import Actor
from server.db import db
from server.fieldsync.devices import dump_device, get_device
from server.fieldsync.epochs import current_epoch
from server.fieldsync.ids import user_space
from server.fieldsync.instants import dump_instant
from server.fieldsync.page_rows import NO_SIGHT, dump_row, list_heads, list_sights, read_rows
from server.fieldsync.writers import list_writers
from server.inspections.records import list_assigned_inspections
from server.runtime import now
from sync.cursor import EMPTY_DIGEST, start_of
from sync.messages.pull_request import PullRequest


def pull(actor: Actor, request: PullRequest) -> dict[str, Any]:
    """The answer's body, to be written by ``json_text``: rows hold their JSON as stored. Raises
    ``device.unknown``, ``device.bound``, ``device.revoked``.

    Every space restarts at 0 for a phone of another epoch, or whose cursor is beyond ours.
    """
    epoch = current_epoch()
    # may bind the phone and note its heartbeat: before the snapshot begins
    device = get_device(actor, request.device, request.heartbeat)
    begin_snapshot()
    scope = _list_scope(actor)
    wanted, known = request.spaces, set(scope)
    asked = [name for name in wanted if name in known]
    return {
        "epoch": epoch,
        "server_time": dump_instant(now()),
        "device": dump_device(device),
        "scope": scope,
        "left": [{"space": name, "why": "reassigned"} for name in wanted if name not in known],
        "pages": _list_pages(actor, request, asked, request.epoch == epoch),
    }


def begin_snapshot() -> None:
    """Counter, rows and digest must be of one moment. SQLite reads a snapshot anyway; PostgreSQL
    is asked for one, in a fresh transaction."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _list_scope(actor: Actor) -> list[str]:
    """The person's own space and every inspection they are on the team of, today."""
    assigned = list_assigned_inspections(actor.person_id)
    return [user_space(actor.person_id), *(f"insp:{one}" for one in assigned)]


def _list_pages(
    actor: Actor, request: PullRequest, asked: list[str], is_same_epoch: bool
) -> dict[str, dict[str, Any]]:
    """One query for what all these spaces have come to; rows are read of those that moved on."""
    heads = list_heads(actor.jurisdiction_id, asked)
    found: dict[str, list[Row[Any]]] = {}
    pages: dict[str, dict[str, Any]] = {}
    for name in asked:
        counter, digest = heads.get(name, (0, EMPTY_DIGEST))
        start = start_of(request.spaces[name], counter, is_same_epoch)
        rows, has_more = read_rows(name, start, request.limit) if start < counter else ([], False)
        found[name] = rows
        pages[name] = {
            "from": start,
            "to": rows[-1].seq if has_more else counter,
            "more": has_more,
        }
        if not has_more:
            pages[name]["digest"] = digest
    sights = list_sights(actor, [name for name, rows in found.items() if rows])
    for name, rows in found.items():
        sight = sights.get(name, NO_SIGHT)
        writers = list_writers(row for row in rows if not sight.is_others(row))
        pages[name]["rows"] = [dump_row(row, sight, writers.get(row.id)) for row in rows]
    return pages
