"""Lookup: entered results in somebody's sight, told to their firm or not, narrowed and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from domain.access import Action, Actor, Target, may
from domain.calendar import WorkCalendar
from domain.deadlines import DeadlineState, deadline_state, due_date, working_days_left
from domain.telling import FirmAct, TellingState, Way, effective_on, state_of
from server.accounts.models import Department
from server.db import db
from server.deadlines.calendar import load_calendar
from server.inspections.models import Inspection, Sheet
from server.planning.models import PlanTask
from server.registry.models import Firm
from server.registry.paging import Page
from server.results.models import SheetVersion
from server.runtime import SITE_ZONE, today
from server.telling.models import FirmActAnswer, FirmActRow, NoticeDelivery
from server.telling.reading import within_days

OVERDUE, PROOF, FROM_FIRM = "overdue", "proof", "from_firm"
STATES = (*(one.value for one in TellingState), OVERDUE, PROOF, FROM_FIRM)
SIZE = 50


@dataclass(frozen=True, slots=True)
class TellingLine:
    """One department's entered result. ``told_on``: 视为送达之日 of the version in force, with its
    ``way``; ``views`` and ``proofs`` are what the firm sent and nobody has answered."""

    inspection_id: int
    sheet_id: int
    code: str
    number: str
    firm: str
    task: str
    department: str
    version: int
    entered_on: date
    due: date
    urgency: DeadlineState
    days_left: int
    told_on: date | None
    way: str
    views: int
    proofs: int

    @property
    def state(self) -> TellingState:
        """See ``domain.telling``."""
        return state_of(self.told_on is not None, self.views > 0)

    @property
    def is_from_firm(self) -> bool:
        """Whether the firm waits for an answer."""
        return self.views > 0 or self.proofs > 0

    @property
    def is_overdue(self) -> bool:
        """Not told by its day."""
        return self.urgency is DeadlineState.OVERDUE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; ``state`` one of ``STATES``."""

    state: str = ""
    department: str = ""
    q: str = ""


def list_tellings(actor: Actor, wanted: Wanted, page: int = 1) -> Page[TellingLine]:
    """What is late first, then what waits, then the rest, the newest first."""
    rows = list_all_tellings(actor, wanted)
    number = max(1, page)
    return Page(
        rows=rows[(number - 1) * SIZE : number * SIZE], number=number, total=len(rows), size=SIZE
    )


def list_all_tellings(actor: Actor, wanted: Wanted) -> list[TellingLine]:
    """The same without pages, for a file."""
    found = [one for one in _lines(actor) if _fits(one, wanted)]
    return sorted(found, key=_rank)


def count_tellings(actor: Actor) -> dict[str, int]:
    """How many in sight wait: not_told, view_stated, overdue, proof, from_firm (a view or
    a proof). What was told and asks for
    nothing is left in the database: the start page asks for these."""
    counts: Counter[str] = Counter()
    for one in _lines(actor, are_waiting=True):
        counts[one.state.value] += 1
        counts[OVERDUE] += one.is_overdue
        counts[PROOF] += one.proofs > 0
        counts[FROM_FIRM] += one.is_from_firm
    return {state: counts[state] for state in STATES if state != TellingState.TOLD}


def _rank(one: TellingLine) -> tuple[bool, bool, date, int]:
    is_told = one.told_on is not None
    return (is_told, not (one.views or one.proofs), one.due, -one.sheet_id)


def _fits(one: TellingLine, wanted: Wanted) -> bool:
    if wanted.state == OVERDUE and not one.is_overdue:
        return False
    if wanted.state == PROOF and not one.proofs:
        return False
    if wanted.state == FROM_FIRM and not one.is_from_firm:
        return False
    if wanted.state in set(TellingState) and one.state != wanted.state:
        return False
    if wanted.department and one.code != wanted.department:
        return False
    q = wanted.q.strip().casefold()
    return not q or any(q in text.casefold() for text in (one.firm, one.number, one.task))


