"""The inbox: everything a person was told, whatever became of messages: reminders and notices.

It is read from what was written in the commit of the deed, never from what was sent, so nothing is
missing where a channel failed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, not_, select

from domain.access import Actor
from domain.reminders import Step
from server.accounts.directory import list_person_names
from server.db import add_unless_there, db, unit_of_work
from server.i18n import format_day
from server.i18n import translate as _
from server.notifications.digests import count_digests, is_of_digest, list_digests
from server.notifications.models import SideEffect
from server.notifications.reading import describe_notice
from server.notifications.reminder_models import InboxMark, Reminder
from server.notifications.reminder_words import about, say, say_digest, why, why_digest
from server.runtime import now

PAGE_SIZE = 50
RECENT = 8
TONES = {
    Step.OVERDUE: "error",
    Step.DUE: "warn",
    Step.BEFORE: "info",
    Step.ASKED: "warn",
    Step.WARNED: "warn",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what, about which visit, why this person was told, where to look. What was overdue
    on a day is one line of a lead's (``digests``)."""

    text: str
    about: str
    why: str
    href: str
    at: datetime
    tone: str
    is_unread: bool


@dataclass(frozen=True, slots=True)
class ReadUpTo:
    """The newest of each kind, by id: reminders of a county are written one after the other, so
    that a later one has a greater id, whatever instant it names."""

    reminder: int = 0
    notice: int = 0

    def __str__(self) -> str:
        return f"{self.reminder}.{self.notice}"


@dataclass(frozen=True, slots=True)
class InboxPage:
    """``number`` from 1; ``shown`` is what reading this page covers, ``until`` its instant."""

    items: list[Item]
    number: int
    count: int
    total: int
    unread: int
    until: datetime
    shown: ReadUpTo


def list_inbox(actor: Actor, number: int = 1) -> InboxPage:
    """The newest first, both kinds together."""
    at, shown = now(), _newest(actor.person_id)  # before the lines: what comes between is unread
    read = _find_mark(actor.person_id)
    total = _count(actor.person_id, ReadUpTo())
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), pages)
    most = number * PAGE_SIZE
    items = _all(actor, most, read)
    items.sort(key=lambda one: one.at, reverse=True)
    return InboxPage(
        items=items[most - PAGE_SIZE : most],
        number=number,
        count=pages,
        total=total,
        unread=_count(actor.person_id, read),
        until=at,
        shown=shown,
    )


def list_recent(actor: Actor) -> list[Item]:
    """The newest few, for the start page."""
    items = _all(actor, RECENT, _find_mark(actor.person_id))
    return sorted(items, key=lambda one: one.at, reverse=True)[:RECENT]


def count_unread(person_id: int) -> int:
    """For the start page and the phone."""
    return _count(person_id, _find_mark(person_id))


def read_shown(text: str) -> ReadUpTo | None:
    """What ``str`` of it wrote; None for anything else."""
    found = re.fullmatch(r"([0-9]{1,10})\.([0-9]{1,10})", text)
    return ReadUpTo(int(found[1]), int(found[2])) if found else None


def mark_read(actor: Actor, until: datetime, shown: ReadUpTo | None = None) -> None:
    """Everything up to ``shown``; what came while the page was read stays unread. Never backwards.
    A page of before names its instant alone: everything that is there and older."""
    until = min(until, now())
    with unit_of_work() as work:
        county, person = actor.jurisdiction_id, actor.person_id
        add_unless_there(InboxMark, person_id=person, jurisdiction_id=county, read_until=until)
        mark = work.get_one(InboxMark, person, with_for_update=True)
        there = _newest(person, None if shown else until)
        read = shown or there
        mark.read_until = max(mark.read_until, until)
        mark.reminder_id = max(mark.reminder_id, min(read.reminder, there.reminder))
        mark.notice_id = max(mark.notice_id, min(read.notice, there.notice))


def _find_mark(person_id: int) -> ReadUpTo:
    query = select(InboxMark.reminder_id, InboxMark.notice_id)
    row = db.session.execute(query.where(InboxMark.person_id == person_id)).first()
    return ReadUpTo(*row) if row else ReadUpTo()


def _newest(person_id: int, until: datetime | None = None) -> ReadUpTo:
    """Of what is there; made by ``until``."""
    found = []
    for table in (Reminder, SideEffect):
        query = select(func.max(table.id)).where(table.person_id == person_id)
        if until is not None:
            query = query.where(table.made_at <= until)
        found.append(db.session.scalar(query) or 0)
    return ReadUpTo(*found)


def _count(person_id: int, after: ReadUpTo) -> int:
    found = count_digests(person_id, after.reminder)
    for table, last in ((Reminder, after.reminder), (SideEffect, after.notice)):
        query = select(func.count()).select_from(table).where(table.person_id == person_id)
        if table is Reminder:
            query = query.where(not_(is_of_digest()))
        found += db.session.scalar(query.where(table.id > last)) or 0
    return found


def _all(actor: Actor, most: int, read: ReadUpTo) -> list[Item]:
    return [
        *_reminders(actor, most, read),
        *_digests(actor, most, read),
        *_notices(actor, most, read),
    ]


def _digests(actor: Actor, most: int, read: ReadUpTo) -> list[Item]:
    """A day with one alone needs no list."""
    found = list_digests(actor, most)
    alone = [one.newest for one in found if one.total == 1]
    rows = db.session.scalars(select(Reminder).where(Reminder.id.in_(alone))) if alone else ()
    singles = {one.id: one for one in rows}
    return [
        _item(singles[one.newest], "", read)
        if one.newest in singles
        else Item(
            text=say_digest(one),
            about=_("查看 {day} 的名单", day=format_day(one.day)),
            why=why_digest(one),
            href=f"/inbox/overdue/{one.day.isoformat()}",
            at=one.at,
            tone=TONES[Step.OVERDUE],
            is_unread=one.newest > read.reminder,
        )
        for one in found
    ]


def _item(one: Reminder, by: str, read: ReadUpTo) -> Item:
    return Item(
        text=say(one),
        about=about(one),
        why=why(one, by),
        href=one.href,
        at=one.made_at,
        tone=TONES[Step(one.kind)],
        is_unread=one.id > read.reminder,
    )


def _reminders(actor: Actor, most: int, read: ReadUpTo) -> list[Item]:
    query = select(Reminder).where(Reminder.person_id == actor.person_id, not_(is_of_digest()))
    query = query.order_by(Reminder.made_at.desc(), Reminder.id.desc()).limit(most)
    rows = list(db.session.scalars(query))
    names = list_person_names({one.by_id for one in rows if one.by_id})
    return [_item(one, names.get(one.by_id or 0, ""), read) for one in rows]


def _notices(actor: Actor, most: int, read: ReadUpTo) -> list[Item]:
    query = select(SideEffect).where(SideEffect.person_id == actor.person_id)
    query = query.order_by(SideEffect.made_at.desc(), SideEffect.id.desc()).limit(most)
    items = []
    for row in db.session.scalars(query):
        told = describe_notice(
            row.kind, str(row.payload.get("space", "")), row.payload["details"], row.made_at
        )
        reason = (
            _("{name}办理了与您有关的事项", name=told.who)
            if told.who
            else _("与您参加或负责的检查有关")
        )
        items.append(
            Item(
                text=_("{what}：{reason}", what=told.text, reason=told.reason)
                if told.reason
                else told.text,
                about=told.about,
                why=reason,
                href=told.href,
                at=row.made_at,
                tone="info",
                is_unread=row.id > read.notice,
            )
        )
    return items
