"""Use cases: reminding people of their terms, and what other subjects and jobs call for that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from server.accounts.directory import list_counties
from server.db import db, scope_to
from server.notifications.channels import Way
from server.notifications.failing import list_failures, retry
from server.notifications.inbox import count_unread, list_inbox, mark_read, read_shown
from server.notifications.mail import MailWay
from server.notifications.messages import carry
from server.notifications.push import PushWay
from server.notifications.webhook import WebhookWay
from server.notifications.writing import Told, remind, write_in_inbox, write_reminders
from server.runtime import now, runtime

__all__ = [
    "Done",
    "Told",
    "count_unread",
    "failures",
    "list_failures",
    "list_inbox",
    "mark_read",
    "read_shown",
    "remind",
    "retry",
    "send_due",
    "write_due",
    "write_in_inbox",
]


@dataclass(slots=True)
class Done:
    """``written`` reminders, ``sent`` messages, ``waiting`` that are tried again, ``ended``
    without having been taken."""

    written: int = 0
    sent: int = 0
    waiting: int = 0
    ended: int = 0

    def as_plain(self) -> dict[str, int]:
        """For the command line and a job's record."""
        return asdict(self)


def write_due(*, at_most_hourly: bool = False) -> int:
    """The reminders of today of every county in sight; again writes nothing twice. All open terms
    are looked at for it: a job that runs every few minutes does so once an hour."""
    from server.notifications.terms import list_due_reminders  # deadlines' pages call ``remind``

    written, kept, hour = 0, runtime().kept, f"{now():%Y-%m-%dT%H}"
    for one in _each_county():
        if at_most_hourly and kept.get(("reminders", one)) == hour:
            continue
        written += write_reminders(one, list_due_reminders(one))
        kept["reminders", one] = hour
    return written


def send_due(ways: Sequence[Way] | None = None) -> Done:
    """Writes what is due and sends what may leave now. Every few minutes, by whoever: twice at once
    and after a kill at any line each reminder is written once and sent at most once."""
    from server.notifications.terms import list_open_sources

    done = Done(written=write_due(at_most_hourly=ways is None))
    with closing(PushWay()) as push:
        ways = list(ways) if ways is not None else [push, MailWay(), WebhookWay()]
        for one in _each_county():
            carried = carry(one, ways, partial(list_open_sources, one))
            done.sent += carried.sent
            done.waiting += carried.waiting
            done.ended += carried.ended
    return done


def failures(jurisdiction_id: int) -> list[dict[str, Any]]:
    """What did not leave in the last week, or waits to be tried again: no text, no address."""
    return [
        {
            "person": one.row.person_id,
            "channel": one.row.channel,
            "outcome": one.state,
            "note": one.row.note,
            "tries": one.row.tries,
            "made_at": one.row.made_at.isoformat(),
        }
        for one in list_failures(jurisdiction_id)
    ]


def _each_county() -> Iterator[int]:
    """The county in sight, or all where none is, each in sight while its turn lasts."""
    before = db.session.info.get("jurisdiction_id")
    try:
        for one in [before] if before is not None else list_counties():
            scope_to(one)
            yield one
    finally:
        scope_to(before)
