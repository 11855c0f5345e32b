"""Lookups: reports as they were made, what they say otherwise than the one before, and the lists
behind their numbers. A report is never read again from the tables it was counted from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import undefer

from domain.access import Action, Actor
from domain.errors import fault
from domain.reports.differences import Difference, compare_reports
from domain.reports.frozen import (
    ReportKind,
    build_form,
    list_behind_ref,
    list_refs,
    list_texts,
)
from domain.reports.grid import Grid
from domain.reports.listed import Listed, ListOf, parse_lists
from server.accounts.service import list_person_names
from server.db import db
from server.guard import require
from server.registry.service import Page
from server.reports.models import Report
from server.reports.rows_overview import list_rows_of

ROWS_PER_PAGE = 200
# The first of a month is compared with the newest of the month before.
BY_MONTH = (ReportKind.ANNEX2,)


@dataclass(frozen=True)
class MadeReport:
    """One report. ``previous`` is the one it is compared with, None for the first of its kind."""

    row: Report
    maker: str
    content: Mapping[str, Any]
    previous: Report | None

    @cached_property
    def form(self) -> Grid:
        """As it is printed."""
        return build_form(self.content)

    @cached_property
    def differences(self) -> list[Difference]:
        """Against the previous one; empty without one."""
        if self.previous is None:
            return []
        return compare_reports(list_texts(json_of(self.previous)), self.texts)

    @cached_property
    def texts(self) -> dict[str, str]:
        """Ref → what it says."""
        return list_texts(self.content)

    @property
    def changes(self) -> dict[str, Difference]:
        """By ref."""
        return {one.ref: one for one in self.differences}

    def has_list(self, ref: str) -> bool:
        """Whether a list stands behind that number."""
        return ref in self.refs

    @cached_property
    def refs(self) -> set[str]:
        """Of the numbers with a list."""
        return set(list_refs(self.content))

    @cached_property
    def lists(self) -> list[Listed]:
        """Those that are kept as such: annex 1 reads its own from its draws."""
        return parse_lists(self.content.get("lists", ()))


@dataclass(frozen=True, slots=True)
class Behind:
    """The list behind one number, one page of it."""

    listed: Listed
    page: Page


def list_reports(actor: Actor, kind: str = "", year: int | None = None) -> list[Report]:
    """The newest first, without their content."""
    require(actor, Action.REPORT_READ)
    query = select(Report).order_by(Report.id.desc())
    if kind:
        query = query.where(Report.kind == kind)
    found = db.session.scalars(query)
    return [one for one in found if year is None or one.day.year == year]


def list_makers(reports: list[Report]) -> dict[int, str]:
    """Person → name."""
    return list_person_names({one.made_by for one in reports})


def get_report(actor: Actor, report_id: int) -> MadeReport:
    """Raises ``report.not_found``."""
    require(actor, Action.REPORT_READ)
    query = select(Report).options(undefer(Report.content)).where(Report.id == report_id)
    row = db.session.scalar(query)
    if row is None:
        raise fault("report.not_found")
    return MadeReport(
        row=row,
        maker=list_person_names({row.made_by})[row.made_by],
        content=json_of(row),
        previous=_find_previous(row),
    )


def list_behind(actor: Actor, report_id: int, ref: str, page: int) -> Behind:
    """What the number stood for when the report was made; each row as it is known today. Raises
    ``report.not_found``, ``report.no_list``."""
    made = get_report(actor, report_id)
    found = list_behind_ref(made.content, ref)
    if found is None:
        raise fault("report.no_list")
    ids = list(found.ids)
    last = max(1, -(-len(ids) // ROWS_PER_PAGE))
    number = min(max(1, page), last)
    shown = ids[(number - 1) * ROWS_PER_PAGE : number * ROWS_PER_PAGE]
    rows = list_rows_of(ListOf(found.of), shown)
    return Behind(found, Page(rows=rows, number=number, total=len(ids), size=ROWS_PER_PAGE))


def _find_previous(row: Report) -> Report | None:
    query = select(Report).where(Report.kind == row.kind, Report.period == row.period)
    if row.kind in BY_MONTH:
        query = select(Report).where(
            Report.kind == row.kind,
            tuple_(Report.period, Report.number) < tuple_(row.period, row.number),
        )
        return db.session.scalar(
            query.order_by(Report.period.desc(), Report.number.desc()).limit(1)
        )
    query = query.where(Report.number < row.number)
    return db.session.scalar(query.order_by(Report.number.desc()).limit(1))


def json_of(row: Report) -> dict[str, Any]:
    """What is frozen in it."""
    told: dict[str, Any] = json.loads(row.content)
    return told
