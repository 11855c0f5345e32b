"""Lookup: what a period brought beside the year's numbers, each as the ids it counts."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from domain.access import Actor
from domain.clues import ClueState
from domain.reports.annual import YearNumbers
from domain.reports.evaluation import Effect
from domain.term_events import TermEventKind
from domain.terms import Term
from server.accounts.models import Department
from server.clues.models import Clue
from server.db import db
from server.deadlines.models import TermEventRow
from server.followup.models import FollowUp, Revisit, RevisitDraw
from server.inspections.models import Inspection, Sheet
from server.reports.annual_overview import count_year, standing_of
from server.reports.overview import end_of
from server.runtime import SITE_ZONE


def count_effect(actor: Actor, day: date, register: int | None) -> Effect:
    """From 1 January up to and with ``day``; as ``count_year`` for what both count."""
    year = count_year(actor, day, register)
    standing = standing_of(actor.jurisdiction_id, list(year.ids["draws"]), day)
    ids = {
        **year.ids,
        **_findings(standing, day),
        **_late(standing, day),
        **_revisits(actor, day),
        **_clues(actor, day),
        **_burden(standing),
    }
    return Effect(YearNumbers(ids, register), _days(standing, day))


def _findings(standing: ColumnElement[bool], day: date) -> dict[str, list[int]]:
    found = (
        select(Inspection.firm_id)
        .join(FollowUp, FollowUp.inspection_id == Inspection.id)
        .where(standing, FollowUp.state != "void", FollowUp.opened_at < end_of(day))
    )
    again = found.group_by(Inspection.firm_id, FollowUp.item_code).having(
        func.count(Inspection.id.distinct()) > 1
    )
    return {"problem_firms": _ids(found), "repeat_firms": _ids(again)}


def _late(standing: ColumnElement[bool], day: date) -> dict[str, list[int]]:
    """Whose term passed unmet at some time, whatever came of it afterwards."""
    results = (
        select(Sheet.id)
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .join(Department, Sheet.department_id == Department.id)
        .join(TermEventRow, _passed(Term.ENTRY, Sheet.id, day))
        .where(standing, Department.is_home)
        .where(func.coalesce(Sheet.ended_on, Inspection.ended_on) <= day)
    )
    cases = (
        select(FollowUp.id)
        .join(Inspection, FollowUp.inspection_id == Inspection.id)
        .join(TermEventRow, _passed(Term.FOLLOW_UP, FollowUp.id, day))
        .where(standing, FollowUp.state != "void", FollowUp.opened_at < end_of(day))
    )
    return {"late_results": _ids(results), "late_cases": _ids(cases)}


def _passed(term: Term, subject: InstrumentedAttribute[int], day: date) -> ColumnElement[bool]:
    return and_(
        TermEventRow.term == term.value,
        TermEventRow.subject_id == subject,
        TermEventRow.kind == TermEventKind.OVERDUE.value,
        TermEventRow.at < end_of(day),
    )


def _revisits(actor: Actor, day: date) -> dict[str, list[int]]:
    drawn = (
        select(Revisit.inspection_id)
        .join(RevisitDraw, Revisit.draw_id == RevisitDraw.id)
        .where(
            Revisit.jurisdiction_id == actor.jurisdiction_id,
            RevisitDraw.made_at >= _begin_of(day), RevisitDraw.made_at < end_of(day),
        )
    )  # fmt: skip
    made = drawn.where(Revisit.visited_on <= day)
    return {
        "revisits": _ids(drawn),
        "revisited": _ids(made),
        "not_corrected": _ids(made.where(Revisit.outcome != "corrected")),
    }


def _clues(actor: Actor, day: date) -> dict[str, list[int]]:
    came = select(Clue.id).where(
        Clue.jurisdiction_id == actor.jurisdiction_id,
        Clue.received_at >= _begin_of(day), Clue.received_at < end_of(day),
    )  # fmt: skip
    closed = came.where(Clue.state == ClueState.CLOSED.value)
    return {"clues": _ids(came), "clues_closed": _ids(closed)}


def _burden(standing: ColumnElement[bool]) -> dict[str, list[int]]:
    """``saved``: parts of visits at which another department was there already."""
    first = aliased(Sheet)
    more = (
        select(Sheet.id)
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .where(
            standing,
            select(first.id)
            .where(first.inspection_id == Sheet.inspection_id, first.id < Sheet.id)
            .exists(),
        )
    )
    again = select(Inspection.firm_id).where(standing).group_by(Inspection.firm_id)
    return {"saved": _ids(more), "again": _ids(again.having(func.count() > 1))}


def _days(standing: ColumnElement[bool], day: date) -> tuple[int, ...]:
    query = (
        select(FollowUp.opened_at, FollowUp.done_on)
        .join(Inspection, FollowUp.inspection_id == Inspection.id)
        .where(standing, FollowUp.state == "done", FollowUp.done_on <= day)
        .where(FollowUp.decided_at < end_of(day), FollowUp.opened_at < end_of(day))
    )
    return tuple(
        (done - opened.astimezone(SITE_ZONE).date()).days
        for opened, done in db.session.execute(query)
        if done is not None
    )


def _begin_of(day: date) -> datetime:
    return datetime.combine(day.replace(month=1, day=1), time(), SITE_ZONE)


def _ids(query: object) -> list[int]:
    return sorted(set(db.session.scalars(query)))  # type: ignore[call-overload]
