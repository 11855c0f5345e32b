"""What did not leave, and trying again what certainly nobody has got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select

from domain.access import Action, Actor, Target
from domain.errors import fault
from server.accounts.directory import list_person_names
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.fieldsync.epochs import current_epoch
from server.guard import require
from server.notifications.reminder_models import ReminderMessage
from server.runtime import SITE_ZONE, now

FAILURES_SHOWN_DAYS = 7
MOST = 100
ENDED_BADLY = ("failed", "gone", "unknown")
EVENT = "reminder.tried_again"


@dataclass(frozen=True, slots=True)
class Failure:
    """``can_retry``: it was certainly not taken, and its numbers are of today."""

    row: ReminderMessage
    person: str
    can_retry: bool

    @property
    def state(self) -> str:
        """``failed``, ``gone``, ``unknown``, or ``waiting`` to be tried again."""
        return self.row.outcome or "waiting"


def list_failures(jurisdiction_id: int) -> list[Failure]:
    """Of the last week, the newest first; what is tried again is among them."""
    message = ReminderMessage
    is_waiting = message.outcome.is_(None) & (message.note != "")
    query = select(message).where(
        message.jurisdiction_id == jurisdiction_id,
        message.made_at >= now() - timedelta(days=FAILURES_SHOWN_DAYS),
        or_(message.outcome.in_(ENDED_BADLY), is_waiting),
    )
    rows = list(db.session.scalars(query.order_by(message.id.desc()).limit(MOST)))
    names = list_person_names({one.person_id for one in rows})
    return [Failure(one, names.get(one.person_id, ""), can_retry(one)) for one in rows]


def can_retry(row: ReminderMessage) -> bool:
    """Not what may have arrived, nor what says numbers of another day; where a browser is gone
    there is nowhere to send it."""
    day = now().astimezone(SITE_ZONE).date().isoformat()
    is_not_taken = row.taken_at is None if row.outcome is None else row.outcome == "failed"
    return is_not_taken and row.slot.startswith(day) and row.epoch == current_epoch()


def retry(actor: Actor, message_id: int) -> None:
    """The next run of the job sends it, from its first try on. Raises ``request.not_found`` and
    ``reminder.not_safe``."""
    require(actor, Action.JOB_RETRY, Target(actor.jurisdiction_id))
    with unit_of_work() as work:
        row = work.get(ReminderMessage, message_id, with_for_update=True)
        if row is None or row.jurisdiction_id != actor.jurisdiction_id:
            raise fault("request.not_found")
        if not can_retry(row):
            raise fault("reminder.not_safe")
        row.outcome = row.taken_at = row.done_at = None
        row.tries, row.next_at = 0, now()
        write_event(
            actor.jurisdiction_id, actor.person_id, EVENT, f"person:{row.person_id}",
            channel=row.channel, note=row.note,
        )  # fmt: skip
