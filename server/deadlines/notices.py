"""Use cases: a State Council notice on days off, looked at and then imported (domain.md part 5).

The days count for the whole country: all counties' due dates follow, in the same unit of work.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from domain.access import Action, Actor
from domain.calendar import DayKind, WorkCalendar
from domain.calendar_notices import DayChange, NoticeDay, announced_years, lay_over
from domain.errors import fault
from server.audit.service import write_event
from server.db import db, in_every_county, unit_of_work
from server.deadlines.calendar import load_calendar
from server.deadlines.events import advance
from server.deadlines.models import CalendarDay, CalendarNotice, CalendarYear, KeptDueDate
from server.deadlines.recounting import Move, list_moves, store_moves
from server.followup.recounting import recount_cases
from server.guard import require
from server.inspections.due_rows import publish_due_dates
from server.runtime import now

MAX_DOCUMENT_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Preview:
    """``years`` are those the notice announces; ``moves`` what it would make of due dates in the
    actor's county; ``mark`` names the calendar that was compared with."""

    years: list[int]
    changes: list[DayChange]
    moves: list[Move]
    mark: str

    @property
    def changed(self) -> int:
        """How many days would be another kind of day."""
        return sum(one.is_changed for one in self.changes)

    @property
    def moving(self) -> int:
        """How many open due dates would be another day."""
        return sum(one.is_moved and not one.is_met for one in self.moves)

    @property
    def confirmed(self) -> int:
        """How many open due dates would stay, but no longer (or from now on) provisional."""
        return sum(not one.is_moved and not one.is_met for one in self.moves)

    @property
    def kept(self) -> int:
        """How many met deadlines it would have moved, and does not."""
        return sum(one.is_moved and one.is_met for one in self.moves)


def preview_notice(actor: Actor, days: Sequence[NoticeDay]) -> Preview:
    """Nothing is stored. Raises ``calendar.year_not_announced``."""
    require(actor, Action.CALENDAR_IMPORT)
    present = load_calendar()
    changes = lay_over(_kinds(present), present.known_years, days)
    years = announced_years(days)
    moves = list_moves(present, _with(present, changes, years))
    return Preview(years, changes, moves, calendar_mark(present))


def import_notice(
    actor: Actor | None, days: Sequence[NoticeDay], document: str, text: str, mark: str = ""
) -> CalendarNotice:
    """The notice counts from now on. Due dates of open inspections, the days by which follow-up
    cases are to be decided, and what the phones show follow in the same unit of work; what moved
    is kept. ``actor`` is None on the command line. With a ``mark`` a second tap answers what the
    first imported. Raises ``calendar.document_missing``, ``calendar.changed_meanwhile`` where
    ``mark`` is of another calendar."""
    if actor is not None:
        require(actor, Action.CALENDAR_IMPORT)
    document = document.strip()
    if not 0 < len(document) <= MAX_DOCUMENT_CHARACTERS:
        raise fault("calendar.document_missing", field="document")
    with in_every_county(), unit_of_work() as work:
        # one notice after the other, also on PostgreSQL
        work.execute(select(CalendarYear.year).order_by(CalendarYear.year).with_for_update())
        if mark and (done := _find_same(actor, document, text)) is not None:
            return done
        before = load_calendar()
        if mark and mark != calendar_mark(before):
            raise fault("calendar.changed_meanwhile")
        changes = lay_over(_kinds(before), before.known_years, days)
        years = announced_years(days)
        after = _with(before, changes, years)
        notice = CalendarNotice(
            document=document,
            years=years,
            days=[_dump(one) for one in changes],
            text=text,
            person_id=actor.person_id if actor else None,
            imported_at=now(),
        )
        work.add(notice)
        advance()  # what time brought before is written against the old dates
        # Under the lock of all terms: a setting saved meanwhile counts, and what it kept is kept.
        work.expire_all()
        moves = list_moves(before, after)
        _store_days(changes, years, document)
        work.flush()
        store_moves(notice.id, moves)
        _tell(notice, moves, actor)
        recount_cases(before, after)  # after the visits: who enters a result holds its visit first
        work.flush()
        advance()
    return notice


