"""What was overdue on a day and told a lead or deputy: one line of the inbox a day, with a list
behind it that holds every term. Each stays a reminder of its own, written and sent once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select

from domain.access import Actor
from domain.reminders import Matter, Step, Whom
from server.db import db
from server.notifications.reminder_models import Reminder


@dataclass(frozen=True, slots=True)
class Digest:
    """``counts``: how many of which matter; ``at``: when the last of them was written, ``newest``:
    its id; ``whom``: why this person, as a lead where they are both."""

    day: date
    at: datetime
    newest: int
    whom: Whom
    counts: dict[Matter, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def is_of_digest() -> ColumnElement[bool]:
    """Of a reminder."""
    return and_(
        Reminder.kind == Step.OVERDUE.value,
        Reminder.why.in_((Whom.LEAD.value, Whom.DEPUTY.value)),
    )


def list_digests(actor: Actor, most: int) -> list[Digest]:
    """The newest first."""
    at = func.max(Reminder.made_at)
    query = (
        select(
            Reminder.step,
            at.label("at"),
            func.max(Reminder.id).label("newest"),
            func.max(Reminder.why).label("why"),
        )
        .where(Reminder.person_id == actor.person_id, is_of_digest())
        .group_by(Reminder.step)
        .order_by(at.desc())
        .limit(most)
    )
    rows = db.session.execute(query).all()
    counts = _count({one.step for one in rows}, actor.person_id)
    return [
        Digest(_day(one.step), one.at, one.newest, Whom(one.why), dict(counts[one.step]))
        for one in rows
    ]


def count_digests(person_id: int, after: int) -> int:
    """How many lines they are; of those to which something came after this reminder."""
    query = select(func.count(Reminder.step.distinct())).where(
        Reminder.person_id == person_id, is_of_digest(), Reminder.id > after
    )
    return db.session.scalar(query) or 0


def list_of_day(actor: Actor, day: date) -> list[Reminder]:
    """Every term that was told this person on that day, what is late longest first."""
    query = select(Reminder).where(
        Reminder.person_id == actor.person_id, Reminder.step == _step(day), is_of_digest()
    )
    return list(db.session.scalars(query.order_by(Reminder.due_on, Reminder.source)))


def _count(steps: Collection[str], person_id: int) -> dict[str, Counter[Matter]]:
    query = select(Reminder.step, Reminder.source).where(
        Reminder.person_id == person_id, Reminder.step.in_(steps), is_of_digest()
    )
    found: dict[str, Counter[Matter]] = defaultdict(Counter)
    for step, source in db.session.execute(query):
        found[step][Matter(source.partition(":")[0])] += 1
    return found


def _step(day: date) -> str:
    """As ``domain.reminders.find_rung`` names it."""
    return f"{Step.OVERDUE}.{day.isoformat()}"


def _day(step: str) -> date:
    return date.fromisoformat(step.partition(".")[2])
