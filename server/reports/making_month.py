"""Use case: annex 2 of a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.access import Action, Actor
from domain.reports.annex2 import (
    DrawnTask,
    Month,
    Noted,
    list_behind_month,
    tell_month,
)
from domain.reports.annex2_form import CITY
from domain.reports.frozen import ReportKind
from domain.reports.listed import dump_lists
from domain.reports.report_calendar import month_of
from server.db import unit_of_work
from server.guard import require
from server.reports.entries import list_entries, list_recorded
from server.reports.making import REGION, beginning, check_day, freeze, read
from server.reports.models import Report
from server.reports.month_overview import list_channels, list_items
from server.reports.overview import DrawOfReport, list_draws_of, list_problem_visits
from server.runtime import today

REGION_WORDS = {"city": CITY, "county": "县"}


def count_annex2_of(actor: Actor, first: date) -> dict[str, Any]:
    """Annex 2 of the month that begins on ``first``, made today. Raises ``report.day_refused`` for
    a month that has not begun."""
    check_day(first)
    first, last = month_of(first)
    draws = list_draws_of(
        actor.jurisdiction_id, first, last, own_on_platform=True, with_province=True
    )
    major, minor = list_items([draw.visits[0] for draw in draws])
    head = beginning(ReportKind.ANNEX2, today())
    month = Month(
        notes=[
            Noted(one.kind, one.day.isoformat(), one.name, one.number, one.people, one.text)
            for one in list_entries(first, last)
        ]
        + [
            Noted("training", one.held_on.isoformat(), one.name, "", people, one.content)
            for one, people in list_recorded(first, last)
        ],
        tasks=_tasks(draws),
        major_items=major,
        minor_items=minor,
        problems=list_problem_visits(actor.jurisdiction_id, first, last, today()),
        channels=list_channels(first, last),
        units=[head["unit"]],
    )
    region = REGION_WORDS[read(actor, REGION)]
    return {
        **head,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "region": region,
        "lines": tell_month(month, region),
        "lists": dump_lists(list_behind_month(month)),
    }


def make_annex2(actor: Actor, first: date) -> Report:
    """Frozen. Raises as ``count_annex2_of``."""
    require(actor, Action.REPORT_MAKE)
    with unit_of_work():
        return freeze(actor, count_annex2_of(actor, first), f"{first:%Y-%m}")


def _tasks(draws: Sequence[DrawOfReport]) -> list[DrawnTask]:
    by_task: dict[int, list[DrawOfReport]] = {}
    for one in draws:
        by_task.setdefault(one.draw.task_id, []).append(one)
    return [
        DrawnTask(
            task=found[0].draw.task.name,
            scope=found[0].draw.task.object_scope,
            ratio=found[0].draw.task.ratio_text,
            visits=[visit for one in found for visit in one.visits],
        )
        for found in by_task.values()
    ]
