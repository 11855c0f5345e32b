"""A run judged and written ahead of the locks: it is judged on what stands at its arrival, written
as if nobody else wrote, and only then compared under the locks (docs/decisions/0008, 0009). So a
phone's and a space's row are held for two short statements and the commit, not for what we take to
think and the database to write.

What was judged holds only if nothing moved meanwhile: the phone's number and link, the space's
counter and digest. Every effect moves the counter (I13) and every operation of the phone its
number, so equal means untouched. If anything did move, nothing is kept of what was written and the
run is taken under the locks as it would have been without us (``run``).

Nobody waits in a circle: everybody who writes into a space takes a number of its ledger before any
row of it, and who has written ahead waits for no lock, because its holder may be waiting for our
number. A row that another holds therefore counts as moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from server.accounts.log_end import LogEnd, find_log_end, move_log_end
from server.accounts.service import get_device
from server.db import db, unit_of_work
from server.fieldsync.devices import contact_values, dump_marks
from server.fieldsync.models import Receipt, Space
from server.fieldsync.receiving.groups import list_parts
from server.fieldsync.receiving.loading import find_open_space
from server.fieldsync.receiving.overlay import NeedsCare
from server.fieldsync.receiving.run import SWIFT, Run
from server.fieldsync.receiving.taking import Batch
from server.runtime import now
from server.timing import timed
from sync.messages.push_request import Offer, PushRequest
from sync.operation import Operation

_SPACE, _RECEIPT = Space.__table__.c, Receipt.__table__.c
_UNMOVED = (
    select(_SPACE.name)
    .where(
        _SPACE.name == bindparam("space"),
        _SPACE.counter == bindparam("seen_counter"),
        _SPACE.digest == bindparam("seen_digest"),
    )
    .with_for_update(key_share=True, skip_locked=True)
)
_MOVE_SPACE = (
    update(Space.__table__)
    .where(_SPACE.name == _UNMOVED.scalar_subquery())
    .values(counter=bindparam("new_counter"), digest=bindparam("new_digest"))
)
_FIND_WAITING = (
    select(_RECEIPT.op)
    .where(
        _RECEIPT.device == bindparam("phone"),
        _RECEIPT.seq > bindparam("seen_seq"),
        _RECEIPT.status == "held",
        _RECEIPT.side_device.is_(None),
    )
    .limit(1)
)


class Moved(Exception):
    """Something is no longer as it was when the run was judged, or is being moved. Nothing is to be
    kept of what was written."""


@dataclass(slots=True)
class Ahead:
    """A run judged on what was seen, not yet written."""

    run: Run
    request: PushRequest
    at: datetime
    seen_phone: LogEnd
    seen_counter: int
    seen_digest: str


def take_ahead(batch: Batch, request: PushRequest, offers: Sequence[Offer]) -> dict[str, Any]:
    """Takes a run in one transaction of its own; the answers are in ``batch.told``. Answers how the
    phone stands. Raises ``Moved`` and ``bulk.BulkRefused``: taken under the locks then."""
    ahead = _judge(batch, request, offers)
    with ExitStack() as stack:
        stack.enter_context(unit_of_work())
        is_held = db.engine.dialect.name == "sqlite"  # one writes at a time, from its beginning
        with timed("held" if is_held else "written"):
            ahead.run.write()
        with timed("held"):
            told = _compare_and_move(ahead)
        with timed("commit"):
            stack.close()
        return told


def _judge(batch: Batch, request: PushRequest, offers: Sequence[Offer]) -> Ahead:
    is_contact = request.sent_at is not None  # a file is none
    if batch.is_aside or not is_contact or not offers or not all(map(_is_swift, offers)):
        raise Moved
    phone = find_log_end(request.device, batch.actor.jurisdiction_id)
    if phone is None or not _is_next(batch, phone, offers):
        raise Moved
    space = find_open_space(batch.actor, offers, is_locked=False)
    if space is None:
        raise Moved
    batch.begin([])  # each is its phone's next: nothing known about them, or the key refuses them
    at = now()  # after what was looked at: no effect is dated before one it builds on
    seen_counter, seen_digest = space.counter, space.digest
    run = Run(batch, phone, space, at)
    try:
        for part in list_parts(offers):
            run.take(part)
    except NeedsCare as error:
        raise Moved from error
    return Ahead(run, request, at, phone, seen_counter, seen_digest)


def _is_swift(offer: Offer) -> bool:
    return not isinstance(offer.read, Operation) or offer.read.kind in SWIFT


def _is_next(batch: Batch, phone: LogEnd, offers: Sequence[Offer]) -> bool:
    """Whether a living phone of this person offers just what follows."""
    if phone.person_id != batch.actor.person_id or phone.is_revoked:
        return False
    return all(offer.seq == phone.last_seq + nth for nth, offer in enumerate(offers, 1))


def _compare_and_move(ahead: Ahead) -> dict[str, Any]:
    """The phone as it stands afterwards."""
    connection, state, phone = db.session.connection(), ahead.run.state, ahead.seen_phone
    request = ahead.request
    assert request.sent_at is not None
    told = contact_values(request.sent_at, request.mono_ms, ahead.at, request.heartbeat)
    marks = move_log_end(phone, state.last_seq, state.link, told)
    if marks is None:
        raise Moved
    seen = {"phone": phone.id, "seen_seq": phone.last_seq}
    if connection.execute(_FIND_WAITING, seen).first() is not None:
        raise Moved  # one that came too early has its turn now, or its number; or one of our own
    with timed("queue"):
        moved = connection.execute(
            _MOVE_SPACE,
            {
                "space": ahead.run.space_name,
                "seen_counter": ahead.seen_counter,
                "seen_digest": ahead.seen_digest,
                "new_counter": state.counter,
                "new_digest": state.digest,
            },
        )
    if moved.rowcount != 1:
        raise Moved
    ahead.run.hand_over()
    if state.broken:
        ahead.run.tell_broken(get_device(phone.id))
    return dump_marks(state.last_seq, marks)
