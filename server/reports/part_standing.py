"""Lookup: how the parts of a task's summary table stand: which came, which are missing, which are
other by now (R101)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from domain.access import Action, Actor, Target, may
from domain.errors import fault
from domain.reports.differences import Difference, compare_reports
from domain.reports.task_summary import VisitPart, parse_visits, sum_up
from server.accounts.models import Department
from server.accounts.service import list_departments
from server.db import db
from server.deadlines.facts.materials_overview import map_leads
from server.planning.models import PlanTask
from server.planning.service import get_task, takes_part
from server.reports.models import SummaryPart
from server.reports.task_overview import list_parts


class PartState(StrEnum):
    """未到报送时, 未报送, 已报送, 已退回."""

    EARLY = "early"
    MISSING = "missing"
    CAME = "came"
    RETURNED = "returned"


@dataclass(frozen=True)
class PartLine:
    """One department's. ``parts`` are its visits as they are now, ``versions`` what it handed over,
    the oldest first."""

    department: Department
    parts: Sequence[VisitPart]
    versions: Sequence[SummaryPart]

    @property
    def newest(self) -> SummaryPart | None:
        """Whether or not it was returned."""
        return self.versions[-1] if self.versions else None

    @property
    def stands(self) -> SummaryPart | None:
        """What counts: the newest that was not returned."""
        found = self.newest
        return found if found is not None and found.returned is None else None

    @cached_property
    def now(self) -> dict[str, int]:
        """Field → number, as it is now."""
        return {name: len(ids) for name, ids in sum_up(self.parts).items()}

    @property
    def drawn(self) -> int:
        """Firms."""
        return self.now["drawn"]

    @property
    def ended(self) -> int:
        """Of them, whose visit is over."""
        return self.now["done"]

    @property
    def state(self) -> PartState:
        """Before a visit has ended there is nothing to hand over."""
        if self.newest is None:
            return PartState.MISSING if self.ended else PartState.EARLY
        return PartState.RETURNED if self.newest.returned is not None else PartState.CAME

    @property
    def is_due(self) -> bool:
        """Whether to ask for it: something has ended, and nothing stands."""
        return self.ended > 0 and self.stands is None

    @cached_property
    def differences(self) -> list[Difference]:
        """What is other now than when the newest was handed over; empty without one."""
        if self.newest is None:
            return []
        return compare_reports(texts_of(self.newest), {k: str(n) for k, n in self.now.items()})


@dataclass(frozen=True)
class Standing:
    """Of one task. ``lead`` None: nobody else takes part, or nobody leads. ``own`` are the visits
    of the department that leads, which hands nothing over."""

    task: PlanTask
    lead: Department | None
    own: Sequence[VisitPart]
    lines: Sequence[PartLine]

    @property
    def missing(self) -> list[PartLine]:
        """Of whom the whole table has to do without."""
        return [one for one in self.lines if one.stands is None]


def read_standing(actor: Actor, task_id: int) -> Standing:
    """Of every department, whoever asks: what a page shows is narrowed by ``may_read``. Raises
    ``plan.not_found``, ``report.not_our_task``."""
    task = get_task(actor, task_id)
    if not takes_part(task):
        raise fault("report.not_our_task")
    departments = {one.id: one for one in list_departments()}
    by_name = {one.name: one for one in departments.values()}
    lead = departments.get(map_leads(actor.jurisdiction_id).get(task_id) or 0)
    found: dict[int, list[VisitPart]] = {}
    for one in list_parts(task_id):
        found.setdefault(by_name[one.department].id, []).append(one)
    others = [one for one in found if lead is not None and one != lead.id]
    if lead is None or not others:
        return Standing(task, None, (), ())
    versions: dict[int, list[SummaryPart]] = {}
    query = select(SummaryPart).options(undefer(SummaryPart.content))
    query = query.where(SummaryPart.task_id == task_id).order_by(SummaryPart.number)
    for part in db.session.scalars(query.execution_options(populate_existing=True)):
        versions.setdefault(part.department_id, []).append(part)
    return Standing(
        task,
        lead,
        found.get(lead.id, []),
        [PartLine(departments[one], found[one], versions.get(one, [])) for one in others],
    )


def may_read(actor: Actor, department_id: int, lead_id: int) -> bool:
    """Each department its own parts, and those handed to it; the home department the county's."""
    targets = (Target(actor.jurisdiction_id, one) for one in (department_id, lead_id))
    return any(may(actor, Action.SUMMARY_READ, one) for one in targets)


def content_of(part: SummaryPart) -> dict[str, Any]:
    """What is frozen in it."""
    told: dict[str, Any] = json.loads(part.content)
    return told


def texts_of(part: SummaryPart) -> Mapping[str, str]:
    """Field → number as it was handed over."""
    return {name: str(n) for name, n in content_of(part)["lines"][0]["numbers"].items()}


def visits_of(part: SummaryPart, department: str) -> list[VisitPart]:
    """The visits as they were handed over."""
    return parse_visits(content_of(part)["visits"], department)
