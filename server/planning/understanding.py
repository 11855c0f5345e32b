"""Reading a parsed plan as this bureau's: whose task each row is, its number, its checklists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from domain.access import Actor
from domain.errors import fault
from domain.plans import Ownership, ParsedPlan, PlanKind, PlanRow, ownership, propose_task_no
from server.accounts.service import list_departments
from server.db import db
from server.planning.matching import match_checklists
from server.planning.models import PlanTask
from server.registry.models import Checklist
from server.registry.service import list_checklists, owner_of

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
    lead_units: tuple[str, ...]
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


def understand_plan(
    actor: Actor | None, parsed: ParsedPlan, year: int, file_name: str
) -> tuple[UnderstoodRow, ...]:
    """Every row in file order, task numbers going on from the county's other plans."""
    names = our_names()
    checklists = list_checklists(actor)
    numbers = TaskNumbers(owner_of(actor), year)
    return tuple(
        _understand_row(row, position, names, checklists, numbers, file_name)
        for position, row in enumerate(parsed.rows, start=1)
    )


def our_names() -> set[str]:
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
    home_names: set[str],
    checklists: Sequence[Checklist],
    numbers: TaskNumbers,
    file_name: str,
) -> UnderstoodRow:
    _refuse_absurd(row)
    owned = ownership(row, home_names)
    match = match_checklists(row, position, file_name, owned, checklists)
    return UnderstoodRow(
        row=position,
        task_no=numbers.next_for(row.kind)
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
        lead_units=row.lead_units,
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


class TaskNumbers:
    """Own numbers 内2026001, 联2026001 …, going on where the year's other plans stopped."""

    def __init__(self, jurisdiction_id: int, year: int) -> None:
        query = select(PlanTask.task_no).where(PlanTask.jurisdiction_id == jurisdiction_id)
        taken = list(db.session.scalars(query))
        self._year = year
        self._last = {
            mark: max((int(no[5:]) for no in taken if _is_own_number(no, mark, year)), default=0)
            for mark in "内联"
        }

    def next_for(self, kind: PlanKind) -> str:
        is_joint = kind is not PlanKind.INTERNAL
        mark = "联" if is_joint else "内"
        self._last[mark] += 1
        return propose_task_no(is_joint, self._year, self._last[mark])


def _is_own_number(number: str, mark: str, year: int) -> bool:
    return re.fullmatch(rf"{mark}{year:04d}\d{{3}}", number) is not None
