"""Use cases: the signed root of a day over everything on record, and what is published of it.

An event gets its place in the tree when a root is made, under a lock, in the order of ids among
those that are there to be seen; one that commits later gets a later place, whatever its id. So the
list behind a published root never changes, only grows (RFC 6962).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from domain.canonical import canonical_json
from domain.merkle import Frontier
from domain.trail import TRAIL_FORMAT, build_root_document
from server.accounts.directory import get_jurisdiction
from server.audit.entries import BLOCK_ROWS, EVENTS, LEAVES, UNPLACED, Stored, read_entries
from server.audit.kept_leaves import keep_leaves
from server.audit.models import AuditLeaf, AuditRoot
from server.custody.keys import Signer, open_signer
from server.custody.service import dump_keys
from server.db import db, unit_of_work
from server.runtime import SITE_ZONE, now, runtime, today

# A third of a second of writing, on a machine that has nothing else to do.
MOST_AT_ONCE = 2_500


def make_root(jurisdiction_id: int) -> AuditRoot:
    """The root over everything that is on record now; the last one where it is today's and nothing
    came since. A backlog gets several, each in a transaction of its own, so that whoever writes
    meanwhile waits for one of them at most."""
    while True:
        made = make_next_root(jurisdiction_id)
        if not _has_more(made):
            return made


def make_next_root(jurisdiction_id: int) -> AuditRoot:
    """One root over at most ``MOST_AT_ONCE`` more entries."""
    signer = open_signer()  # may record its key: before the lock
    county = get_jurisdiction(jurisdiction_id).code
    # Read and hashed before the lock, or phones would wait for it: neither ever changes.
    tree = _read_tree(db.session(), jurisdiction_id, Frontier())
    known = {one.event_id: one.leaf for one in _next_unplaced(jurisdiction_id)}
    with unit_of_work() as work:
        if work.connection().dialect.name == "postgresql":
            work.execute(text("LOCK TABLE audit_roots IN SHARE ROW EXCLUSIVE MODE"))
        last = find_last_root(jurisdiction_id)
        tree = _read_tree(work, jurisdiction_id, tree)
        fresh = _fresh_leaves(work, jurisdiction_id, tree.size, known)
        if last is not None and not fresh and is_todays(last):
            return last
        if fresh:
            work.execute(insert(AuditLeaf), fresh)
        for one in fresh:
            tree.push(bytes.fromhex(one["hash"]))
        made = _sign(work, signer, jurisdiction_id, county, last, tree)
    _keep(jurisdiction_id, county, made.size)
    return made


def ensure_daily_root(jurisdiction_id: int) -> AuditRoot | None:
    """The newest root, made first where today has none yet; None while nothing is on record. Of a
    backlog nobody who only looks waits for more than one: the next who looks, or the nightly
    command, goes on."""
    last = find_last_root(jurisdiction_id)
    if last is not None and is_todays(last) and not _has_more(last):
        return last
    if last is None and not _has_events(jurisdiction_id):
        return None
    return make_next_root(jurisdiction_id)


def is_todays(root: AuditRoot) -> bool:
    """Made on today's date at the inspection site."""
    return root.made_at.astimezone(SITE_ZONE).date() == today()


def find_last_root(jurisdiction_id: int) -> AuditRoot | None:
    """The newest."""
    query = select(AuditRoot).where(AuditRoot.jurisdiction_id == jurisdiction_id)
    return db.session.scalars(query.order_by(AuditRoot.id.desc()).limit(1)).first()


def find_root_before(root: AuditRoot) -> AuditRoot | None:
    """The one that was signed before it and holds fewer entries."""
    query = select(AuditRoot).where(
        AuditRoot.jurisdiction_id == root.jurisdiction_id, AuditRoot.size < root.size
    )
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


