"""Lookup: a year's numbers up to a day, each as the ids it counts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from domain.access import Actor
from domain.plans import PlanKind
from domain.reports.annex1 import Visit
from domain.reports.annual import YearNumbers
from domain.reports.task_summary import DISPOSALS
from server.accounts.models import Department
from server.db import db
from server.followup.models import FollowUp
from server.inspections.models import Inspection, Sheet
from server.planning.service import list_own_tasks
from server.publication.models import Publication
from server.reports.overview import DrawOfReport, end_of, list_draws_of
from server.results.models import SheetVersion


def count_year(actor: Actor, day: date, register: int | None) -> YearNumbers:
    """From 1 January up to and with ``day``, as the records stood when it ended; of a case the
    disposal is the one decided on by now."""
    county = actor.jurisdiction_id
    draws = list_draws_of(
        county, day.replace(month=1, day=1), day, own_on_platform=True, with_province=True
    )
    joint = [one for one in draws if one.counted.is_joint]
    market = [one for one in draws if _with(one, Visit.MARKET)]
    standing = standing_of(county, [one.counted.id for one in draws], day)
    tasks = list_own_tasks(actor, day.year)
    drawn = {one.draw.task_id for one in draws}
    ids: dict[str, list[int]] = {
        "tasks": [one.id for one in tasks],
        "tasks_joint": [one.id for one in tasks if one.plan.kind != PlanKind.INTERNAL],
        "tasks_drawn": sorted(drawn),
        "draws": [one.counted.id for one in draws],
        "draws_joint": [one.counted.id for one in joint],
        "draws_market": [one.counted.id for one in market],
        "draws_classes": [one.counted.id for one in market if one.counted.used_classes],
        "visits": _visits(draws, Visit.PLAIN),
        "visits_joint": _visits(joint, Visit.PLAIN),
        "firms": _ids(select(Inspection.firm_id).where(standing).distinct()),
        "done": _visits(draws, Visit.DONE),
        "problems": _visits(draws, Visit.PROBLEM),
        **_cases(standing, day),
        **_results(standing, day),
    }
    return YearNumbers(ids, register)


def standing_of(county: int, draws: list[int], day: date) -> ColumnElement[bool]:
    """Of a visit of these draws: not taken back by the end of the day."""
    return and_(
        Inspection.jurisdiction_id == county,
        Inspection.draw_id.in_(draws),
        or_(Inspection.withdrawn_at.is_(None), Inspection.withdrawn_at >= end_of(day)),
    )


def _with(draw: DrawOfReport, needed: Visit) -> list[int]:
    visits = draw.counted.visits.items()
    return [one for known, ids in visits if known & needed == needed for one in ids]


def _visits(draws: list[DrawOfReport], needed: Visit) -> list[int]:
    return sorted(one for draw in draws for one in _with(draw, needed))


def _cases(standing: ColumnElement[bool], day: date) -> dict[str, list[int]]:
    opened = (
        select(FollowUp.id)
        .join(Inspection, FollowUp.inspection_id == Inspection.id)
        .where(standing, FollowUp.state != "void", FollowUp.opened_at < end_of(day))
    )
    decided = opened.where(FollowUp.decided_at < end_of(day))
    return {
        "cases": _ids(opened),
        "decided": _ids(decided),
        **{
            key: _ids(decided.where(FollowUp.disposal == disposal))
            for key, disposal in DISPOSALS.items()
        },
        "closed": _ids(decided.where(FollowUp.state == "done", FollowUp.done_on <= day)),
    }


def _results(standing: ColumnElement[bool], day: date) -> dict[str, list[int]]:
    own = (
        select(Sheet.id)
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .join(Department, Sheet.department_id == Department.id)
        .where(standing, Department.is_home)
        .where(func.coalesce(Sheet.ended_on, Inspection.ended_on) <= day)
    )
    version = (
        select(SheetVersion.sheet_id, func.max(SheetVersion.version).label("version"))
        .where(SheetVersion.entered_at < end_of(day))
        .group_by(SheetVersion.sheet_id)
        .subquery()
    )
    newest = (
        select(func.max(Publication.id))
        .group_by(Publication.sheet_id, Publication.version)
        .scalar_subquery()
    )
    entered = own.join(version, version.c.sheet_id == Sheet.id)
    published = (
        select(Publication.id)
        .where(
            Publication.sheet_id == Sheet.id,
            Publication.version >= version.c.version,
            Publication.id.in_(newest),
            Publication.is_void.is_(False),
            Publication.published_on <= day,
        )
        .exists()
    )
    return {
        "ended": _ids(own),
        "entered": _ids(entered),
        "published": _ids(entered.where(published)),
    }


def _ids(query: object) -> list[int]:
    return sorted(db.session.scalars(query))  # type: ignore[call-overload]