def list_notices() -> list[CalendarNotice]:
    """Every notice that was imported, the newest first."""
    return list(db.session.scalars(select(CalendarNotice).order_by(CalendarNotice.id.desc())))


def get_notice(notice_id: int) -> CalendarNotice:
    """Raises ``calendar.notice_not_found``."""
    found = db.session.get(CalendarNotice, notice_id)
    if found is None:
        raise fault("calendar.notice_not_found")
    return found


def count_kept(notice_id: int) -> int:
    """How many met deadlines of the county in sight keep another day than it would give."""
    query = select(KeptDueDate.sheet_id).where(KeptDueDate.notice_id == notice_id)
    return len(db.session.scalars(query).all())


def read_changes(notice: CalendarNotice) -> list[DayChange]:
    """The notice's days as they were compared when it was imported."""
    return [
        DayChange(date.fromisoformat(one["day"]), _kind(one["old"]), _kind(one["new"]), one["name"])
        for one in notice.days
    ]


def calendar_mark(calendar: WorkCalendar) -> str:
    """A name of all that the calendar counts."""
    parts = (calendar.holidays, calendar.makeup_days, calendar.known_years)
    text = ";".join(",".join(str(one) for one in sorted(part)) for part in parts)  # type: ignore[type-var]
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _find_same(actor: Actor | None, document: str, text: str) -> CalendarNotice | None:
    """The newest notice where it is this person's own with these words: once more it would change
    nothing."""
    newest = db.session.scalar(select(CalendarNotice).order_by(CalendarNotice.id.desc()).limit(1))
    told = (document, text, actor.person_id if actor else None)
    is_same = newest is not None and (newest.document, newest.text, newest.person_id) == told
    return newest if is_same else None


def _kinds(calendar: WorkCalendar) -> dict[date, DayKind]:
    return {
        **dict.fromkeys(calendar.holidays, DayKind.HOLIDAY),
        **dict.fromkeys(calendar.makeup_days, DayKind.MAKEUP),
    }


def _with(calendar: WorkCalendar, changes: Sequence[DayChange], years: list[int]) -> WorkCalendar:
    kinds, names = _kinds(calendar), dict(calendar.names)
    for one in changes:
        kinds.pop(one.day, None)
        if one.new is not None:
            kinds[one.day], names[one.day] = one.new, one.name
    return WorkCalendar.from_days(kinds, calendar.known_years | set(years), names)


def _store_days(changes: Sequence[DayChange], years: list[int], document: str) -> None:
    for one in changes:
        if one.new is None:
            db.session.execute(delete(CalendarDay).where(CalendarDay.day == one.day))
        else:
            db.session.merge(CalendarDay(day=one.day, kind=one.new.value, name=one.name))
    for year in years:
        db.session.merge(CalendarYear(year=year, source=document))


def _tell(notice: CalendarNotice, moves: Sequence[Move], actor: Actor | None) -> None:
    """The phones of the teams, and each county's log."""
    person_id = actor.person_id if actor else None
    moved: dict[int, set[int]] = {}
    counts: Counter[int] = Counter()
    for move in moves:
        if not move.is_met:
            county = move.sheet.jurisdiction_id
            moved.setdefault(county, set()).add(move.sheet.inspection_id)
            counts[county] += move.is_moved
    for county, inspections in sorted(moved.items()):
        publish_due_dates(county, inspections, person_id)
    told = {*moved, *([actor.jurisdiction_id] if actor else [])}
    for county in sorted(told):
        own = person_id if actor and county == actor.jurisdiction_id else None
        write_event(
            county,
            own,
            "calendar.imported",
            f"calendar-notice:{notice.id}",
            document_no=notice.document,
            years=notice.years,
            days=len(notice.days),
            moved=counts[county],
        )


def _dump(one: DayChange) -> dict[str, str | None]:
    return {"day": one.day.isoformat(), "old": one.old, "new": one.new, "name": one.name}


def _kind(text: str | None) -> DayKind | None:
    return DayKind(text) if text else None
