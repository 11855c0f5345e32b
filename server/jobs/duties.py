"""The jobs there are: what each does, and when.

Each may be run at any time, twice, and again after it was killed half way: what it does it does by
what the database says is still to be done. A job that raises a ``Fault`` did its work and found
something a person must see to; whatever else it raises is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from importlib import import_module
from typing import Any, Final

from domain.errors import fault
from server.jobs.times import Daily, Every, Times
from server.runtime import now, runtime

# A night without a backup happens; two are a habit.
LONGEST_WITHOUT_BACKUP: Final = timedelta(hours=49)


@dataclass(frozen=True, slots=True)
class Duty:
    """``call`` runs in an application context of its own, no county in sight."""

    name: str
    times: Times
    call: Callable[[], object]


def list_duties() -> Mapping[str, Duty]:
    """By name, in the order of the page. What another subject does not offer is not among them."""
    found = [
        _offered("deadlines.advance", Every(60), "server.deadlines.service", "advance"),
        _offered("reminders.send", Every(5), "server.notifications.service", "send_due"),
        Duty("notices.deliver", Every(5), deliver_notices),
        Duty("statistics.warn", Daily(time(7, 40)), tell_warnings),
        Duty("audit.root", Daily(time(21, 10)), make_roots),
        Duty("audit.verify", Daily(time(3, 20)), verify_trail),
        Duty("backup.check", Daily(time(9, 0)), check_backups),
        Duty("uploads.tidy", Daily(time(3, 50)), tidy_uploads),
        Duty("database.count", Daily(time(4, 10)), count_database),
    ]
    return {one.name: one for one in found if one is not None}


def deliver_notices() -> None:
    """What a request noted and died before it was sent (I28)."""
    from server.notifications.delivery import deliver_due
    from server.notifications.notice import NoticeSender

    deliver_due(NoticeSender())


def tell_warnings() -> None:
    """What stands out among the findings, to the leads (R099)."""
    from server.statistics.telling import tell_warnings as tell

    tell()


def make_roots() -> None:
    """The day's signed root of each county's trail, before the nightly backup."""
    from server.audit.roots import list_counties_with_events, make_root

    for county in list_counties_with_events():
        make_root(county)


def verify_trail() -> None:
    """Whether the trail is the one that was signed; raises ``job.trail_differs``."""
    from server.audit.copies import read_live
    from server.audit.kept_leaves import read_own
    from server.audit.verifying import check_trail, read_keys

    with read_live() as live:
        found = check_trail(live, read_keys(live), own=read_own(runtime().config.home))
    if found.problems:
        raise fault("job.trail_differs", n=len(found.problems), first=found.problems[0].code)


def check_backups() -> None:
    """Whether a backup was verified lately; raises ``job.no_backup`` or ``job.backup_old``."""
    from server.backups.records import last_verified_at

    last = last_verified_at()
    if last is None:
        raise fault("job.no_backup")
    age = now() - last
    if age > LONGEST_WITHOUT_BACKUP:
        raise fault("job.backup_old", days=age.days)


def tidy_uploads() -> None:
    """Photos nobody went on sending, import files nobody confirmed."""
    from server.exchange.service import drop_abandoned
    from server.fieldsync.service import tidy_uploads as tidy

    tidy()
    drop_abandoned()


def count_database() -> None:
    """How large the tables have become, for the database to choose its ways: with none of it SQLite
    read all sheets of the county to find those of one firm. PostgreSQL sees to it by itself."""
    from sqlalchemy import text

    from server.db import db, unit_of_work

    if db.engine.dialect.name == "sqlite":
        with unit_of_work() as work:
            work.execute(text("ANALYZE"))


def _offered(name: str, times: Times, module: str, function: str) -> Duty | None:
    try:
        offered: Any = getattr(import_module(module), function, None)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return None
    return Duty(name, times, offered) if offered else None
