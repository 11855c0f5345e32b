"""What the demo has behind it: a small task of its own that was drawn, visited, entered and
published, one result corrected, one problem to be put right. So that whoever looks for the second
half of the work finds something there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from flask import current_app
from sqlalchemy import select

from domain.access import Actor
from domain.calendar import WorkCalendar
from domain.followup import Decision, Disposal
from domain.signatures import Signature
from domain.telling import Delivery, Way
from server.corrections import service as corrections
from server.corrections.requesting import FIELDS, Wanted, request_correction, view_request
from server.db import db
from server.deadlines.calendar import load_calendar
from server.demo.meeting import meeting
from server.demo.visits import BOX, SHEET, STROKES, TeamWork
from server.draws import ceremony
from server.draws.service import freeze_pool, run_ceremony
from server.followup import service as followup
from server.inspections import service as inspections
from server.inspections.models import Inspection
from server.planning.service import list_own_tasks
from server.publication import service as publication
from server.runtime import SITE_ZONE, runtime, today
from server.telling import service as telling

TASK = "driver_training"
ROLLS = "4 2 6 1 3 5 5 2 4 1 6 3 2 2 5 6 1 4 3 3"
DAYS_BACK = 45
SATURDAY, CORRECTED = 5, 4  # CORRECTED: working days ago
CHANNEL = "国家企业信用信息公示系统（山西）"
PROBLEM = {"DRV-05": "坡道定点项目起点标志缺失，场地标线磨损不清"}
ORDERED = "限期补设标志，重划场地标线"
NOTED, NOTE = "DRV-03", "补记：抽查教练员 5 名，资格和岗前培训记录齐全。"
REASON = "录入时漏记教练员的抽查情况，经核对检查现场的台账照片予以补记。"


class Past:
    """A clock of the demo's own, wound by days and hours up to the real one, never back."""

    def __init__(self, first: datetime, now: datetime) -> None:
        self._at, self._now = min(first, now), now

    def __call__(self) -> datetime:
        self._at = min(self._at + timedelta(milliseconds=20), self._now)
        return self._at.astimezone(UTC)

    @property
    def now(self) -> date:
        """The real day, up to which it is wound."""
        return self._now.date()

    def wind(self, days: int, hour: int) -> None:
        """So many days on, at that hour; nobody is at work on a weekend."""
        day = (self._at + timedelta(days=days)).date()
        while days and day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        self.wind_to(day, hour)

    def wind_to(self, day: date, hour: int) -> None:
        """To that hour of the day."""
        moved = datetime(day.year, day.month, day.day, hour, 10, tzinfo=SITE_ZONE)
        self._at = min(max(moved, self._at), self._now)


@contextmanager
def days_ago() -> Iterator[Past]:
    """Inside, the clock stands six weeks back, in this year; after it the clock is the machine's
    again."""
    kept = runtime()
    now = kept.clock().astimezone(SITE_ZONE)
    first = max(now - timedelta(days=DAYS_BACK), now.replace(month=1, day=2, hour=8))
    past = Past(first, now)
    current_app.extensions["suicha"] = replace(kept, clock=past)
    try:
        yield past
    finally:
        current_app.extensions["suicha"] = kept


def finish_a_task(past: Past, office: Actor, lead: Actor) -> list[Inspection]:
    """In the running unit of work, once the plans are published: of the visits drawn, all of which
    it answers, the first two are made, the second with a problem, and published."""
    drawn, wind = draw_task(office, TASK), past.wind
    clean, problem = visits = [TeamWork.of(one) for one in drawn[:2]]
    wind(1, 10)
    clean.record({})
    problem.record(PROBLEM)
    wind(1, 9)
    for one in visits:
        inspections.accept_sheet(lead, one.inspection.id, SHEET)
        one.enter()
    wind(2, 11)
    for place, one in enumerate((clean, problem), start=1):
        _publish(office, one.inspection, 1, place)
        _tell(office, one.inspection)
    due = today() + timedelta(days=DAYS_BACK)
    order = Decision(Disposal.CORRECTION_ORDER, "交通运输局", ORDERED, due, "")
    case = followup.list_cases(office, followup.Wanted()).rows[0].case
    followup.decide(office, case.id, order, case.revision)
    return drawn


def correct_a_result(
    past: Past, office: Actor, head: Actor, visit: Inspection, password: str
) -> None:
    """Of the last days: the firm is still to be told of it."""
    past.wind_to(working_day_before(load_calendar(), past.now, CORRECTED), 15)
    _correct(TeamWork.of(visit), head, password)
    past.wind(1, 9)
    _publish(office, visit, 2, 3)


def draw_task(office: Actor, category: str) -> list[Inspection]:
    """The visits of the task of this trade, drawn now."""
    task = next(one for one in list_own_tasks(office) if one.category == category)
    draw = freeze_pool(office, task.id)
    ceremony.note_meeting(office, draw.id, meeting())
    ceremony.add_rolls(office, draw.id, ROLLS, 0)
    ceremony.close_dice(office, draw.id)
    run_ceremony(office, draw.id, today())
    query = select(Inspection).where(Inspection.draw_id == draw.id).order_by(Inspection.id)
    return list(db.session.scalars(query))


def _publish(office: Actor, visit: Inspection, version: int, place: int) -> None:
    told = publication.Told(version, today(), proof=None)
    number = f"0140599{today():%Y%m%d}{place:03d}"
    publication.record_receipt(office, visit.id, SHEET, told, number)
    publication.record_publication(office, visit.id, SHEET, told, CHANNEL, "")


def _tell(office: Actor, visit: Inspection) -> None:
    notice = telling.make_notice(office, visit.id, SHEET, 1)
    delivery = Delivery(Way.DIRECT, today(), "江月白、林知远", f"{visit.firm.contact_name}，负责人")
    telling.record_delivery(
        office, visit.id, SHEET, notice.id, delivery, signature=Signature(STROKES, BOX)
    )


def _correct(visit: TeamWork, head: Actor, password: str) -> None:
    asking = visit.team[0]
    known = view_request(asking, visit.inspection.id, SHEET).items
    fields = {one: known[NOTED].fields.get(one) for one in FIELDS} | {"note": NOTE}
    wanted = [Wanted(NOTED, fields, known[NOTED].heads)]
    order = request_correction(asking, visit.inspection.id, SHEET, wanted, REASON)
    heads = corrections.get_order(head, order).heads
    corrections.approve(
        head, order, password=password, reason="经核对照片和台账，情况属实，同意更正。",
        against=heads, address="", signature=Signature(STROKES, BOX),
    )  # fmt: skip


def working_day_before(calendar: WorkCalendar, day: date, number: int) -> date:
    """The so-manieth working day before it."""
    while number:
        day -= timedelta(days=1)
        number -= calendar.is_working_day(day)
    return day
