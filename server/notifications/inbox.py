"""The inbox: everything a person was told, whatever became of messages: reminders and notices.

It is read from what was written in the commit of the deed, never from what was sent, so nothing is
missing where a channel failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, not_, select

from domain.access import Actor
from domain.reminders import Step
from server.accounts.directory import list_person_names
from server.db import add_unless_there, db, unit_of_work
from server.i18n import format_day
from server.i18n import translate as _
from server.notifications.digests import count_digests, is_of_digest, list_digests, list_of_day
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
class InboxPage:
    """``number`` from 1; ``until`` is what reading this page covers."""

    items: list[Item]
    number: int
    count: int
    total: int
    unread: int
    until: datetime


def list_inbox(actor: Actor, number: int = 1) -> InboxPage:
    """The newest first, both kinds together."""
    read_until, at = _read_until(actor.person_id), now()
    total = _count(actor.person_id, None)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), pages)
    most = number * PAGE_SIZE
    items = _all(actor, most, read_until)
    items.sort(key=lambda one: one.at, reverse=True)
    return InboxPage(
        items=items[most - PAGE_SIZE : most],
        number=number,
        count=pages,
        total=total,
        unread=_count(actor.person_id, read_until),
        until=at,
    )


def list_recent(actor: Actor) -> list[Item]:
    """The newest few, for the start page."""
    read_until = _read_until(actor.person_id)
    items = _all(actor, RECENT, read_until)
    return sorted(items, key=lambda one: one.at, reverse=True)[:RECENT]


def count_unread(person_id: int) -> int:
    """For the start page and the phone."""
    return _count(person_id, _read_until(person_id))


def mark_read(actor: Actor, until: datetime) -> None:
    """Everything up to then; what came while the page was read stays unread. Never backwards."""
    until = min(until, now())
    with unit_of_work() as work:
        county, person = actor.jurisdiction_id, actor.person_id
        add_unless_there(InboxMark, person_id=person, jurisdiction_id=county, read_until=until)
        mark = work.get_one(InboxMark, person, with_for_update=True)
        if mark.read_until < until:
            mark.read_until = until


def _read_until(person_id: int) -> datetime | None:
    query = select(InboxMark.read_until).where(InboxMark.person_id == person_id)
    return db.session.scalar(query)


def _count(person_id: int, after: datetime | None) -> int:
    found = count_digests(person_id, after)
    for table in (Reminder, SideEffect):
        query = select(func.count()).select_from(table).where(table.person_id == person_id)
        if table is Reminder:
            query = query.where(not_(is_of_digest()))
        if after is not None:
            query = query.where(table.made_at > after)
        found += db.session.scalar(query) or 0
    return found


def _all(actor: Actor, most: int, read_until: datetime | None) -> list[Item]:
    return [
        *_reminders(actor, most, read_until),
        *_digests(actor, most, read_until),
        *_notices(actor, most, read_until),
    ]


def _digests(actor: Actor, most: int, read_until: datetime | None) -> list[Item]:
    """A day with one alone needs no list."""
    return [
        _item(list_of_day(actor, one.day)[0], "", read_until)
        if one.total == 1
        else Item(
            text=say_digest(one),
            about=_("查看 {day} 的名单", day=format_day(one.day)),
            why=why_digest(one),
            href=f"/inbox/overdue/{one.day.isoformat()}",
            at=one.at,
            tone=TONES[Step.OVERDUE],
            is_unread=read_until is None or one.at > read_until,
        )
        for one in list_digests(actor, most)
    ]


def _item(one: Reminder, by: str, read_until: datetime | None) -> Item:
    return Item(
        text=say(one),
        about=about(one),
        why=why(one, by),
        href=one.href,
        at=one.made_at,
        tone=TONES[Step(one.kind)],
        is_unread=read_until is None or one.made_at > read_until,
    )


def _reminders(actor: Actor, most: int, read_until: datetime | None) -> list[Item]:
    query = select(Reminder).where(Reminder.person_id == actor.person_id, not_(is_of_digest()))
    query = query.order_by(Reminder.made_at.desc(), Reminder.id.desc()).limit(most)
    rows = list(db.session.scalars(query))
    names = list_person_names({one.by_id for one in rows if one.by_id})
    return [_item(one, names.get(one.by_id or 0, ""), read_until) for one in rows]


def _notices(actor: Actor, most: int, read_until: datetime | None) -> list[Item]:
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
                is_unread=read_until is None or row.made_at > read_until,
            )
        )
    return items
