"""期限: one table of the terms the work has, and the date on which each ends (R074–R076, R083,
R088, R102; part 7 rows 2–5, 22, 26).

Defaults stand in `county_settings`; a county overrides them there. Dates are calendar dates in
Asia/Shanghai. Day 1 is the day after the start.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from domain.calendar import WorkCalendar
from domain.county_settings import read_setting
from domain.deadlines import (
    MAX_TERM_WORKING_DAYS,
    DueDate,
    capped,
    due_date,
    shortest_term,
    working_days_left,
)
from domain.errors import fault
from domain.term_settings import Start, Unit

ONE_DAY: Final = timedelta(days=1)


class Term(StrEnum):
    """录入, 公示, 报送材料, 处置决定, 告知, 回访, 线索受理, 线索答复, 报表."""

    ENTRY = "entry"
    PUBLICATION = "publication"
    MATERIALS = "materials"
    FOLLOW_UP = "follow_up"
    TELLING = "telling"
    REVISIT = "revisit"
    CLUE_ACCEPT = "clue_accept"
    CLUE_FINISH = "clue_finish"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class TermSpec:
    """Where each part of a term is set: keys of `county_settings`, empty where it is not the
    county's to choose and `start` or `unit` says what holds. `met` is a word for what meets it."""

    term: Term
    met: str
    clauses: tuple[str, ...]
    length_key: str = ""
    start: Start = Start.FIRM_END
    start_key: str = ""
    unit: Unit = Unit.WORKING
    unit_key: str = ""
    cap_key: str = ""
    by_department_key: str = ""


TERMS: Final[Mapping[Term, TermSpec]] = {
    one.term: one
    for one in (
        TermSpec(
            Term.ENTRY,
            "entered",
            ("R074", "R075", "R076"),
            length_key="entry.working_days",
            start_key="entry.start",
            cap_key="entry.cap_date",
            by_department_key="entry.working_days_by_department",
        ),
        # No source gives publication a term of its own: without one it is that of the entry.
        TermSpec(
            Term.PUBLICATION,
            "published",
            ("R076", "R083"),
            length_key="publication.within_days",
            start_key="entry.start",
            cap_key="entry.cap_date",
        ),
        TermSpec(
            Term.MATERIALS,
            "handed_over",
            ("R102",),
            length_key="materials.within_days",
            start_key="materials.start",
            unit_key="materials.unit",
        ),
        TermSpec(
            Term.FOLLOW_UP,
            "decided",
            ("R043", "R091"),
            length_key="follow_up.decide_within_days",
            start=Start.ENTERED,
        ),
        TermSpec(
            Term.TELLING, "told", ("R093",), length_key="telling.within_days", start=Start.ENTERED
        ),
        TermSpec(
            Term.REVISIT,
            "revisited",
            ("R096",),
            length_key="revisit.within_days",
            start=Start.DRAWN,
            unit=Unit.CALENDAR,
        ),
        TermSpec(
            Term.CLUE_ACCEPT,
            "accepted",
            ("R091", "R127"),
            length_key="clue.accept_within_days",
            start=Start.RECEIVED,
        ),
        TermSpec(
            Term.CLUE_FINISH,
            "answered",
            ("R091", "R127"),
            length_key="clue.finish_within_days",
            start=Start.ACCEPTED,
        ),
        # Dates of the year's own table, see `deadlines.on_or_before`.
        TermSpec(Term.REPORT, "reported", ("R103", "R104"), start=Start.FIXED),
    )
}


# Settings that move due dates when they change.
TERM_KEYS: Final = frozenset(
    key
    for one in TERMS.values()
    for key in (
        one.length_key, one.start_key, one.unit_key, one.cap_key, one.by_department_key,
    )
    if key
) | {"entry.met_by"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TermRule:
    """A term as it holds in one county for one joint of departments. `days` is at least 1."""

    term: Term
    start: Start
    days: int
    unit: Unit
    cap_date: date | None = None


def read_rule(
    settings: Mapping[str, Any], term: Term, department_codes: Iterable[str] = ()
) -> TermRule:
    """What holds: a joint task takes the shortest term of its departments (part 7 row 2), and a
    publication without a term of its own takes that of the entry (row 22). Raises `KeyError` for
    REPORT, whose dates are a table."""
    spec = TERMS[term]
    days = int(read_setting(settings, spec.length_key))
    if term is Term.PUBLICATION and days == 0:
        entry = read_rule(settings, Term.ENTRY, department_codes)
        return TermRule(term, entry.start, entry.days, entry.unit, entry.cap_date)
    if spec.by_department_key:
        own: Mapping[str, Any] = read_setting(settings, spec.by_department_key)
        days = shortest_term(int(own.get(one, days)) for one in [*department_codes] or [""])
    latest = read_setting(settings, spec.cap_key) if spec.cap_key else None
    return TermRule(
        term=term,
        start=Start(read_setting(settings, spec.start_key)) if spec.start_key else spec.start,
        days=days,
        unit=Unit(read_setting(settings, spec.unit_key)) if spec.unit_key else spec.unit,
        cap_date=date.fromisoformat(latest) if latest else None,
    )


def count_due(
    rule: TermRule,
    start: date,
    calendar: WorkCalendar,
    paused: frozenset[date] = frozenset(),
) -> DueDate:
    """The day on which the term ends, at 24:00. Paused days are passed over like days off and
    stand in `skipped`; a cap date only shortens. A term in calendar days whose last day is a day
    off ends on the next working day (民法典 art. 203). Raises as `due_date`."""
    resting = calendar.resting(paused)
    if rule.unit is Unit.WORKING:
        found = due_date(start, rule.days, resting)
    else:
        found = _calendar_due(start, rule.days, resting, paused)
    return capped(replace(found, paused=paused & set(found.skipped)), rule.cap_date)


def days_left(due: date, today: date, unit: Unit, calendar: WorkCalendar) -> int:
    """In the unit of the term; 0 on the day itself, negative when past."""
    if unit is Unit.CALENDAR:
        return (due - today).days
    return working_days_left(due, today, calendar)


def _calendar_due(
    start: date, days: int, calendar: WorkCalendar, paused: frozenset[date]
) -> DueDate:
    if days < 1:
        raise fault("date.days_below_one")
    if days > MAX_TERM_WORKING_DAYS:
        raise fault("date.out_of_range")
    skipped: list[date] = []
    day, counted = start, 0
    while counted < days:
        day += ONE_DAY
        if day in paused:
            skipped.append(day)
        else:
            counted += 1
    # Which day is the last one, no notice can change; whether it is a day off, it can.
    provisional = not calendar.is_settled(day)
    while not calendar.is_working_day(day):
        skipped.append(day)
        day += ONE_DAY
        provisional = provisional or not calendar.is_settled(day)
    return DueDate(day, provisional, tuple(skipped), start=start, days=days, counted=day)
