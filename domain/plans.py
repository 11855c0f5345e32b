"""Annual plans as published, read row by row (R013, R019–R033, R039).

`parse_plan` takes the cells of a table, header first; `plan_files` gets them out of a file. Every
row of the five source tables is accepted, odd ones with notes; what cannot be understood is refused
with row and column, because a plan read wrongly draws the wrong firms.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import fault
from domain.plan_cells import (
    DrawMode,
    DrawType,
    Ratio,
    Window,
    parse_draw_mode,
    parse_draw_type,
    parse_ratio,
    parse_tiers,
    parse_window,
    plain_text,
)
from domain.plan_headers import PlanKind, detect_kind, is_header
from domain.plan_parties import Duty, DutyRole, parse_duties, parse_parties
from domain.plan_rows import Note, PlanRow, read_row

__all__ = [
    "DrawMode",
    "DrawType",
    "Duty",
    "DutyRole",
    "Note",
    "Ownership",
    "ParsedPlan",
    "PlanKind",
    "PlanRow",
    "Ratio",
    "Window",
    "ownership",
    "parse_draw_mode",
    "parse_draw_type",
    "parse_duties",
    "parse_parties",
    "parse_plan",
    "parse_ratio",
    "parse_tiers",
    "parse_window",
    "part_of",
    "plain_text",
    "propose_task_no",
]

MAX_TASK_NUMBER = 999


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """A whole table; `rows` in file order, at least one."""

    kind: PlanKind
    rows: tuple[PlanRow, ...]


class Ownership(StrEnum):
    """What a row of a county plan means to one bureau. CITY: drawn by city departments, imported
    but not counted as own (part 7 row 30)."""

    INITIATING = "initiating"
    COOPERATING = "cooperating"
    CITY = "city"
    OTHER = "other"


def parse_plan(
    rows: Sequence[Sequence[str]], year: int | None = None, first_row: int = 1
) -> ParsedPlan:
    """Reads header and rows; `year` is the plan's, for windows that name none. Empty rows are
    skipped. `first_row` is the header's number in the file. Raises `plan.empty`,
    `plan.unknown_header`, and `plan.malformed` with `row`, `column` and `reason` (a code: ragged
    row, blank cell, unreadable ratio, window, type or mode, repeated number)."""
    if not rows:
        raise fault("plan.empty")
    kind, columns = detect_kind(rows[0])
    parsed: list[PlanRow] = []
    for number, cells in enumerate(rows[1:], start=first_row + 1):
        if not any(cell.strip() for cell in cells) or is_header(cells, columns):
            continue
        if len(cells) != len(columns):
            details = {"found": len(cells), "expected": len(columns)}
            column = columns[min(len(cells), len(columns) - 1)]
            raise fault(
                "plan.malformed", row=number, column=column, reason="plan.ragged", **details
            )
        parsed.append(read_row(kind, number, dict(zip(columns, cells, strict=True)), year))
    if not parsed:
        raise fault("plan.empty")
    _refuse_repeats(parsed)
    return ParsedPlan(kind, tuple(parsed))


def ownership(row: PlanRow, our_names: Collection[str]) -> Ownership:
    """What the row means to the bureau known by `our_names` (its alias table). A bureau's own
    internal plan is always its own."""
    part = part_of(
        row.kind,
        (*row.initiators, *row.lead_units),
        (*row.cooperators, *row.inspecting_bodies),
        our_names,
    )
    if part is not None:
        return part
    return Ownership.CITY if _is_city(row) else Ownership.OTHER


def part_of(
    kind: PlanKind, leading: Collection[str], helping: Collection[str], our_names: Collection[str]
) -> Ownership | None:
    """The bureau's part in a task with these bodies; None where it has none."""
    ours = {"".join(name.split()) for name in our_names}
    if kind is PlanKind.INTERNAL or ours & {*leading}:
        return Ownership.INITIATING
    return Ownership.COOPERATING if ours & {*helping} else None


def propose_task_no(is_joint: bool, year: int, number: int) -> str:
    """内 or 联, the year, three digits: 联2024033 (R023, part 7 row 32). Raises
    `plan.numbers_exhausted` outside 1–999."""
    if not 1 <= number <= MAX_TASK_NUMBER:
        raise fault("plan.numbers_exhausted", year=year)
    return f"{'联' if is_joint else '内'}{year:04d}{number:03d}"


def _is_city(row: PlanRow) -> bool:
    if row.draw_modes:
        return all(mode in (DrawMode.CITY, DrawMode.CITY_COUNTY) for mode in row.draw_modes)
    # A city bureau's branch in the county (市生态环境局阳城分局) acts for the county.
    return bool(row.initiators) and all(
        body.startswith("市") and not body.endswith("分局") and not body.startswith("市场")
        for body in row.initiators
    )


def _refuse_repeats(rows: Sequence[PlanRow]) -> None:
    seen: dict[object, int] = {}
    for row in rows:
        key = row.official_task_no or row.seq
        if key is None:
            continue
        if key in seen:
            column = "抽查任务编号" if row.official_task_no else "序号"
            raise fault(
                "plan.malformed",
                row=row.row,
                column=column,
                reason="plan.duplicate",
                other=seen[key],
            )
        seen[key] = row.row
