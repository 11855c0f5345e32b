"""Use case: an annual plan from its published table, whole or not at all (R013, R019–R032)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from domain.access import Actor
from domain.errors import fault
from domain.plan_files import read_csv_rows
from domain.plans import (
    Ownership,
    ParsedPlan,
    PlanKind,
    PlanRow,
    ownership,
    parse_plan,
    propose_task_no,
)
from server.accounts.service import list_departments
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.planning.matching import match_checklists
from server.planning.models import Plan, PlanTask
from server.registry.models import Checklist
from server.registry.service import list_checklists, owner_of, person_id_of, take_turns
from server.runtime import now, today

TITLES = {
    PlanKind.INTERNAL: "{year} 年度部门内部随机抽查工作计划",
    PlanKind.JOINT: "{year} 年度部门联合随机抽查工作计划",
    PlanKind.COUNTY_JOINT: "{year} 年度全县部门联合随机抽查工作计划",
    PlanKind.NUMBERED_JOINT: "{year} 年度部门联合随机抽查工作计划",
    PlanKind.CAMPAIGN: "{year} 年跨部门联合随机抽查",
}
MAX_NUMBER_CHARACTERS = 40
MAX_TIMES_PER_YEAR = 366
MAX_FIRMS = 1_000_000
OWN = {Ownership.INITIATING, Ownership.COOPERATING}


@dataclass(frozen=True, slots=True)
class UnderstoodRow:
    """One row of the plan as it was read; ``cells`` is what stood there."""

    row: int
    task_no: str
    official_no: str | None
    name: str
    item_text: str
    object_scope: str
    ratio_text: str
    ratio_percent: Decimal
    is_minimum: bool
    times_per_year: int | None
    fixed_count: int | None
    risk_text: str
    uses_risk: bool
    window_text: str
    start_month: int
    end_month: int
    draw_type: str
    draw_mode: str
    initiators: tuple[str, ...]
    cooperators: tuple[str, ...]
    inspecting_bodies: tuple[str, ...]
    ownership: str
    category: str | None
    checklist_codes: tuple[str, ...]
    notes: tuple[str, ...]
    cells: dict[str, str]

    @property
    def is_own(self) -> bool:
        """Whether the bureau takes part."""
        return self.ownership in OWN


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
    """Reads a plan of any of the five known tables and stores it unless ``dry_run``.

    ``year`` is the plan's; without it the windows, then the file's name, then today's date say.
    The same bytes again change nothing. Raises ``plan.malformed`` (row, column, reason),
    ``plan.unknown_header``, ``plan.encoding`` or ``plan.empty``, and then nothing is stored.
    """
    cells = read_csv_rows(data)
    stated = year or _year_in(file_name) or today().year
    parsed = parse_plan(cells, stated)
    plan_year = year or parsed.rows[0].window.year or stated
    digest = hashlib.sha256(data).hexdigest()
    with unit_of_work() as work:
        take_turns(owner_of(actor))
        known = _find_by_digest(owner_of(actor), digest)
        rows = _understand(actor, parsed, plan_year, file_name)
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


def _find_by_digest(jurisdiction_id: int, digest: str) -> Plan | None:
    return db.session.scalar(
        select(Plan).where(Plan.jurisdiction_id == jurisdiction_id, Plan.file_sha256 == digest)
    )


def _year_in(file_name: str) -> int | None:
    match = re.search(r"(?<!\d)20\d\d(?!\d)", file_name)
    return int(match.group()) if match else None


def _title(parsed: ParsedPlan, year: int) -> str:
    return TITLES[parsed.kind].format(year=year)


def _understand(
    actor: Actor | None, parsed: ParsedPlan, year: int, file_name: str
) -> tuple[UnderstoodRow, ...]:
    names = _our_names()
    checklists = list_checklists(actor)
    numbers = _TaskNumbers(owner_of(actor), year)
    return tuple(
        _understand_row(row, position, names, checklists, numbers, file_name)
        for position, row in enumerate(parsed.rows, start=1)
    )


def _our_names() -> set[str]:
    """Every spelling of the home department (part 7 row 29)."""
    return {
        name
        for department in list_departments()
        if department.is_home
        for name in (department.name, *(alias.alias for alias in department.aliases))
    }


def _understand_row(
    row: PlanRow,
    position: int,
    our_names: set[str],
    checklists: Sequence[Checklist],
    numbers: _TaskNumbers,
    file_name: str,
) -> UnderstoodRow:
    _refuse_absurd(row)
    owned = ownership(row, our_names)
    match = match_checklists(row, position, file_name, owned, checklists)
    return UnderstoodRow(
        row=position,
        task_no=numbers.next_for(row)
        if owned in OWN
        else str(row.seq or position)[:MAX_NUMBER_CHARACTERS],
        official_no=row.official_task_no,
        name=row.task_name or row.items,
        item_text=row.items,
        object_scope=row.objects,
        ratio_text=row.ratio.text,
        ratio_percent=row.ratio.percent,
        is_minimum=row.ratio.is_minimum,
        times_per_year=row.ratio.times,
        fixed_count=row.ratio.fixed_count,
        risk_text=row.credit_risk,
        uses_risk=bool(row.tiers),
        window_text=row.window.text,
        start_month=row.window.start_month,
        end_month=row.window.end_month,
        draw_type=str(row.draw_type or ""),
        draw_mode=" ".join(dict.fromkeys(str(mode) for mode in row.draw_modes)),
        initiators=tuple(dict.fromkeys((*row.initiators, *row.lead_units))),
        cooperators=row.cooperators,
        inspecting_bodies=row.inspecting_bodies,
        ownership=str(owned),
        category=match.category,
        checklist_codes=match.codes,
        notes=tuple(
            f"{note.code}:{note.details['count']}" if "count" in note.details else note.code
            for note in row.notes
        ),
        cells=dict(row.cells),
    )


def _refuse_absurd(row: PlanRow) -> None:
    """Numbers that no plan means and no column holds."""
    ratio, number = row.ratio, row.official_task_no or ""
    column = reason = ""
    if (ratio.times or 0) > MAX_TIMES_PER_YEAR or (ratio.fixed_count or 0) > MAX_FIRMS:
        column = next(name for name, cell in row.cells.items() if cell == ratio.text)
        reason = "plan.bad_ratio"
    elif len(number) > MAX_NUMBER_CHARACTERS:
        column, reason = "抽查任务编号", "checklist.unknown_value"
    if reason:
        raise fault("plan.malformed", row=row.row, column=column, reason=reason, text=ratio.text)


class _TaskNumbers:
    """Own numbers 内2026001, 联2026001 …, going on where the year's other plans stopped."""

    def __init__(self, jurisdiction_id: int, year: int) -> None:
        query = select(PlanTask.task_no).where(PlanTask.jurisdiction_id == jurisdiction_id)
        taken = list(db.session.scalars(query))
        self._year = year
        self._last = {
            mark: max((int(no[5:]) for no in taken if _is_own_number(no, mark, year)), default=0)
            for mark in "内联"
        }

    def next_for(self, row: PlanRow) -> str:
        is_joint = row.kind is not PlanKind.INTERNAL
        mark = "联" if is_joint else "内"
        self._last[mark] += 1
        return propose_task_no(is_joint, self._year, self._last[mark])


def _is_own_number(number: str, mark: str, year: int) -> bool:
    return re.fullmatch(rf"{mark}{year:04d}\d{{3}}", number) is not None


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
    for name in ("initiators", "cooperators", "inspecting_bodies", "checklist_codes", "notes"):
        values[name] = list(values[name])
    # The whole cell stays in ``cells``; these columns are for lists and have a width.
    values["ratio_text"] = row.ratio_text[:200]
    values["window_text"] = row.window_text[:80]
    return PlanTask(jurisdiction_id=jurisdiction_id, **values)
