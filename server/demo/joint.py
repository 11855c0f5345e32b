"""A joint task of the demo in which the bureau takes part and the market office leads: one firm was
visited, and the bureau's part of the summary table handed over."""

from __future__ import annotations

from domain.access import Actor
from server.deadlines.calendar import load_calendar
from server.demo.results import Past, draw_task, working_day_before
from server.demo.visits import SHEET, TeamWork
from server.inspections import service as inspections
from server.reports.part_standing import read_standing
from server.reports.parts import hand_over, seen_of

TASK = "vehicle_test"
BEGUN = 4  # working days ago


def hand_over_a_part(past: Past, office: Actor, lead: Actor) -> None:
    """In the running unit of work, once the plans are published."""
    past.wind_to(working_day_before(load_calendar(), past.now, BEGUN), 16)
    visit = TeamWork.of(draw_task(office, TASK)[0])
    past.wind(1, 10)
    visit.record({})
    past.wind(1, 9)
    inspections.accept_sheet(lead, visit.inspection.id, SHEET)
    visit.enter()
    task_id = visit.inspection.task_id
    own = next(
        one
        for one in read_standing(office, task_id).lines
        if one.department.id == office.department_id
    )
    hand_over(office, task_id, seen_of(own.parts), "已检查 1 户，其余按计划进行。")
