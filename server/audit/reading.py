"""Lookups for the auditor: who did what when, narrowed and in pages, a sample by lot, the proof of
one entry. All within the county in sight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select

from domain.errors import fault
from domain.merkle import build_consistency, build_inclusion
from domain.trail import CONSISTENCY_FORMAT, PROOF_FORMAT, pick_sample
from server.accounts.directory import list_person_names
from server.audit.entries import EVENTS, read_entries
from server.audit.models import AuditEvent, AuditLeaf, AuditRoot
from server.audit.roots import dump_root, list_leaf_hashes, list_roots
from server.db import db
from server.registry.paging import Page, like_pattern, page_of
from server.runtime import SITE_ZONE

EVENTS_PER_PAGE = 50
BLOCK_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; days are those of the inspection site, both included."""

    person: int | None = None
    action: str = ""
    target: str = ""
    since: date | None = None
    until: date | None = None
    # who did it is nobody's account: the command line, or the system itself
    is_system: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One event with the name of who did it (empty: the system) and its place, if it has one."""

    event: AuditEvent
    who: str
    place: int | None


@dataclass(frozen=True, slots=True)
class Proven:
    """One event with what is hashed of it, and the first root that covers it, if there is one."""

    line: Line
    leaf: str
    entry: dict[str, Any]
    root: AuditRoot | None
    path: list[str] = field(default_factory=list)


def list_page(wanted: Wanted, number: int) -> Page[Line]:
    """The newest first."""
    query = _query(wanted).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    page = page_of(query, number, EVENTS_PER_PAGE)
    return Page(rows=_lines(page.rows), number=page.number, total=page.total, size=page.size)


def list_all(wanted: Wanted) -> Iterator[Line]:
    """The same altogether, the oldest first, in blocks."""
    query = _query(wanted).order_by(AuditEvent.id)
    found = db.session.scalars(query.execution_options(yield_per=BLOCK_ROWS))
    for block in found.partitions(BLOCK_ROWS):
        yield from _lines(list(block))


def sample(wanted: Wanted, seed: str, count: int) -> tuple[list[Line], int]:
    """``count`` of them by lot, and out of how many; the same seed over the same events gives the
    same."""
    ids = list(db.session.scalars(_query(wanted).with_only_columns(AuditEvent.id)))
    picked = pick_sample(ids, seed, count)
    query = select(AuditEvent).where(AuditEvent.id.in_(picked)).order_by(AuditEvent.id)
    return _lines(list(db.session.scalars(query))), len(ids)


def list_actions() -> list[str]:
    """Every action on record."""
    return list(
        db.session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action))
    )


def list_actors() -> dict[int, str]:
    """Everybody on record, name by id."""
    query = select(AuditEvent.person_id).where(AuditEvent.person_id.is_not(None)).distinct()
    ids = [one for one in db.session.scalars(query) if one is not None]
    return list_person_names(ids)


def get_event(event_id: int) -> Proven:
    """One event; raises ``request.not_found`` for another county's."""
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.id == event_id)).first()
    if event is None:
        raise fault("request.not_found")
    line = _lines([event])[0]
    connection = db.session.connection()
    (stored,) = read_entries(connection, EVENTS.id == event_id)
    root = _first_root(event.jurisdiction_id, line.place)
    return Proven(line, stored.leaf.hex(), stored.entry, root)


def build_proof(event_id: int) -> dict[str, Any]:
    """What ``suicha audit check`` reads. Raises ``request.not_found`` also for an event that no
    root covers yet."""
    found = get_event(event_id)
    place = found.line.place
    if place is None or found.root is None:
        raise fault("request.not_found")
    connection, county = db.session.connection(), found.line.event.jurisdiction_id
    leaves = list(list_leaf_hashes(connection, county, stop=found.root.size))
    return {
        "format": PROOF_FORMAT,
        "entry": found.entry,
        "place": place,
        "path": [one.hex() for one in build_inclusion(place, leaves)],
        "root": dump_root(found.root),
    }


def build_growth(jurisdiction_id: int, size: int) -> dict[str, Any]:
    """The proof that the newest root's list begins with that of the root over ``size`` entries:
    what ``suicha audit check`` reads. Raises ``request.not_found`` where no root has that size."""
    roots = list_roots(jurisdiction_id)
    first = next((one for one in roots if one.size == size), None)
    if first is None:
        raise fault("request.not_found")
    newest = roots[-1]
    leaves = list(list_leaf_hashes(db.session.connection(), jurisdiction_id, stop=newest.size))
    return {
        "format": CONSISTENCY_FORMAT,
        "first": dump_root(first),
        "path": [one.hex() for one in build_consistency(first.size, leaves)],
        "root": dump_root(newest),
    }


def dump_leaves(jurisdiction_id: int) -> bytes:
    """The hashes of all entries that have a place: what ``--leaves`` of ``suicha audit verify``
    reads."""
    return b"".join(list_leaf_hashes(db.session.connection(), jurisdiction_id))


def _query(wanted: Wanted) -> Select[Any]:
    query = select(AuditEvent)
    if wanted.is_system:
        query = query.where(AuditEvent.person_id.is_(None))
    elif wanted.person is not None:
        query = query.where(AuditEvent.person_id == wanted.person)
    if wanted.action:
        query = query.where(AuditEvent.action == wanted.action)
    if wanted.target:
        pattern = like_pattern(wanted.target)
        query = query.where(AuditEvent.target.like(pattern, escape="\\"))
    if wanted.since:
        query = query.where(AuditEvent.at >= _midnight(wanted.since))
    if wanted.until:
        query = query.where(AuditEvent.at < _midnight(wanted.until + timedelta(days=1)))
    return query


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SITE_ZONE).astimezone(UTC)


def _lines(events: list[AuditEvent]) -> list[Line]:
    names = list_person_names({one.person_id for one in events if one.person_id is not None})
    ids = [one.id for one in events]
    query = select(AuditLeaf.event_id, AuditLeaf.place).where(AuditLeaf.event_id.in_(ids))
    places = {one.event_id: one.place for one in db.session.execute(query)}
    return [Line(one, names.get(one.person_id or 0, ""), places.get(one.id)) for one in events]


def _first_root(jurisdiction_id: int, place: int | None) -> AuditRoot | None:
    if place is None:
        return None
    query = select(AuditRoot).where(
        AuditRoot.jurisdiction_id == jurisdiction_id, AuditRoot.size > place
    )
    return db.session.scalars(query.order_by(AuditRoot.id).limit(1)).first()
