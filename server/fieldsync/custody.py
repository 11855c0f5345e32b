"""What of one person's work in one inspection is here, read at one moment (docs/protocol 13.9)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from domain.access import Actor
from server.db import db
from server.fieldsync.epochs import current_epoch
from server.fieldsync.files.uploads import folder
from server.fieldsync.models import Blob, Receipt, Space
from server.fieldsync.pull import begin_snapshot
from server.fieldsync.receipts import ASIDE

UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Custody:
    """``ops`` in order of arrival; ``photos`` in the order they were first declared."""

    epoch: str
    space_seq: int
    ops: list[dict[str, Any]]
    photos: list[dict[str, Any]]


def read_custody(actor: Actor, space: str) -> Custody:
    """Receipts, counter and bytes of one snapshot: what a number says and what is listed agree.
    Operations a person made on a page are no phone's and are left out, and so is what came in a
    file that nobody sealed."""
    epoch = current_epoch()
    begin_snapshot()
    counter = db.session.scalar(select(Space.counter).where(Space.name == space)) or 0
    receipts = _list_receipts(actor, space)
    ops = [{"op": one.op, "sha256": one.payload_sha256, "status": one.status} for one in receipts]
    return Custody(epoch, counter, ops, _list_photos(receipts))


def _list_receipts(actor: Actor, space: str) -> list[Receipt]:
    """Of phones alone. What could not be read is filed under no space; its own word counts."""
    query = select(Receipt).where(
        Receipt.person_id == actor.person_id,
        Receipt.device.startswith("dev_", autoescape=True),
        or_(
            Receipt.side_device.is_(None),
            ~Receipt.side_device.contains(ASIDE, autoescape=True),
        ),
        or_(
            Receipt.space == space,
            and_(Receipt.space == "", Receipt.kind == UNREADABLE),
        ),
    )
    return sorted(
        (
            receipt
            for receipt in db.session.scalars(query)
            if receipt.space == space or json.loads(receipt.payload).get("space") == space
        ),
        key=lambda receipt: (receipt.received_at, receipt.device, receipt.seq, receipt.op),
    )


def _list_photos(receipts: Iterable[Receipt]) -> list[dict[str, Any]]:
    """What the operations promised, except those that cannot become anything (``invalid``):
    nobody waits for their bytes."""
    declared: dict[str, int] = {}
    for receipt in receipts:
        if receipt.kind == "photo.attach" and receipt.status != "invalid":
            photo = json.loads(receipt.payload)["photo"]
            declared.setdefault(photo["sha256"], photo["bytes"])
    query = select(Blob.sha256, Blob.bytes).where(Blob.sha256.in_(declared))
    known = {
        sha256: size for sha256, size in db.session.execute(query) if _is_on_disk(sha256, size)
    }
    return [
        {"sha256": sha256, "bytes": known.get(sha256, size), "stored": sha256 in known}
        for sha256, size in declared.items()
    ]


def _is_on_disk(sha256: str, size: int) -> bool:
    """The phone may let go of its own copy on this word: the row alone is not enough."""
    return folder().measure(folder().blob_path(sha256)) == size
