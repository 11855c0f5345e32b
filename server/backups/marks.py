"""The durable marks (docs/protocol part 5): up to where a phone may forget its operations.

Without backups a commit counts, and ``devices.durable_seq`` is empty. From the beginning of the
first backup on, before its snapshot, marks stand still and move only to what a verified backup
holds; so whatever a phone was allowed to forget before is in that snapshot, and no mark ever falls
within an epoch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, Table, func, select, update

from server.accounts.models import Device, Jurisdiction
from server.audit.service import write_event
from server.backups.models import Backup
from server.db import Base, db, unit_of_work
from server.runtime import now

# A photo that was promised but never arrives (its phone is lost, say) holds its device's mark this
# long after its operation arrived, no longer.
PHOTO_PATIENCE = timedelta(days=14)


def list_ids() -> set[str]:
    """Every backup on record, begun or verified."""
    return set(db.session.scalars(select(Backup.id)))


def begin_backup(backup_id: str) -> None:
    """From here on phones keep what they send until this or a later backup is verified."""
    with unit_of_work() as work:
        work.add(Backup(id=backup_id, begun_at=now()))
        work.flush()
        waiting = update(Device).where(Device.durable_seq.is_(None))
        work.execute(waiting.values(durable_seq=Device.last_seq))
        # What is undecided no phone has let go of, and none may once it is decided after the copy.
        for device, seq in work.execute(_first_undecided(Base.metadata.tables["receipts"])):
            passed = (Device.id == device) & (Device.durable_seq >= seq)
            work.execute(update(Device).where(passed).values(durable_seq=seq - 1))


def give_up_backup(backup_id: str) -> None:
    """As if it had never begun: where no other backup is on record, commits count again."""
    with unit_of_work() as work:
        backup = work.get(Backup, backup_id)
        if backup is not None and backup.verified_at is None:
            work.delete(backup)
            work.flush()
        if work.scalar(select(Backup.id).limit(1)) is None:
            work.execute(update(Device).values(durable_seq=None))


def confirm_backup(backup_id: str, marks: Mapping[str, int]) -> None:
    """The backup is verified: each device's mark rises to what it holds (§5, I20)."""
    with unit_of_work() as work:
        at = now()
        work.get_one(Backup, backup_id).verified_at = at
        for device, mark in sorted(marks.items()):
            lower = Device.durable_seq.is_(None) | (Device.durable_seq < mark)
            work.execute(update(Device).where(Device.id == device, lower).values(durable_seq=mark))
        work.execute(update(Device).where(Device.durable_seq.is_(None)).values(durable_seq=0))
        for county in list(db.session.scalars(select(Jurisdiction.id).order_by(Jurisdiction.id))):
            write_event(county, None, "backup.verified", backup_id)


def list_marks(copy: Connection, photos: Set[str], made_at: datetime) -> dict[str, int]:
    """Device → the highest number up to which the copy holds operations AND their photos' bytes
    (``photos``: the hashes there are): a phone deletes bytes when a pull says ``stored`` and the
    mark has passed their operation, so the mark must not pass bytes that only the living server
    has. Nor does it pass an operation the copy holds undecided: the living server may have applied
    it since, and after a restore nobody else could offer it again."""
    devices = Base.metadata.tables["devices"]
    receipts = Base.metadata.tables["receipts"]
    entities = Base.metadata.tables["entities"]
    query = select(devices.c.id, devices.c.last_seq)
    marks = {row.id: row.last_seq for row in copy.execute(query)}
    recent = select(receipts).where(
        receipts.c.kind == "photo.attach",
        receipts.c.side_device.is_(None),
        receipts.c.received_at > made_at - PHOTO_PATIENCE,
    )
    for receipt in copy.execute(recent.execution_options(yield_per=500)):
        mark = marks.get(receipt.device, 0)
        if receipt.seq > mark or "bytes" not in receipt.outcome:
            continue
        sha256 = json.loads(receipt.payload)["photo"]["sha256"]
        removed = select(entities.c.is_gone).where(
            entities.c.space == receipt.space, entities.c.id == f"photo:{sha256}"
        )
        if sha256 not in photos and not copy.scalar(removed):
            marks[receipt.device] = receipt.seq - 1
    for device, seq in copy.execute(_first_undecided(receipts)):
        marks[device] = min(marks.get(device, 0), seq - 1)
    return marks


def _first_undecided(receipts: Table) -> Select[str, int]:
    """(device, number) of each phone's first operation without a verdict."""
    held = (receipts.c.status == "held") & receipts.c.side_device.is_(None)
    first = select(receipts.c.device, func.min(receipts.c.seq)).where(held)
    return first.group_by(receipts.c.device)
