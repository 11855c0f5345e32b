"""Writes reminders: each once for its term, rung and person, whoever looks and how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from domain.access import Actor
from domain.reminders import Channel, Matter, Step, Whom
from server.accounts.directory import lock_jurisdiction
from server.db import unit_of_work
from server.fieldsync.epochs import current_epoch
from server.notifications.preferences import list_channels
from server.notifications.reminder_models import Reminder, ReminderPost
from server.runtime import now, today

MAX_SUBJECT_CHARACTERS = 200
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Told:
    """One reminder for one person. ``source`` names the term, ``step`` its rung; ``basis`` how its
    day was counted, where that is counted (``counting.dump_basis``)."""

    source: str
    step: str
    kind: Step
    why: Whom
    person_id: int
    subject: str
    href: str
    due_on: date | None = None
    days_left: int | None = None
    by_id: int | None = None
    basis: Mapping[str, Any] | None = None


def write_in_inbox(jurisdiction_id: int, wanted: Iterable[Told]) -> int:
    """The same without a message: it stands in the inbox and disturbs nobody."""
    return write_reminders(jurisdiction_id, wanted, leaves=False)


def write_reminders(jurisdiction_id: int, wanted: Iterable[Told], *, leaves: bool = True) -> int:
    """Those that were not written before, each with what is to leave by the person's channels, in
    one commit; answers how many. Two who write at once do so one after the other."""
    rows = {(one.source, one.step, one.person_id): one for one in wanted}
    if not rows:
        return 0
    with unit_of_work() as work:
        lock_jurisdiction(jurisdiction_id)
        sources = sorted({one.source for one in rows.values()})
        known = select(Reminder.source, Reminder.step, Reminder.person_id)
        for start in range(0, len(sources), 500):
            part = sources[start : start + 500]
            for row in work.execute(known.where(Reminder.source.in_(part))):
                rows.pop((row.source, row.step, row.person_id), None)
        channels = list_channels({one.person_id for one in rows.values()})
        epoch = current_epoch()
        for told in rows.values():
            reminder = _row(jurisdiction_id, told)
            work.add(reminder)
            work.flush()
            ways = channels[told.person_id] if leaves else ()
            work.add_all(_post(reminder, channel, epoch) for channel in ways)
    return len(rows)


def remind(person_ids: Iterable[int], subject: str, target: str, by: Actor) -> int:
    """Asks people to see to something: once a day each for one ``target``, the path of the page it
    is about. ``subject`` is shown to them alone, never sent. Answers how many were written now."""
    day = today()
    return write_reminders(
        by.jurisdiction_id,
        [
            Told(
                source=f"{Matter.ASKED}:{target}"[:120],
                step=f"{Step.ASKED}.{day.isoformat()}",
                kind=Step.ASKED,
                why=Whom.ASKED,
                person_id=person_id,
                subject=subject,
                href=target if target.startswith("/") else "/board",
                by_id=by.person_id or None,
            )
            for person_id in person_ids
        ],
    )


def _row(jurisdiction_id: int, told: Told) -> Reminder:
    return Reminder(
        jurisdiction_id=jurisdiction_id,
        source=told.source,
        step=told.step,
        kind=told.kind.value,
        why=told.why.value,
        person_id=told.person_id,
        subject=told.subject[:MAX_SUBJECT_CHARACTERS],
        href=told.href,
        due_on=told.due_on,
        days_left=told.days_left,
        by_id=told.by_id,
        basis=dict(told.basis) if told.basis else None,
        made_at=now(),
    )


def _post(reminder: Reminder, channel: Channel, epoch: str) -> ReminderPost:
    return ReminderPost(
        jurisdiction_id=reminder.jurisdiction_id,
        reminder_id=reminder.id,
        person_id=reminder.person_id,
        channel=channel.value,
        epoch=epoch,
        state=WAITING,
    )
