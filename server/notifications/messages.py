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

from sqlalchemy import ColumnElement, delete, select, update

from domain.reminders import Step, is_sending_time, read_hours, slot_of, tally
from server.accounts.directory import get_jurisdiction, lock_jurisdiction, map_people
from server.accounts.models import Person
from server.db import db, unit_of_work
from server.deadlines.calendar import load_calendar
from server.fieldsync.epochs import current_epoch
from server.notifications.channels import (
    Address,
    Gone,
    Later,
    Letter,
    Outcome,
    Refused,
    Sent,
    Unknown,
    Way,
)
from server.notifications.preferences import list_channels
from server.notifications.reminder_models import (
    PushSubscription,
    Reminder,
    ReminderMessage,
    ReminderPost,
)
from server.notifications.sending import send_at_once
from server.notifications.subscriptions import map_subscriptions
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
        for channel, way in by_channel.items():
            letters = {id_: letter for found, letter, id_ in batch if found == channel}
            for part in _parts(letters, way):
                _finish(dict(zip(part, send_at_once(way, [*part.values()]), strict=True)), carried)
    return carried


def _parts(letters: dict[int, Letter], way: Way) -> Iterator[dict[int, Letter]]:
    """What is written down together: one, where one is sent after the other and may take long."""
    size = BATCH if way.at_once > 1 else 1
    rows = [*letters.items()]
    for first in range(0, len(rows), size):
        yield dict(rows[first : first + size])


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
    people = _list_leaving(jurisdiction_id, ways, slot)
    if not people:
        return
    open_now = frozenset(still_open())
    for first in range(0, len(people), PEOPLE_AT_ONCE):
        with unit_of_work():
            lock_jurisdiction(jurisdiction_id)
            _gather_for(
                jurisdiction_id, people[first : first + PEOPLE_AT_ONCE], ways, slot, open_now
            )


def _list_leaving(jurisdiction_id: int, ways: Sequence[Way], slot: str) -> list[int]:
    """Those for whom something waits that this part of the day may still tell."""
    query = select(ReminderPost.person_id, ReminderPost.channel).where(
        ReminderPost.jurisdiction_id == jurisdiction_id,
        ReminderPost.state == WAITING,
        ReminderPost.channel.in_([way.channel.value for way in ways]),
    )
    waiting = {(person_id, channel) for person_id, channel in db.session.execute(query.distinct())}
    had = (
        select(ReminderMessage.person_id, ReminderMessage.channel)
        .where(ReminderMessage.jurisdiction_id == jurisdiction_id, ReminderMessage.slot == slot)
        .where(ReminderMessage.epoch == current_epoch())
    )
    told = {(person_id, channel) for person_id, channel in db.session.execute(had)}
    return sorted({person_id for person_id, _channel in waiting - told})


def _gather_for(
    jurisdiction_id: int,
    person_ids: Sequence[int],
    ways: Sequence[Way],
    slot: str,
    open_now: Collection[str],
) -> None:
    waiting = _list_waiting(person_ids)
    people, wanted = map_people(person_ids), list_channels(person_ids)
    had = _list_had(person_ids, slot)
    for way in ways:
        channel = way.channel
        places = way.map_places([one for one in person_ids if waiting.get((one, channel.value))])
        for person_id in person_ids:
            rows = waiting.get((person_id, channel.value), [])
            is_wanted = people[person_id].is_active and channel in wanted[person_id]
            own = places.get(person_id, ()) if is_wanted else ()
            live = [one for one in rows if one[1].kind == Step.ASKED or one[1].source in open_now]
            if not own or not live:
                for post, _reminder in rows:
                    post.state = "dropped"
                continue
            if (person_id, channel.value) in had:
                continue
            counts = tally(Step(kind) for kind in _newest_kinds(live))
            db.session.add_all(
                _message(jurisdiction_id, person_id, way, place, slot, counts) for place in own
            )
            for post, _reminder in rows:
                post.state = "gathered"


