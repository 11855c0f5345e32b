"""Operations that came too early wait here; when the gap closes they are judged in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from server.db import db
from server.fieldsync.models import Receipt
from sync.messages.push_request import Offer, build_offer

GAP = "sync.sequence_gap"


def is_early(outcome: Mapping[str, Any]) -> bool:
    """Whether this verdict only says that earlier operations are missing."""
    return bool(outcome.get("error", {}).get("code") == GAP)


def find_next_held(device: str, last_seq: int) -> Receipt | None:
    """The receipt waiting for exactly the next number of this phone."""
    query = select(Receipt).where(
        Receipt.device == device,
        Receipt.seq == last_seq + 1,
        Receipt.status == "held",
        Receipt.side_device.is_(None),
    )
    return db.session.scalar(query.order_by(Receipt.received_at).limit(1))


def offer_again(receipt: Receipt) -> Offer:
    """The operation as it was offered, from its receipt."""
    sent = {**json.loads(receipt.payload), "seq": receipt.seq}
    return build_offer(sent, f"receipt {receipt.op}")


def list_early(device: str | None = None) -> list[Receipt]:
    """What waits for earlier operations, of one phone or of all, in order."""
    query = select(Receipt).where(Receipt.status == "held", Receipt.side_device.is_(None))
    if device is not None:
        query = query.where(Receipt.device == device)
    found = db.session.scalars(query.order_by(Receipt.device, Receipt.seq))
    return [receipt for receipt in found if is_early(receipt.outcome)]