def list_leaf_hashes(
    connection: Any, jurisdiction_id: int, start: int = 0, stop: int = 2**31 - 1
) -> Iterable[bytes]:
    """The hashes at these places, the last one left out."""
    query = (
        select(LEAVES.hash)
        .where(
            LEAVES.jurisdiction_id == jurisdiction_id, LEAVES.place >= start, LEAVES.place < stop
        )
        .order_by(LEAVES.place)
        .execution_options(yield_per=BLOCK_ROWS)
    )
    return (bytes.fromhex(one) for one in connection.scalars(query))


def _read_tree(session: Session, jurisdiction_id: int, tree: Frontier) -> Frontier:
    """The same with the leaves on record behind it."""
    for leaf in list_leaf_hashes(session.connection(), jurisdiction_id, tree.size):
        tree.push(leaf)
    return tree


def _next_unplaced(jurisdiction_id: int) -> list[Stored]:
    of_county = EVENTS.jurisdiction_id == jurisdiction_id
    connection = db.session().connection()
    query = select(EVENTS.id).where(of_county, UNPLACED).order_by(EVENTS.id).limit(MOST_AT_ONCE)
    ids = list(connection.scalars(query))
    if not ids:
        return []
    return list(read_entries(connection, of_county, UNPLACED, EVENTS.id.between(ids[0], ids[-1])))


def _fresh_leaves(
    work: Session, jurisdiction_id: int, size: int, known: Mapping[int, bytes]
) -> list[dict[str, Any]]:
    """The places to be given, by id, from the first of ``known`` on, which are leaves hashed
    already; an event before it that committed meanwhile gets its place with the next root."""
    connection = work.connection()
    query = (
        select(EVENTS.id)
        .where(
            EVENTS.jurisdiction_id == jurisdiction_id, UNPLACED, EVENTS.id >= min(known, default=0)
        )
        .order_by(EVENTS.id)
        .limit(MOST_AT_ONCE)
    )
    ids = list(connection.scalars(query))
    later = [one for one in ids if one not in known]
    leaves = dict(known)
    if later:
        newer = read_entries(
            connection, EVENTS.jurisdiction_id == jurisdiction_id, UNPLACED, EVENTS.id.in_(later)
        )
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
    work: Session,
    signer: Signer,
    jurisdiction_id: int,
    code: str,
    last: AuditRoot | None,
    tree: Frontier,
) -> AuditRoot:
    at = now()
    document = build_root_document(
        county=code,
        size=tree.size,
        root=tree.root(),
        made_at=at,
        previous=last.root if last else "",
    )
    signed = canonical_json(document)
    number = work.connection().scalar(select(func.max(AuditRoot.__table__.c.id))) or 0
    made = AuditRoot(
        id=number + 1,  # no sequence: one that leaves a gap would hide that a root was taken out
        jurisdiction_id=jurisdiction_id,
        size=tree.size,
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


def _keep(jurisdiction_id: int, county: str, size: int) -> None:
    connection = db.session().connection()
    read = partial(list_leaf_hashes, connection, jurisdiction_id)
    keep_leaves(runtime().config.home, county, size, read)


def _has_more(root: AuditRoot) -> bool:
    """Whether the root took as many entries as one may, and there are more."""
    before = db.session.scalar(
        select(func.max(AuditRoot.size)).where(
            AuditRoot.jurisdiction_id == root.jurisdiction_id, AuditRoot.id < root.id
        )
    )
    if root.size - (before or 0) < MOST_AT_ONCE:
        return False
    query = select(EVENTS.id).where(EVENTS.jurisdiction_id == root.jurisdiction_id, UNPLACED)
    return db.session.scalar(query.limit(1)) is not None


def list_counties_with_events() -> list[int]:
    """Ids of the counties of which anything is on record."""
    query = select(EVENTS.jurisdiction_id).distinct().order_by(EVENTS.jurisdiction_id)
    return list(db.session.connection().scalars(query))


def _has_events(jurisdiction_id: int) -> bool:
    query = select(EVENTS.id).where(EVENTS.jurisdiction_id == jurisdiction_id).limit(1)
    return db.session.connection().scalar(query) is not None
