"""Sends what was noted, each at most once per operation and epoch (I28).

A row is taken in a commit of its own BEFORE it is sent: whoever dies in between has perhaps not
sent it, and nobody sends it a second time. A restored database may hold rows as waiting that had
left after the backup was made: rows of an earlier epoch are therefore closed as ``unknown``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import select, update

from server.db import unit_of_work
from server.fieldsync.epochs import current_epoch
from server.notifications.models import SideEffect
from server.runtime import now

log = logging.getLogger("suicha.notifications")

BATCH: Final = 50
LOST_AFTER_MINUTES: Final = 10


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to tell one person."""

    id: int
    jurisdiction_id: int
    person_id: int
    op: str
    kind: str
    payload: Mapping[str, Any]
    made_at: datetime


class Sender(Protocol):
    """How it reaches the person. Called once per row, never inside a transaction; what it raises
    is recorded as ``failed`` and not tried again."""

    def send(self, due: Due) -> None: ...


def deliver_due(sender: Sender) -> int:
    """Sends everything that waits in the county in sight; answers how many were sent."""
    _close_lost()
    sent = 0
    while batch := _take():
        outcomes = {due.id: _send(sender, due) for due in batch}
        _finish(outcomes)
        sent += sum(outcome == "sent" for outcome in outcomes.values())
    return sent


def _close_lost() -> None:
    """What waits from before a restore, and what was taken by a process that never came back."""
    epoch, at = current_epoch(), now()
    is_open = SideEffect.outcome.is_(None)
    older = SideEffect.epoch != epoch
    lost = SideEffect.taken_at < at - timedelta(minutes=LOST_AFTER_MINUTES)
    with unit_of_work() as work:
        close = update(SideEffect).where(is_open, older | lost)
        work.execute(close.values(outcome="unknown", done_at=at))


def _take() -> list[Due]:
    with unit_of_work() as work:
        waiting = select(SideEffect).where(
            SideEffect.taken_at.is_(None), SideEffect.outcome.is_(None)
        )
        query = waiting.order_by(SideEffect.id).limit(BATCH).with_for_update(skip_locked=True)
        rows = work.scalars(query).all()
        for row in rows:
            row.taken_at = now()
        return [
            Due(
                row.id,
                row.jurisdiction_id,
                row.person_id,
                row.op,
                row.kind,
                row.payload,
                row.made_at,
            )
            for row in rows
        ]


def _send(sender: Sender, due: Due) -> str:
    try:
        sender.send(due)
    except Exception:
        log.exception("side effect %s (%s) was not sent", due.id, due.kind)
        return "failed"
    return "sent"


def _finish(outcomes: Mapping[int, str]) -> None:
    with unit_of_work() as work:
        for row in work.scalars(select(SideEffect).where(SideEffect.id.in_(outcomes))):
            row.outcome, row.done_at = outcomes[row.id], now()
