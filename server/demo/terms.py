"""What waits in the demo by its day: an entry that is late, one whose term was paused, the notice
on days off, and today's reminders."""

from __future__ import annotations

import io
from datetime import timedelta

from domain.access import Actor
from domain.calendar_notices import read_notice_file
from domain.pauses import PauseReason, Span
from server.deadlines.calendar import load_calendar
from server.deadlines.notices import import_notice
from server.deadlines.pauses import Evidence, approve_pause, request_pause
from server.deadlines.reminding import remind_of
from server.demo.county import DATA
from server.demo.results import Past, working_day_before
from server.demo.visits import SHEET, TeamWork, draw_picture
from server.inspections import service as inspections
from server.inspections.models import Inspection
from server.notifications.service import write_due
from server.runtime import today

# working days ago: twenty are the usual term
LATE, PAUSED, ASKED = 22, 19, 8
WAITING = "制动性能台架送检，检测机构出具报告前无法判定结果。"
AGREED = "情况属实，同意中止。"
NOTICE = "国务院办公厅关于{year}年部分节假日安排的通知"


def take_the_notice(office: Actor) -> None:
    """This year's days off, as they were announced; none where the file does not know the year."""
    every = read_notice_file((DATA / "holidays.csv").read_bytes())
    if days := [one for one in every if one.day.year == today().year]:
        import_notice(office, days, NOTICE.format(year=today().year), "")


def let_terms_run(
    past: Past, visits: list[Inspection], lead: Actor, head: Actor, password: str
) -> None:
    """Two more visits, with the clock where they belong: the first is accepted and not entered
    in time, the second waits for a test and has its term paused for it."""
    now, calendar = past.now, load_calendar()
    late, paused = (TeamWork.of(one) for one in visits[:2])
    past.wind_to(working_day_before(calendar, now, LATE), 15)
    late.record({})
    past.wind(1, 9)
    inspections.accept_sheet(lead, late.inspection.id, SHEET)
    past.wind_to(working_day_before(calendar, now, PAUSED), 15)
    paused.record({})
    past.wind_to(working_day_before(calendar, now, ASKED), 10)
    span = Span(today() + timedelta(days=1), today() + timedelta(days=4))
    proof = Evidence(io.BytesIO(draw_picture("pause")), "送检单.jpg")
    asked = request_pause(lead, paused.inspection.id, PauseReason.TESTING, WAITING, span, proof)
    past.wind(0, 16)
    approve_pause(head, asked.id, password, "", AGREED)


def remind(office: Actor, visits: list[Inspection]) -> None:
    """Today's reminders of the ladder, and one tap of the office about the late one."""
    write_due()
    remind_of(office, [inspections.get_sheet(visits[0], SHEET).id])
