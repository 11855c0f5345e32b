"""Whether the trail in a database is the one that was signed (``suicha audit verify``).

Reads a database and believes nothing in it: every entry is hashed anew, every root computed anew,
and compared with what was signed and with what was published.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from domain.canonical import canonical_json
from domain.merkle import build_consistency
from domain.trail import CONSISTENCY_FORMAT, dump_moment, find_consistency_fault
from server.accounts.models import Jurisdiction
from server.audit.ends import check_ends, list_restored
from server.audit.entries import LEAVES, Stored, read_entries, read_instant, stored_instant
from server.audit.findings import County, Leaf, Problem, Report, Root
from server.audit.kept_leaves import choose_signed
from server.audit.leaves import check_leaves
from server.audit.models import AuditRoot
from server.audit.signing import find_root_fault
from server.custody.models import CustodyKey

# A long piece of work writes its event and commits later, perhaps after the root of that day.
LATEST_COMMIT = timedelta(hours=1)
NOBODYS: Mapping[str, Sequence[Sequence[bytes]]] = {}
ROOTS, COUNTIES, KEYS = AuditRoot.__table__.c, Jurisdiction.__table__.c, CustodyKey.__table__.c


def read_keys(connection: Connection) -> dict[str, str]:
    """The public keys in this database, by id."""
    rows = connection.execute(select(KEYS.key_id, KEYS.public_key))
    return {one.key_id: one.public_key for one in rows}


def check_trail(
    connection: Connection,
    keys: Mapping[str, str],
    published: Sequence[Mapping[str, Any]] = (),
    kept: Sequence[Sequence[bytes]] = (),
    since: Mapping[str, Any] | None = None,
    own: Mapping[str, Sequence[Sequence[bytes]]] = NOBODYS,
) -> Report:
    """Everything in the connection's snapshot. ``keys`` are those one trusts, by id; ``published``
    are lists of roots as they were downloaded (``parse_trail``), each checked with its county;
    ``kept`` are hashes from outside the database, of whatever county; ``since`` is a signed root
    somebody kept: that the list only grew from there is shown by a proof (RFC 6962, 2.1.2). ``own``
    are the installation's own files of hashes by county, which the database must not lie behind."""
    report = Report()
    events = {one.event_id: one for one in read_entries(connection)}
    known = set()
    for row in connection.execute(select(COUNTIES.id, COUNTIES.code).order_by(COUNTIES.id)).all():
        known.add(row.id)
        said = [root for one in published if one["county"]["code"] == row.code
                for root in one["roots"]]  # fmt: skip
        try:
            county = _read_county(connection, row.id, row.code, events)
            signed = [one for one in map(partial(_as_signed, keys), county.roots) if one]
            county.kept = choose_signed(kept, signed)
            report.problems += _check_county(county, keys, said)
            ends = list(check_ends(county, signed, own.get(row.code, ())))
            restored = list_restored(county)
            report.set_back += [one for one in ends if one.more["last"] in restored]
            report.problems += [one for one in ends if one.more["last"] not in restored]
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # What somebody wrote past us need not even have the shape of a row.
            told = {"error": f"{type(error).__name__}: {error}"}
            report.problems.append(Problem("trail.unreadable", row.code, more=told))
            continue
        if since is not None and _county_of(since) == row.code:
            report.problems += _check_since(county, keys, since)
            report.since = since["root"]["size"]
        report.entries += len(county.leaves)
        report.roots += len(county.roots)
        report.published += len(said)
        report.kept += len(county.kept)
        report.waiting += len(county.unplaced)
    strays = [one.event_id for one in events.values() if one.county not in known]
    report.problems += [Problem("entry.foreign", "", one) for one in strays]
    report.problems += _check_numbers(connection)
    return report


def _read_county(
    connection: Connection, county_id: int, code: str, events: Mapping[int, Stored]
) -> County:
    query = select(LEAVES.place, LEAVES.event_id, LEAVES.hash)
    rows = connection.execute(
        query.where(LEAVES.jurisdiction_id == county_id).order_by(LEAVES.place)
    )
    leaves = [Leaf(row.place, row.event_id, _bytes(row.hash)) for row in rows]
    placed = {one.event_id for one in leaves}
    return County(
        code=code,
        events=events,
        leaves=leaves,
        roots=list(_read_roots(connection, county_id)),
        unplaced=[
            one for one in events.values() if one.county == county_id and one.event_id not in placed
        ],
    )


def _as_signed(keys: Mapping[str, str], row: Root) -> Root | None:
    """The root with the size and hash that stand in what was signed; None where nothing is."""
    document = _parse(row.document)
    signed = {"root": document, "key_id": row.key_id, "signature": row.signature}
    if find_root_fault(signed, keys):
        return None
    return replace(row, size=document["size"], root=document["root"])


def _read_roots(connection: Connection, county_id: int) -> Iterator[Root]:
    query = select(
        ROOTS.id, ROOTS.size, ROOTS.root, stored_instant(connection, ROOTS.made_at),
        ROOTS.previous, ROOTS.document, ROOTS.key_id, ROOTS.signature,
    )  # fmt: skip
    rows = connection.execute(query.where(ROOTS.jurisdiction_id == county_id).order_by(ROOTS.id))
    for row in rows:
        try:
            made_at = read_instant(row[3])
        except (TypeError, ValueError):
            made_at = None
        yield Root(*row[:3], made_at, *row[4:])


