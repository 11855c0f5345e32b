"""Use case: an annual plan from its published table, whole or not at all (R013, R019–R032)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from domain.access import Action, Actor
from domain.plan_files import read_csv_rows
from domain.plan_headers import find_header
from domain.plans import ParsedPlan, PlanKind, parse_plan
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.planning.models import Plan, PlanTask
from server.planning.understanding import UnderstoodRow, understand_plan
from server.planning.workbook import is_workbook, read_workbook_rows
from server.registry.keeping import require_keeper
from server.registry.service import owner_of, person_id_of, take_turns
from server.runtime import now, today

TITLES = {
    PlanKind.INTERNAL: "{year} 年度部门内部随机抽查工作计划",
    PlanKind.JOINT: "{year} 年度部门联合随机抽查工作计划",
    PlanKind.COUNTY_JOINT: "{year} 年度全县部门联合随机抽查工作计划",
    PlanKind.NUMBERED_JOINT: "{year} 年度部门联合随机抽查工作计划",
    PlanKind.CAMPAIGN: "{year} 年跨部门联合随机抽查",
}

_LISTS = (
    "initiators", "lead_units", "cooperators", "inspecting_bodies", "checklist_codes", "notes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportReport:
    """``imported`` is 0 for a dry run and for a file that was imported before (``is_unchanged``);
    ``plan_id`` is None after a dry run."""

    file_name: str
    kind: str
    year: int
    title: str
    plan_id: int | None
    imported: int
    is_unchanged: bool
    is_dry_run: bool
    rows: tuple[UnderstoodRow, ...]

    @property
    def own(self) -> int:
        """Rows in which the bureau takes part."""
        return sum(row.is_own for row in self.rows)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; ratios are texts."""
        return {
            "imported": self.imported,
            "unchanged": self.is_unchanged,
            "dry_run": self.is_dry_run,
            "plan": self.plan_id,
            "file": self.file_name,
            "kind": self.kind,
            "year": self.year,
            "title": self.title,
            "own": self.own,
            "rows": [asdict(row) | {"ratio_percent": str(row.ratio_percent)} for row in self.rows],
        }


def import_plan(
    actor: Actor | None,
    file_name: str,
    data: bytes,
    year: int | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Reads a plan of any of the five known tables, CSV or XLSX, and stores it unless ``dry_run``.

    ``year`` is the plan's; without it the windows, then the file's name, then today's date say.
    The same bytes again change nothing. Raises ``plan.malformed`` (row, column, reason),
    ``plan.unknown_header``, ``plan.encoding``, ``plan.unreadable_workbook`` or ``plan.empty``, and
    then nothing is stored.
    """
    require_keeper(actor, Action.PLAN_IMPORT)
    stated = year or _year_in(file_name) or today().year
    parsed = _parse(data, stated)
    plan_year = year or parsed.rows[0].window.year or stated
    digest = hashlib.sha256(data).hexdigest()
    with unit_of_work() as work:
        take_turns(owner_of(actor))
        known = _find_by_digest(owner_of(actor), digest)
        rows = understand_plan(actor, parsed, plan_year, file_name)
        if known is None and not dry_run:
            known = _store(actor, parsed, rows, plan_year, file_name, digest)
            work.flush()
            imported = len(rows)
        else:
            imported = 0
        return ImportReport(
            file_name=file_name,
            kind=str(parsed.kind),
            year=plan_year,
            title=_title(parsed, plan_year),
            plan_id=known.id if known else None,
            imported=imported,
            is_unchanged=known is not None and imported == 0,
            is_dry_run=dry_run,
            rows=rows,
        )


def _parse(data: bytes, year: int) -> ParsedPlan:
    cells = read_workbook_rows(data) if is_workbook(data) else read_csv_rows(data)
    top = find_header(cells)
    rows = cells[top:]
    width = max((n for n, cell in enumerate(rows[0], start=1) if cell.strip()), default=0)
    # A spreadsheet's range is wider than its table; beyond the header only blanks may stand.
    if width and not any(cell.strip() for row in rows for cell in row[width:]):
        rows = [row[:width] for row in rows]
    return parse_plan(rows, year, first_row=top + 1)


def _find_by_digest(jurisdiction_id: int, digest: str) -> Plan | None:
    return db.session.scalar(
        select(Plan).where(Plan.jurisdiction_id == jurisdiction_id, Plan.file_sha256 == digest)
    )


def _year_in(file_name: str) -> int | None:
    match = re.search(r"(?<!\d)20\d\d(?!\d)", file_name)
    return int(match.group()) if match else None


def _title(parsed: ParsedPlan, year: int) -> str:
    return TITLES[parsed.kind].format(year=year)


def _store(
    actor: Actor | None,
    parsed: ParsedPlan,
    rows: Sequence[UnderstoodRow],
    year: int,
    file_name: str,
    digest: str,
) -> Plan:
    owner = owner_of(actor)
    plan = Plan(
        jurisdiction_id=owner,
        kind=str(parsed.kind),
        year=year,
        title=_title(parsed, year),
        file_name=file_name[-200:],
        file_sha256=digest,
        imported_by=person_id_of(actor),
        imported_at=now(),
        tasks=[_task(owner, row) for row in rows],
    )
    db.session.add(plan)
    write_event(
        owner, person_id_of(actor), "plan.imported", f"sha256:{digest}", tasks=len(rows), year=year
    )
    return plan


def _task(jurisdiction_id: int, row: UnderstoodRow) -> PlanTask:
    values = asdict(row)
    values["row_no"] = values.pop("row")
    for name in _LISTS:
        values[name] = list(values[name])
    # The whole cell stays in ``cells``; these columns are for lists and have a width.
    values["ratio_text"] = row.ratio_text[:200]
    values["window_text"] = row.window_text[:80]
    return PlanTask(jurisdiction_id=jurisdiction_id, **values)
