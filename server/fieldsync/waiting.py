"""What of one phone waits, and where its numbers were used twice: for the page about the phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.db import db
from server.fieldsync.models import Receipt
from server.fieldsync.receipts import FORK
from server.fieldsync.receiving.held import is_early


@dataclass(frozen=True, slots=True)
class WaitingOp:
    """A stored, undecided operation. ``expect``: the number that has to come first."""

    op: str
    seq: int
    kind: str
    space: str
    at: datetime
    expect: int


@dataclass(frozen=True, slots=True)
class Fork:
    """A number of the phone that named a second operation (docs/protocol part 2, 3)."""

    seq: int
    at: datetime


def list_forks(device: str) -> list[Fork]:
    """By arrival."""
    query = select(Receipt.seq, Receipt.received_at).where(
        Receipt.device == device, Receipt.side_device.contains(FORK, autoescape=True)
    )
    found = db.session.execute(query.order_by(Receipt.received_at, Receipt.seq))
    return [Fork(seq, at) for seq, at in found]


def list_server_held(device: str) -> Iterable[WaitingOp]:
    """Held under an incident of the server's, until it is offered again after the repair."""
    query = select(Receipt).where(Receipt.device == device, Receipt.status == "held")
    for receipt in db.session.scalars(query.order_by(Receipt.seq)):
        if not is_early(receipt.outcome):
            yield WaitingOp(
                receipt.op, receipt.seq, receipt.kind, receipt.space, receipt.received_at, 0
            )
