"""Lookup: the rows of a list behind a number, as they are known today."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from domain.reports.listed import ListOf
from server.accounts.models import Department
from server.clues.models import Clue
from server.clues.wording import kind_word, state_word
from server.db import db
from server.draws.models import Draw
from server.followup.models import FollowUp
from server.inspections.models import Inspection, Sheet
from server.planning.models import PlanTask
from server.registry.models import CheckEntry, Firm, InspectionItem
from server.runtime import SITE_ZONE


@dataclass(frozen=True, slots=True)
class Row:
    """``name`` is what it is, ``number`` its own number, ``about`` where it belongs, ``href`` where
    it lives."""

    name: str
    number: str
    about: str = ""
    day: date | None = None
    href: str = ""


def list_rows_of(of: ListOf, ids: Sequence[int | str]) -> list[Row]:
    """Those that are still on record, in the order of their numbers."""
    return _READERS[of](ids)


def _draws(ids: Sequence[int | str]) -> list[Row]:
    query = (
        select(PlanTask.name, Draw.public_id, PlanTask.task_no, Draw.drawn_at)
        .join(PlanTask, Draw.task_id == PlanTask.id)
        .where(Draw.id.in_(ids))
        .order_by(Draw.drawn_at, Draw.id)
    )
    return [
        Row(name, number, task_no, at.astimezone(SITE_ZONE).date() if at else None)
        for name, number, task_no, at in db.session.execute(query)
    ]


def _visits(ids: Sequence[int | str]) -> list[Row]:
    last = select(func.max(Sheet.ended_on)).where(Sheet.inspection_id == Inspection.id)
    query = (
        select(
            Inspection.id, Firm.name, Inspection.number, PlanTask.name,
            func.coalesce(Inspection.ended_on, last.scalar_subquery()),
        )
        .join(Firm, Inspection.firm_id == Firm.id)
        .join(PlanTask, Inspection.task_id == PlanTask.id)
        .where(Inspection.id.in_(ids))
        .order_by(Inspection.number, Inspection.id)
    )  # fmt: skip
    return [
        Row(name, number, about, day, f"/inspections/{visit}")
        for visit, name, number, about, day in db.session.execute(query)
    ]


def _results(ids: Sequence[int | str]) -> list[Row]:
    query = (
        select(
            Inspection.id, Firm.name, Inspection.number, Department.name,
            func.coalesce(Sheet.ended_on, Inspection.ended_on),
        )
        .select_from(Sheet)
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .join(Firm, Inspection.firm_id == Firm.id)
        .join(Department, Sheet.department_id == Department.id)
        .where(Sheet.id.in_(ids))
        .order_by(Inspection.number, Sheet.id)
    )  # fmt: skip
    return [
        Row(name, number, about, day, f"/inspections/{visit}")
        for visit, name, number, about, day in db.session.execute(query)
    ]


def _cases(ids: Sequence[int | str]) -> list[Row]:
    query = (
        select(FollowUp.id, FollowUp.item_text, FollowUp.item_code, Firm.name, FollowUp.opened_at)
        .join(Inspection, FollowUp.inspection_id == Inspection.id)
        .join(Firm, Inspection.firm_id == Firm.id)
        .where(FollowUp.id.in_(ids))
        .order_by(FollowUp.opened_at, FollowUp.id)
    )
    return [
        Row(text or code, code, firm, at.astimezone(SITE_ZONE).date(), f"/follow-up/{case}")
        for case, text, code, firm, at in db.session.execute(query)
    ]


def _tasks(ids: Sequence[int | str]) -> list[Row]:
    query = (
        select(PlanTask.name, PlanTask.task_no, PlanTask.object_scope)
        .where(PlanTask.id.in_(ids))
        .order_by(PlanTask.task_no, PlanTask.id)
    )
    return [Row(name, number, scope) for name, number, scope in db.session.execute(query)]


def _firms(ids: Sequence[int | str]) -> list[Row]:
    query = select(Firm.name, Firm.uscc, Firm.address).where(Firm.id.in_(ids)).order_by(Firm.uscc)
    return [Row(name, uscc, address or "") for name, uscc, address in db.session.execute(query)]


def _items(ids: Sequence[int | str]) -> list[Row]:
    query = (
        select(InspectionItem.name, InspectionItem.code, InspectionItem.objects)
        .where(InspectionItem.id.in_(ids))
        .order_by(InspectionItem.code)
    )
    return [Row(name, code, objects) for name, code, objects in db.session.execute(query)]


def _entries(ids: Sequence[int | str]) -> list[Row]:
    """By code: the newest list's words for each."""
    query = (
        select(CheckEntry.code, CheckEntry.text, InspectionItem.name)
        .join(InspectionItem, CheckEntry.inspection_item_id == InspectionItem.id)
        .where(CheckEntry.code.in_(ids))
        .order_by(CheckEntry.id)
    )
    found = {code: Row(text, code, item) for code, text, item in db.session.execute(query)}
    return [found.get(str(code), Row(str(code), str(code))) for code in ids]


def _clues(ids: Sequence[int | str]) -> list[Row]:
    """By number: what was reported is read where the clue is, by who may."""
    query = select(Clue).where(Clue.id.in_(ids)).order_by(Clue.received_at, Clue.id)
    return [
        Row(
            one.number, kind_word(one.kind), state_word(one.state),
            one.received_at.astimezone(SITE_ZONE).date(), f"/clues/{one.id}",
        )
        for one in db.session.scalars(query)
    ]  # fmt: skip


_READERS: Mapping[ListOf, Callable[[Sequence[int | str]], list[Row]]] = {
    ListOf.TASKS: _tasks,
    ListOf.DRAWS: _draws,
    ListOf.VISITS: _visits,
    ListOf.FIRMS: _firms,
    ListOf.RESULTS: _results,
    ListOf.CASES: _cases,
    ListOf.ITEMS: _items,
    ListOf.ENTRIES: _entries,
    ListOf.CLUES: _clues,
}