def _lines(actor: Actor, *, are_waiting: bool = False) -> list[TellingLine]:
    waiting = _waiting(actor)
    newest = (
        select(SheetVersion.sheet_id, func.max(SheetVersion.version).label("version"))
        .where(SheetVersion.jurisdiction_id == actor.jurisdiction_id)
        .group_by(SheetVersion.sheet_id)
        .subquery()
    )
    query = (
        select(
            Inspection.id.label("inspection_id"), Sheet.id.label("sheet_id"), Sheet.code,
            Inspection.number, Firm.name.label("firm"), PlanTask.name.label("task"),
            Department.name.label("department"), SheetVersion.version, SheetVersion.entered_at,
        )
        .join(newest, newest.c.sheet_id == Sheet.id)
        .join(
            SheetVersion,
            (SheetVersion.sheet_id == Sheet.id) & (SheetVersion.version == newest.c.version),
        )
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .join(Firm, Inspection.firm_id == Firm.id)
        .join(PlanTask, Inspection.task_id == PlanTask.id)
        .join(Department, Sheet.department_id == Department.id)
        .where(Inspection.jurisdiction_id == actor.jurisdiction_id)
    )  # fmt: skip
    if not may(actor, Action.TELLING_READ, Target(actor.jurisdiction_id)):
        query = query.where(Sheet.department_id == actor.department_id)
    if are_waiting:
        told_ones = (
            select(NoticeDelivery.sheet_id, NoticeDelivery.version)
            .where(NoticeDelivery.id.in_(_newest(actor)), NoticeDelivery.is_void.is_(False))
            .distinct()
            .subquery()
        )
        same = (told_ones.c.sheet_id == Sheet.id) & (told_ones.c.version == SheetVersion.version)
        sent = {sheet for sheet, _kind in waiting}
        query = query.outerjoin(told_ones, same)
        query = query.where(or_(told_ones.c.sheet_id.is_(None), Sheet.id.in_(sent)))
    rows = db.session.execute(query).all()
    told = _told(actor)
    clock = _Clock(load_calendar(), within_days(actor.jurisdiction_id), today())
    return [
        _line(row._asdict(), clock, told.get((row.sheet_id, row.version)), waiting) for row in rows
    ]


class _Clock:
    """Due dates of many results: each day's is counted once, not each result's."""

    def __init__(self, calendar: WorkCalendar, term: int, day: date) -> None:
        self._calendar, self._term, self._day = calendar, term, day
        self._due: dict[date, date] = {}
        self._state: dict[tuple[date, date | None], DeadlineState] = {}
        self._left: dict[date, int] = {}

    def due(self, entered_on: date) -> date:
        if entered_on not in self._due:
            self._due[entered_on] = due_date(entered_on, self._term, self._calendar).due
        return self._due[entered_on]

    def state(self, due: date, on: date | None) -> DeadlineState:
        if (due, on) not in self._state:
            self._state[due, on] = deadline_state(due, self._day, on, self._calendar)
        return self._state[due, on]

    def left(self, due: date) -> int:
        if due not in self._left:
            self._left[due] = working_days_left(due, self._day, self._calendar)
        return self._left[due]


def _line(
    row: Mapping[str, Any],
    clock: _Clock,
    delivery: tuple[date, str] | None,
    waiting: Counter[tuple[int, str]],
) -> TellingLine:
    on, way = delivery or (None, "")
    told = {name: value for name, value in row.items() if name != "entered_at"}
    entered_on = row["entered_at"].astimezone(SITE_ZONE).date()
    due = clock.due(entered_on)
    return TellingLine(
        **told,
        entered_on=entered_on,
        due=due,
        urgency=clock.state(due, on),
        days_left=clock.left(due),
        told_on=on,
        way=way,
        views=waiting[told["sheet_id"], FirmAct.VIEW.value],
        proofs=waiting[told["sheet_id"], FirmAct.PROOF.value],
    )


def _newest(actor: Actor) -> Select[Any]:
    """Of each notice the delivery that counts, where it is not void."""
    query = select(func.max(NoticeDelivery.id)).group_by(NoticeDelivery.notice_id)
    return query.where(NoticeDelivery.jurisdiction_id == actor.jurisdiction_id)


def _told(actor: Actor) -> dict[tuple[int, int], tuple[date, str]]:
    """(sheet, version) → the day and way by which it was told first. Plain columns: a county has
    thousands, and the start page asks."""
    query = select(
        NoticeDelivery.sheet_id,
        NoticeDelivery.version,
        NoticeDelivery.way,
        NoticeDelivery.delivered_on,
    ).where(NoticeDelivery.id.in_(_newest(actor)), NoticeDelivery.is_void.is_(False))
    found: dict[tuple[int, int], tuple[date, str]] = {}
    for sheet, version, way, day in db.session.execute(query):
        told = effective_on(Way(way), day), way
        found[sheet, version] = min(told, found.get((sheet, version), told))
    return found


def _waiting(actor: Actor) -> Counter[tuple[int, str]]:
    """(sheet, kind) → how many acts nobody has answered."""
    query = (
        select(FirmActRow.sheet_id, FirmActRow.kind, func.count())
        .outerjoin(FirmActAnswer, FirmActAnswer.act_id == FirmActRow.id)
        .where(
            FirmActRow.jurisdiction_id == actor.jurisdiction_id,
            FirmActRow.sheet_id.is_not(None),
            FirmActRow.kind.in_([FirmAct.VIEW.value, FirmAct.PROOF.value]),
            FirmActAnswer.id.is_(None),
        )
        .group_by(FirmActRow.sheet_id, FirmActRow.kind)
    )
    rows = db.session.execute(query)
    return Counter({(row[0] or 0, row[1]): row[2] for row in rows})
