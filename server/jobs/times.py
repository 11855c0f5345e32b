"""When a job is due: pure arithmetic on instants, in the time of the inspection site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, Protocol

from server.runtime import SITE_ZONE

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)


class Times(Protocol):
    """The due times of a job, one after the other."""

    def after(self, at: datetime) -> datetime:
        """The first that is later than ``at``, UTC. Those that passed while nobody ran are one."""


@dataclass(frozen=True, slots=True)
class Every:
    """At each multiple of so many minutes since the full hour; 60 is a multiple of them."""

    minutes: int

    def after(self, at: datetime) -> datetime:
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        passed = (at - hour) // timedelta(minutes=self.minutes)
        return hour + (passed + 1) * timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Daily:
    """At this time of each day in Asia/Shanghai, which knows no summer time."""

    at: time

    def after(self, at: datetime) -> datetime:
        here = at.astimezone(SITE_ZONE)
        due = here.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        if due <= here:
            due += timedelta(days=1)
        return due.astimezone(UTC)


def wait_after(tries: int) -> timedelta:
    """How long after so many tries in a row that did not end well the next begins: a minute, two,
    four, an hour at most."""
    return min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
