"""Carries reminders out of the house: one message per person, channel and part of the day.

A message is written in the commit that takes what it counts, and taken in a commit of its own
BEFORE it is sent: whoever dies in between has perhaps not sent it, and nobody sends it again
(I28). Only what the other side certainly did not take is tried again, later each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from domain.reminders import Step, is_sending_time, read_hours, slot_of, tally
from server.accounts.directory import get_jurisdiction, get_person, lock_jurisdiction
from server.db import db, unit_of_work
from server.deadlines.calendar import load_calendar
from server.fieldsync.epochs import current_epoch
from server.notifications.channels import Gone, Later, Letter, Outcome, Refused, Sent, Unknown, Way
from server.notifications.preferences import list_channels
from server.notifications.reminder_models import (
    Reminder,
    ReminderMessage,
    ReminderPost,
)
from server.notifications.sending import send_at_once
from server.notifications.subscriptions import find_subscription
from server.notifications.writing import WAITING
from server.runtime import SITE_ZONE, now

BATCH = 20  # with 15 s each it is done before it counts as lost
PEOPLE_AT_ONCE = 50
LOST_AFTER_MINUTES = 10
FIRST_WAIT_SECONDS = 300
LONGEST_WAIT_SECONDS = 6 * 3600
MAX_TRIES = 6
MAX_NOTE_CHARACTERS = 200
NAMES = {Sent: "sent", Gone: "gone", Refused: "failed", Unknown: "unknown"}
StillOpen = Callable[[], Collection[str]]


@dataclass(slots=True)
class Carried:
    """How many messages ended how."""

    sent: int = 0
    waiting: int = 0
    ended: int = 0


def carry(jurisdiction_id: int, ways: Sequence[Way], still_open: StillOpen) -> Carried:
    """Sends what waits, if messages may leave now. ``still_open`` answers the sources that still
    need to be reminded of: what was done meanwhile is not counted any more."""
    _close_lost(jurisdiction_id)
    local = now().astimezone(SITE_ZONE)
    hours = read_hours(get_jurisdiction(jurisdiction_id).settings)
    carried = Carried()
    if not is_sending_time(local, hours, load_calendar()):
        return carried
    _gather(jurisdiction_id, ways, slot_of(local), still_open)
    by_channel = {way.channel.value: way for way in ways}
    while batch := _take(jurisdiction_id, list(by_channel)):
        for way, wave in _waves(batch, by_channel):
            outcomes = send_at_once(way, [letter for letter, _id in wave])
            with unit_of_work():
                for (_letter, message_id), outcome in zip(wave, outcomes, strict=True):
                    _finish(message_id, outcome, carried)
    return carried


def _waves(
    batch: Sequence[tuple[str, Letter, int]], by_channel: Mapping[str, Way]
) -> Iterator[tuple[Way, list[tuple[Letter, int]]]]:
    """Of each channel as many as its way sends at once."""
    for channel, way in by_channel.items():
        rows = [(letter, id_) for found, letter, id_ in batch if found == channel]
        for first in range(0, len(rows), way.at_once):
            yield way, rows[first : first + way.at_once]


def _close_lost(jurisdiction_id: int) -> None:
    """What waits from before a restore may have left; so may what somebody took and never ended."""
    epoch, at = current_epoch(), now()
    message, post = ReminderMessage, ReminderPost
    own = message.jurisdiction_id == jurisdiction_id, message.outcome.is_(None)
    lost = message.taken_at < at - timedelta(minutes=LOST_AFTER_MINUTES)
    older = post.jurisdiction_id == jurisdiction_id, post.state == WAITING, post.epoch != epoch
    with unit_of_work() as work:
        close = update(message).where(*own, lost | (message.epoch != epoch))
        work.execute(close.values(outcome="unknown", done_at=at))
        work.execute(update(post).where(*older).values(state="dropped"))


def _gather(jurisdiction_id: int, ways: Sequence[Way], slot: str, still_open: StillOpen) -> None:
    """Makes a message of all that waits for a person and channel, unless this part of the day had
    one; then it waits for the next."""
    query = select(ReminderPost.person_id).where(
        ReminderPost.jurisdiction_id == jurisdiction_id, ReminderPost.state == WAITING
    )
    people = sorted(set(db.session.scalars(query)))
    if not people:
        return
    open_now = frozenset(still_open())
    for first in range(0, len(people), PEOPLE_AT_ONCE):
        with unit_of_work():
            lock_jurisdiction(jurisdiction_id)
            for person_id in people[first : first + PEOPLE_AT_ONCE]:
                _gather_for(jurisdiction_id, person_id, ways, slot, open_now)


def _gather_for(
    jurisdiction_id: int, person_id: int, ways: Sequence[Way], slot: str, open_now: Collection[str]
) -> None:
    query = (
        select(ReminderPost, Reminder)
        .join(Reminder, Reminder.id == ReminderPost.reminder_id)
        .where(ReminderPost.person_id == person_id, ReminderPost.state == WAITING)
    )
    rows: dict[str, list[tuple[ReminderPost, Reminder]]] = defaultdict(list)
    for post, reminder in db.session.execute(query):
        rows[post.channel].append((post, reminder))
    wanted = {one.value for one in list_channels([person_id])[person_id]}
    person = get_person(person_id)
    for way in ways:
        waiting = rows.get(way.channel.value, [])
        is_wanted = person.is_active and way.channel.value in wanted
        places = way.list_places(person_id) if waiting and is_wanted else []
        live = [one for one in waiting if one[1].kind == Step.ASKED or one[1].source in open_now]
        if not places or not live:
            for post, _reminder in waiting:
                post.state = "dropped"
            continue
        if _had_one(person_id, way.channel.value, slot):
            continue
        counts = tally(Step(kind) for kind in _newest_kinds(live))
        for place in places:
            db.session.add(_message(jurisdiction_id, person_id, way, place, slot, counts))
        for post, _reminder in waiting:
            post.state = "gathered"


def _newest_kinds(live: Sequence[tuple[ReminderPost, Reminder]]) -> list[str]:
    """A matter that went from "soon" to "overdue" while it waited counts once, as it stands."""
    newest: dict[str, Reminder] = {}
    for _post, reminder in sorted(live, key=lambda one: one[1].id):
        newest[reminder.source] = reminder
    return [one.kind for one in newest.values()]


def _had_one(person_id: int, channel: str, slot: str) -> bool:
    query = select(ReminderMessage.id).where(
        ReminderMessage.person_id == person_id,
        ReminderMessage.channel == channel,
        ReminderMessage.slot == slot,
        ReminderMessage.epoch == current_epoch(),
    )
    return db.session.scalar(query.limit(1)) is not None


def _message(
    jurisdiction_id: int, person_id: int, way: Way, place: str, slot: str, counts: dict[str, int]
) -> ReminderMessage:
    at = now()
    return ReminderMessage(
        jurisdiction_id=jurisdiction_id,
        person_id=person_id,
        channel=way.channel.value,
        place=place,
        slot=slot,
        epoch=current_epoch(),
        counts=counts,
        made_at=at,
        next_at=at,
    )


def _take(jurisdiction_id: int, channels: Sequence[str]) -> list[tuple[str, Letter, int]]:
    at = now()
    waiting = (
        ReminderMessage.jurisdiction_id == jurisdiction_id,
        ReminderMessage.channel.in_(channels),
        ReminderMessage.outcome.is_(None),
        ReminderMessage.taken_at.is_(None),
        ReminderMessage.next_at <= at,
    )
    query = select(ReminderMessage).where(*waiting).order_by(ReminderMessage.id).limit(BATCH)
    with unit_of_work() as work:
        rows = work.scalars(query.with_for_update(skip_locked=True)).all()
        for row in rows:
            row.taken_at = at
            row.tries += 1
        return [(row.channel, _letter(row), row.id) for row in rows]


def _letter(row: ReminderMessage) -> Letter:
    person = get_person(row.person_id)
    return Letter(
        id=f"{row.epoch}-{row.id}",
        person_id=row.person_id,
        account=person.account,
        locale=person.locale,
        place=row.place,
        counts=dict(row.counts),
    )


def _finish(message_id: int, outcome: Outcome, carried: Carried) -> None:
    with unit_of_work() as work:
        row = work.get_one(ReminderMessage, message_id, with_for_update=True)
        row.note = getattr(outcome, "note", "")[:MAX_NOTE_CHARACTERS]
        at = now()
        if isinstance(outcome, Later) and row.tries < MAX_TRIES:
            row.taken_at = None
            row.next_at = at + timedelta(seconds=wait_seconds(row.tries, outcome.seconds))
            carried.waiting += 1
            return
        row.done_at = at
        row.outcome = "failed" if isinstance(outcome, Later) else NAMES[type(outcome)]
        subscription = find_subscription(row.person_id, row.place)
        if isinstance(outcome, Sent):
            carried.sent += 1
            if subscription is not None:
                subscription.sent_at = at
        else:
            carried.ended += 1
            if isinstance(outcome, Gone) and subscription is not None:
                work.delete(subscription)


def wait_seconds(tries: int, asked: int | None) -> int:
    """As long as the other side asks; else twice as long each time."""
    own = min(FIRST_WAIT_SECONDS * 2 ** (tries - 1), LONGEST_WAIT_SECONDS)
    return own if asked is None else min(max(asked, 1), LONGEST_WAIT_SECONDS * 4)
