"""Operations that came too early wait here; when the gap closes they are judged in order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from server.db import Columns, db
from server.fieldsync.models import Receipt
from sync.messages.push_request import Offer, build_offer
from sync.operation import Operation

GAP = "sync.sequence_gap"
_TABLE = Receipt.__table__.c
_WAITING = (
    _TABLE.device == bindparam("device"),
    _TABLE.status == "held",
    _TABLE.side_device.is_(None),
)
_TAKEN = select(_TABLE.seq).where(*_WAITING, _TABLE.seq.in_(bindparam("seqs", expanding=True)))
_NEXT = Columns(select(_TABLE.op).where(*_WAITING, _TABLE.seq == bindparam("seq")), Receipt)


def is_early(outcome: Mapping[str, Any]) -> bool:
    """Whether this verdict only says that earlier operations are missing."""
    return bool(outcome.get("error", {}).get("code") == GAP)


def list_taken_numbers(device: str, seqs: Iterable[int]) -> set[int]:
    """Which of these numbers belong to operations of this phone that wait for earlier ones."""
    named = {"device": device, "seqs": list(seqs)}
    return set(db.session.connection().execute(_TAKEN, named).scalars())


def find_next_held(device: str, last_seq: int) -> Receipt | None:
    """The receipt waiting for exactly the next number of this phone."""
    query = select(Receipt).where(
        Receipt.device == device,
        Receipt.seq == last_seq + 1,
        Receipt.status == "held",
        Receipt.side_device.is_(None),
    )
    return db.session.scalar(query.order_by(Receipt.received_at).limit(1))


def is_next_held(device: str, last_seq: int) -> bool:
    """Whether something waits for exactly the next number of this phone."""
    return bool(_NEXT.read(device=device, seq=last_seq + 1))


def list_next_held(device: str, last_seq: int) -> list[Receipt]:
    """What waits for the phone's next number, with the neighbours of its group: those that follow
    it without a gap in the same space."""
    first = find_next_held(device, last_seq)
    if first is None:
        return []
    found, group = [first], _group_in(first)
    while group is not None:
        following = find_next_held(device, found[-1].seq)
        if following is None or following.space != first.space or _group_in(following) != group:
            break
        found.append(following)
    return found


def _group_in(receipt: Receipt) -> str | None:
    read = offer_again(receipt).read
    return read.group if isinstance(read, Operation) else None


def offer_again(receipt: Receipt) -> Offer:
    """The operation as it was offered, from its receipt."""
    sent = {**json.loads(receipt.payload), "seq": receipt.seq}
    beside = {"prev": receipt.prev, "mono_ms": receipt.mono_ms}
    sent |= {name: value for name, value in beside.items() if value is not None}
    return build_offer(sent, f"receipt {receipt.op}")


def list_early(device: str | None = None) -> list[Receipt]:
    """What waits for earlier operations, of one phone or of all, in order."""
    query = select(Receipt).where(Receipt.status == "held", Receipt.side_device.is_(None))
    if device is not None:
        query = query.where(Receipt.device == device)
    found = db.session.scalars(query.order_by(Receipt.device, Receipt.seq))
    return [receipt for receipt in found if is_early(receipt.outcome)]
