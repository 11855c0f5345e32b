"""Use cases: the signed root of a day over everything on record, and what is published of it.

An event gets its place in the tree when a root is made, under a lock, in the order of ids among
those that are there to be seen; one that commits later gets a later place, whatever its id. So the
list behind a published root never changes, only grows (RFC 6962).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, insert, select, text
from sqlalchemy.orm import Session

from domain.canonical import canonical_json
from domain.merkle import Frontier
from domain.trail import TRAIL_FORMAT, build_root_document
from server.accounts.directory import get_jurisdiction
from server.audit.entries import EVENTS, LEAVES, UNPLACED, Stored, read_entries
from server.audit.models import AuditLeaf, AuditRoot
from server.custody.keys import Signer, open_signer
from server.custody.service import dump_keys
from server.db import db, unit_of_work
from server.runtime import SITE_ZONE, now, today


def make_root(jurisdiction_id: int) -> AuditRoot:
    """The root over everything that is on record now; the last one where it is today's and nothing
    came since."""
    signer = open_signer()  # may record its key: before the lock
    code = get_jurisdiction(jurisdiction_id).code
    # Hashed before the lock, or phones would wait for it; an event never changes.
    known = {one.event_id: one.leaf for one in _unplaced(db.session(), jurisdiction_id)}
    with unit_of_work() as work:
        if work.connection().dialect.name == "postgresql":
            work.execute(text("LOCK TABLE audit_roots IN SHARE ROW EXCLUSIVE MODE"))
        last = find_last_root(jurisdiction_id)
        fresh = _fresh_leaves(work, jurisdiction_id, last.size if last else 0, known)
        if last is not None and not fresh and is_todays(last):
            return last
        if fresh:
            work.execute(insert(AuditLeaf), fresh)
        return _sign(work, signer, jurisdiction_id, code, last)


def ensure_daily_root(jurisdiction_id: int) -> AuditRoot | None:
    """The newest root, made first where today has none yet; None while nothing is on record."""
    last = find_last_root(jurisdiction_id)
    if last is not None and is_todays(last):
        return last
    if last is None and not _has_events(jurisdiction_id):
        return None
    return make_root(jurisdiction_id)


def is_todays(root: AuditRoot) -> bool:
    """Made on today's date at the inspection site."""
    return root.made_at.astimezone(SITE_ZONE).date() == today()


def find_last_root(jurisdiction_id: int) -> AuditRoot | None:
    """The newest."""
    query = select(AuditRoot).where(AuditRoot.jurisdiction_id == jurisdiction_id)
    return db.session.scalars(query.order_by(AuditRoot.id.desc()).limit(1)).first()


def list_roots(jurisdiction_id: int) -> list[AuditRoot]:
    """Every root, the oldest first."""
    query = select(AuditRoot).where(AuditRoot.jurisdiction_id == jurisdiction_id)
    return list(db.session.scalars(query.order_by(AuditRoot.id)))


def dump_root(root: AuditRoot) -> dict[str, Any]:
    """As it is published: what was signed, by which key, the signature."""
    return {
        "root": json.loads(root.document),
        "key_id": root.key_id,
        "signature": root.signature,
    }


def dump_trail(jurisdiction_id: int) -> dict[str, Any]:
    """Every root and every key: what ``suicha audit verify --roots`` reads."""
    county = get_jurisdiction(jurisdiction_id)
    return {
        "format": TRAIL_FORMAT,
        "county": {"code": county.code, "name": county.name},
        "keys": dump_keys(),
        "roots": [dump_root(one) for one in list_roots(jurisdiction_id)],
    }


def list_leaf_hashes(connection: Any, jurisdiction_id: int, size: int) -> Iterable[bytes]:
    """The hashes of the first ``size`` places."""
    query = (
        select(LEAVES.hash)
        .where(LEAVES.jurisdiction_id == jurisdiction_id, LEAVES.place < size)
        .order_by(LEAVES.place)
    )
    return (bytes.fromhex(one) for one in connection.scalars(query))


def _unplaced(
    session: Session, jurisdiction_id: int, *more: ColumnElement[bool]
) -> Iterator[Stored]:
    of_county = EVENTS.jurisdiction_id == jurisdiction_id
    return read_entries(session.connection(), of_county, UNPLACED, *more)


def _fresh_leaves(
    work: Session, jurisdiction_id: int, size: int, known: Mapping[int, bytes]
) -> list[dict[str, Any]]:
    """The places to be given, by id; ``known`` are leaves hashed already."""
    query = select(EVENTS.id).where(EVENTS.jurisdiction_id == jurisdiction_id, UNPLACED)
    ids = list(work.connection().scalars(query.order_by(EVENTS.id)))
    later = [one for one in ids if one not in known]
    leaves = dict(known)
    if later:
        newer = _unplaced(work, jurisdiction_id, EVENTS.id.between(later[0], later[-1]))
        leaves |= {one.event_id: one.leaf for one in newer}
    return [
        {
            "event_id": one,
            "jurisdiction_id": jurisdiction_id,
            "place": place,
            "hash": leaves[one].hex(),
        }
        for place, one in enumerate(ids, start=size)
    ]


def _sign(
    work: Session, signer: Signer, jurisdiction_id: int, code: str, last: AuditRoot | None
) -> AuditRoot:
    frontier = Frontier()
    for leaf in list_leaf_hashes(work.connection(), jurisdiction_id, 2**31 - 1):
        frontier.push(leaf)
    at = now()
    document = build_root_document(
        county=code,
        size=frontier.size,
        root=frontier.root(),
        made_at=at,
        previous=last.root if last else "",
    )
    signed = canonical_json(document)
    made = AuditRoot(
        jurisdiction_id=jurisdiction_id,
        size=frontier.size,
        root=document["root"],
        made_at=at,
        previous=document["previous"],
        document=signed,
        key_id=signer.key_id,
        signature=signer.sign(signed),
    )
    work.add(made)
    work.flush()
    return made


def list_counties_with_events() -> list[int]:
    """Ids of the counties of which anything is on record."""
    query = select(EVENTS.jurisdiction_id).distinct().order_by(EVENTS.jurisdiction_id)
    return list(db.session.connection().scalars(query))


def _has_events(jurisdiction_id: int) -> bool:
    query = select(EVENTS.id).where(EVENTS.jurisdiction_id == jurisdiction_id).limit(1)
    return db.session.connection().scalar(query) is not None
