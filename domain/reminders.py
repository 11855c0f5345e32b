"""When a person is reminded of a term, who that is, and in which hours (R074–R076, R083, R088).

A term has a ladder: some working days before it is due, on the day itself, and on each working day
after it. Nothing here reads a clock or sends anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from domain.calendar import WorkCalendar
from domain.county_settings import read_setting
from domain.deadlines import working_days_left

# Of plaintext: what one record of aes128gcm holds of the 4096 bytes every push service takes.
MAX_PUSH_BYTES: Final = 3993
NOON: Final = 12
FIRST_DAY: Final = 1


class Channel(StrEnum):
    """Ways out of the house. The inbox is none of them: what is written stands there at once."""

    PUSH = "push"
    EMAIL = "email"
    WEBHOOK = "webhook"


class Whom(StrEnum):
    """Why a person is reminded: they hold the matter, lead those who do, are in charge of them, or
    somebody asked them to see to it."""

    HOLDER = "holder"
    LEAD = "lead"
    DEPUTY = "deputy"
    ASKED = "asked"


class Matter(StrEnum):
    """What a reminder is about, the first word of its source: terms of `domain.terms`; ORDER is the
    day a decision on a problem has set (整改期限); ASKED and WARNING are no term."""

    ENTRY = "entry"
    PUBLICATION = "publication"
    MATERIALS = "materials"
    TELLING = "telling"
    CLUE_ACCEPT = "clue_accept"
    CLUE_FINISH = "clue_finish"
    FOLLOW_UP = "follow_up"
    ORDER = "order"
    REVISIT = "revisit"
    REPORT = "report"
    ASKED = "asked"
    WARNING = "warning"


class Step(StrEnum):
    """What a reminder says; `Rung.step` adds which one of its kind. WARNED is about no term: a
    month with more findings than usual."""

    BEFORE = "before"
    DUE = "due"
    OVERDUE = "overdue"
    ASKED = "asked"
    WARNED = "warned"


@dataclass(frozen=True, slots=True)
class Ladder:
    """`days_before` are working days, in any order; `deputy_after` how many working days a term is
    overdue before the deputy head hears of it, 0 for never."""

    days_before: tuple[int, ...]
    on_due_day: bool
    deputy_after: int


@dataclass(frozen=True, slots=True)
class Rung:
    """`step` names it for good: a term's rung is told a person once, whenever it is looked for."""

    kind: Step
    step: str
    whom: tuple[Whom, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """Full hours in Asia/Shanghai between which messages leave, on working days."""

    start: int
    end: int
    on_rest_days: bool


def read_ladder(settings: Mapping[str, Any]) -> Ladder:
    """As the county has set it."""
    return Ladder(
        days_before=tuple(read_setting(settings, "reminders.days_before")),
        on_due_day=read_setting(settings, "reminders.on_due_day"),
        deputy_after=read_setting(settings, "reminders.deputy_after_days"),
    )


def read_hours(settings: Mapping[str, Any]) -> Hours:
    """As the county has set them."""
    return Hours(
        start=read_setting(settings, "reminders.from_hour"),
        end=read_setting(settings, "reminders.until_hour"),
        on_rest_days=read_setting(settings, "reminders.on_rest_days"),
    )


def find_rung(due: date, today: date, ladder: Ladder, calendar: WorkCalendar) -> Rung | None:
    """The rung an open term stands on, None between two and on rest days. After days on which
    nobody looked it is the rung of today alone: who missed three is not told three times."""
    if today == due:
        return Rung(Step.DUE, Step.DUE, (Whom.HOLDER,)) if ladder.on_due_day else None
    if not calendar.is_working_day(today):
        return None
    left = working_days_left(due, today, calendar)
    if today < due:
        reached = [days for days in ladder.days_before if left <= days]
        if not reached:
            return None
        return Rung(Step.BEFORE, f"{Step.BEFORE}.{min(reached)}", (Whom.HOLDER,))
    late = -left
    if late < FIRST_DAY:
        return None
    whom = [Whom.LEAD]
    if late == FIRST_DAY:
        whom.insert(0, Whom.HOLDER)
    if ladder.deputy_after and late >= ladder.deputy_after:
        whom.append(Whom.DEPUTY)
    # By its day, not by the count: a notice on days off that comes late must not send it again.
    return Rung(Step.OVERDUE, f"{Step.OVERDUE}.{today.isoformat()}", tuple(whom))


def is_sending_time(at: datetime, hours: Hours, calendar: WorkCalendar) -> bool:
    """Whether messages may leave now; `at` is in Asia/Shanghai."""
    is_day = hours.on_rest_days or calendar.is_working_day(at.date())
    return is_day and hours.start <= at.hour < hours.end


def slot_of(at: datetime) -> str:
    """The part of the day, `2026-03-04.am`: one message per person, channel and slot."""
    return f"{at.date().isoformat()}.{'am' if at.hour < NOON else 'pm'}"


def tally(kinds: Iterable[Step]) -> dict[str, int]:
    """How many of which kind, for the words of one message."""
    counts = dict.fromkeys((Step.OVERDUE, Step.DUE, Step.BEFORE, Step.ASKED), 0)
    for kind in kinds:
        counts[kind] += 1
    return {kind.value: count for kind, count in counts.items() if count}
