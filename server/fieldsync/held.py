"""Operations that came too early wait here; when the gap closes they are judged in order."""

from __future__ import annotations

import json

from sqlalchemy import select

from server.db import db
from server.fieldsync.models import Receipt
from sync.messages.push_request import Offer, build_offer


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