def _bytes(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except (TypeError, ValueError):
        found = b""
    return found if found.hex() == text else b""  # no hash of anything; fromhex takes blanks and F


def _check_county(
    county: County, keys: Mapping[str, str], published: Sequence[Mapping[str, Any]]
) -> Iterator[Problem]:
    yield from _check_roots(county, keys)
    yield from check_leaves(county, [_as_signed(keys, one) or one for one in county.roots])
    yield from _check_times(county)
    yield from _check_published(county, keys, published)


def _check_roots(county: County, keys: Mapping[str, str]) -> Iterator[Problem]:
    """Each root by itself, and that it follows on the one before."""
    previous, size, made_at = "", 0, None
    for row in county.roots:
        document = _parse(row.document)
        signed = {"root": document, "key_id": row.key_id, "signature": row.signature}
        if fault := find_root_fault(signed, keys):
            yield Problem(fault, county.code, more={"root": row.id, "size": row.size})
        columns = {
            "county": county.code,
            "size": row.size,
            "root": row.root,
            "made_at": dump_moment(row.made_at) if row.made_at else "",
            "previous": row.previous,
        }
        differ = sorted(name for name, value in columns.items() if document.get(name) != value)
        if differ:
            yield Problem("root.changed", county.code, more={"root": row.id, "differs": differ})
        elif row.document != canonical_json(document):
            yield Problem(
                "root.changed", county.code, more={"root": row.id, "differs": ["document"]}
            )
        # quiet days have the same root again and again: their moments alone tell them apart
        is_early = row.size == size and made_at and row.made_at and row.made_at < made_at
        if row.previous != previous or row.size < size or is_early:
            yield Problem("root.out_of_order", county.code, more={"root": row.id})
        previous, size, made_at = row.root, row.size, row.made_at


def _check_numbers(connection: Connection) -> Iterator[Problem]:
    """The numbers of all counties' roots follow each other from 1 on (``roots``); nothing of a row
    but its number says that a quiet day's root is gone."""
    last = 0
    for number in connection.scalars(select(ROOTS.id).order_by(ROOTS.id)):
        if number < 1:
            yield Problem("root.out_of_order", "", more={"root": number})
        elif number != last + 1:
            yield Problem("root.removed", "", more={"first": last + 1, "last": number - 1})
        last = max(number, 0)


def _parse(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (TypeError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _county_of(since: Mapping[str, Any]) -> object:
    root = since["root"]
    return root.get("county") if isinstance(root, dict) else None


def _check_since(
    county: County, keys: Mapping[str, str], since: Mapping[str, Any]
) -> Iterator[Problem]:
    """By the entries as they are now, and the newest root that was signed over them."""
    if fault := find_root_fault(since, keys):
        yield Problem(f"since.{fault}", county.code)
        return
    signed = [one for one in map(partial(_as_signed, keys), county.roots) if one]
    newest = max(signed, key=lambda one: one.size, default=None)
    first = since["root"]["size"]
    told = {"size": first, "made_at": since["root"]["made_at"]}
    if newest is None or newest.size < first:
        yield Problem("since.not_consistent", county.code, more=told)
        return
    leaves = [_leaf_now(county, one) for one in county.leaves[: newest.size]]
    path = build_consistency(first, leaves) if len(leaves) == newest.size else []
    proof = {
        "format": CONSISTENCY_FORMAT,
        "first": dict(since),
        "root": {"root": {"county": county.code, "size": newest.size, "root": newest.root}},
        "path": [one.hex() for one in path],
    }
    if find_consistency_fault(proof):
        yield Problem("since.not_consistent", county.code, more=told)


def _leaf_now(county: County, leaf: Leaf) -> bytes:
    event = county.events.get(leaf.event_id)
    return event.leaf if event else leaf.hash


def _check_times(county: County) -> Iterator[Problem]:
    """An entry that is older than a root, and yet came after it."""
    roots = [one for one in county.roots if one.made_at is not None]
    for event in county.unplaced:
        if not event.is_as_written:
            yield Problem("entry.foreign", county.code, event.event_id)
        elif roots and _is_late(event, roots[-1]):
            yield Problem("entry.added", county.code, event.event_id, more=_moment(event))
    number = 0
    for leaf in county.leaves:
        while number < len(roots) and roots[number].size <= leaf.place:
            number += 1
        found = county.events.get(leaf.event_id)
        if found and number and _is_late(found, roots[number - 1]):
            yield Problem(
                "entry.added", county.code, found.event_id, leaf.place, more=_moment(found)
            )


def _is_late(event: Stored, root: Root) -> bool:
    return bool(event.at and root.made_at and event.at < root.made_at - LATEST_COMMIT)


def _moment(event: Stored) -> dict[str, str]:
    return {"at": dump_moment(event.at)} if event.at else {}


def _check_published(
    county: County, keys: Mapping[str, str], published: Sequence[Mapping[str, Any]]
) -> Iterator[Problem]:
    """What was downloaded once must still be here, word for word."""
    here = {one.document for one in county.roots}
    for one in published:
        fault = find_root_fault(one, keys)
        if fault:
            yield Problem(f"published.{fault}", county.code)
        elif canonical_json(one["root"]) not in here:
            said = {"size": one["root"]["size"], "made_at": one["root"]["made_at"]}
            yield Problem("published.missing", county.code, more=said)