def _list_waiting(
    person_ids: Sequence[int],
) -> dict[tuple[int, str], list[tuple[ReminderPost, Reminder]]]:
    """(Person, channel) → what is to leave by it."""
    query = (
        select(ReminderPost, Reminder)
        .join(Reminder, Reminder.id == ReminderPost.reminder_id)
        .where(ReminderPost.person_id.in_(person_ids), ReminderPost.state == WAITING)
    )
    rows: dict[tuple[int, str], list[tuple[ReminderPost, Reminder]]] = defaultdict(list)
    for post, reminder in db.session.execute(query):
        rows[post.person_id, post.channel].append((post, reminder))
    return rows


def _newest_kinds(live: Sequence[tuple[ReminderPost, Reminder]]) -> list[str]:
    """A matter that went from "soon" to "overdue" while it waited counts once, as it stands."""
    newest: dict[str, Reminder] = {}
    for _post, reminder in sorted(live, key=lambda one: one[1].id):
        newest[reminder.source] = reminder
    return [one.kind for one in newest.values()]


def _list_had(person_ids: Sequence[int], slot: str) -> set[tuple[int, str]]:
    """(Person, channel) of those whom this part of the day has told already."""
    query = select(ReminderMessage.person_id, ReminderMessage.channel).where(
        ReminderMessage.person_id.in_(person_ids),
        ReminderMessage.slot == slot,
        ReminderMessage.epoch == current_epoch(),
    )
    return {(person_id, channel) for person_id, channel in db.session.execute(query)}


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
        person_ids = {row.person_id for row in rows}
        people, browsers = map_people(person_ids), map_subscriptions(person_ids)
        return [
            (
                row.channel,
                _letter(row, people[row.person_id], browsers.get((row.person_id, row.place))),
                row.id,
            )
            for row in rows
        ]


def _letter(row: ReminderMessage, person: Person, browser: PushSubscription | None) -> Letter:
    return Letter(
        id=f"{row.epoch}-{row.id}",
        person_id=row.person_id,
        account=person.account,
        locale=person.locale,
        place=row.place,
        counts=dict(row.counts),
        browser=Address(browser.endpoint, browser.p256dh, browser.auth) if browser else None,
    )


def _finish(outcomes: Mapping[int, Outcome], carried: Carried) -> None:
    """What came of each message, in one commit."""
    query = select(ReminderMessage).where(ReminderMessage.id.in_(outcomes))
    with unit_of_work() as work:
        rows = work.scalars(query.order_by(ReminderMessage.id).with_for_update()).all()
        browsers = map_subscriptions({row.person_id for row in rows})
        for row in rows:
            _end(row, outcomes[row.id], browsers.get((row.person_id, row.place)), carried)


def _end(
    row: ReminderMessage, outcome: Outcome, browser: PushSubscription | None, carried: Carried
) -> None:
    row.note, at = getattr(outcome, "note", "")[:MAX_NOTE_CHARACTERS], now()
    if isinstance(outcome, Later) and row.tries < MAX_TRIES:
        row.taken_at = None
        row.next_at = at + timedelta(seconds=wait_seconds(row.tries, outcome.seconds))
        carried.waiting += 1
        return
    row.done_at = at
    row.outcome = "failed" if isinstance(outcome, Later) else NAMES[type(outcome)]
    if isinstance(outcome, Sent):
        carried.sent += 1
        if browser is not None:
            db.session.execute(update(PushSubscription).where(_is(browser)).values(sent_at=at))
    else:
        carried.ended += 1
        if isinstance(outcome, Gone) and browser is not None:
            db.session.execute(delete(PushSubscription).where(_is(browser)))


def _is(browser: PushSubscription) -> ColumnElement[bool]:
    """By its id: it may have been removed since it was read, which is no error."""
    return PushSubscription.id == browser.id


def wait_seconds(tries: int, asked: int | None) -> int:
    """As long as the other side asks; else twice as long each time."""
    own = min(FIRST_WAIT_SECONDS * 2 ** (tries - 1), LONGEST_WAIT_SECONDS)
    return own if asked is None else min(max(asked, 1), LONGEST_WAIT_SECONDS * 4)
