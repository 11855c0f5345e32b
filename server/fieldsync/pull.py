"""Pull: what is new for a phone, one snapshot for all (docs/protocol part 4; I5, I6, I14)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from domain.access import Actor
from server.db import db
from server.fieldsync.devices import dump_device, get_device
from server.fieldsync.epochs import current_epoch
from server.fieldsync.ids import user_space
from server.fieldsync.instants import dump_instant
from server.fieldsync.models import Entity, Space
from server.fieldsync.visit import find_visit
from server.inspections.records import list_assigned_inspections
from server.runtime import now
from sync.cursor import EMPTY_DIGEST, cut_page, start_of
from sync.messages.pull_request import PullRequest


def pull(actor: Actor, request: PullRequest) -> dict[str, Any]:
    """The answer's body. Raises ``device.unknown``, ``device.bound``, ``device.revoked``.

    Every space restarts at 0 for a phone of another epoch, or whose cursor is beyond ours.
    """
    epoch = current_epoch()
    # may bind the phone and note its heartbeat: before the snapshot begins
    device = get_device(actor, request.device, request.heartbeat)
    begin_snapshot()
    scope = _list_scope(actor)
    pages = {
        name: _page(actor, name, cursor, request.limit, request.epoch == epoch)
        for name, cursor in request.spaces.items()
        if name in scope
    }
    return {
        "epoch": epoch,
        "server_time": dump_instant(now()),
        "device": dump_device(device),
        "scope": scope,
        "left": [
            {"space": name, "why": "reassigned"} for name in request.spaces if name not in scope
        ],
        "pages": pages,
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


def _page(actor: Actor, name: str, cursor: int, limit: int, is_same_epoch: bool) -> dict[str, Any]:
    known = db.session.execute(
        select(Space.counter, Space.digest).where(Space.name == name)
    ).first()
    counter, digest = known if known is not None else (0, EMPTY_DIGEST)
    start = start_of(cursor, counter, is_same_epoch)
    rows, has_more = _read_rows(name, start, limit) if start < counter else ([], False)
    page: dict[str, Any] = {
        "from": start,
        "to": rows[-1].seq if has_more else counter,
        "more": has_more,
        "rows": [_dump_row(actor, row) for row in rows],
    }
    if not has_more:
        page["digest"] = digest
    return page


def _read_rows(name: str, start: int, limit: int) -> tuple[list[Entity], bool]:
    """A page and whether more follow. One operation's rows share a number; where one alone is
    longer than the page, all its rows are read."""
    query = select(Entity).where(Entity.space == name, Entity.seq > start)
    query = query.order_by(Entity.seq, Entity.id)
    rows = list(db.session.scalars(query.limit(limit + 1)))
    if len(rows) > limit and rows[0].seq == rows[-1].seq:
        rows = list(db.session.scalars(query.where(Entity.seq == rows[0].seq)))
        after = select(Entity.id).where(Entity.space == name, Entity.seq > rows[0].seq).limit(1)
        return rows, db.session.scalar(after) is not None
    return cut_page(rows, limit)


def _dump_row(actor: Actor, entity: Entity) -> dict[str, Any]:
    fields = entity.fields
    if entity.type == "inspection" and (visit := find_visit(entity.space)) is not None:
        fields = {**fields, "may": visit.list_fillable(actor)}
    row: dict[str, Any] = {
        "t": entity.type,
        "id": entity.id,
        "seq": entity.seq,
        "fields": fields,
        "heads": entity.heads,
        "siblings": entity.siblings,
    }
    if entity.is_gone:
        row["gone"] = True
    return row
