"""Headers of the plan tables in use, and which one a file has (R019–R023; domain research part 2).

Every kind is known by its columns. Spelling of a header cell is forgiven (brackets, blanks, the two
wordings of the period found in one printed table), its absence is not.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from domain.errors import fault


class PlanKind(StrEnum):
    """INTERNAL and JOINT are a bureau's two tables, COUNTY_JOINT the county office's joint plan,
    NUMBERED_JOINT a joint plan with official task numbers, CAMPAIGN one task listed by
    department."""

    INTERNAL = "internal"
    JOINT = "joint"
    COUNTY_JOINT = "county_joint"
    NUMBERED_JOINT = "numbered_joint"
    CAMPAIGN = "campaign"


ROWS_ABOVE: Final = 10
# Column → the field of a plan row it fills.
_COMMON: Final = {
    "序号": "seq",
    "抽查任务名称": "task_name",
    "抽查事项": "items",
    "抽查对象范围": "objects",
    "抽查起止时间": "window",
}
_JOINT: Final = {
    **_COMMON,
    "抽查比例及频次": "ratio",
    "智慧监管(信用风险分类)要求": "credit_risk",
    "发起部门": "initiators",
    "配合部门": "cooperators",
}
COLUMNS: Final[Mapping[PlanKind, Mapping[str, str]]] = {
    PlanKind.INTERNAL: {
        **_COMMON,
        "抽查类型": "draw_type",
        "抽查比例/数量": "ratio",
        "信用风险分类监管": "credit_risk",
        "发起主体/指导单位": "duties",
        "检查主体": "inspecting_bodies",
    },
    PlanKind.JOINT: _JOINT,
    PlanKind.COUNTY_JOINT: {**_JOINT, "抽查检查模式": "draw_modes"},
    PlanKind.NUMBERED_JOINT: {
        "抽查计划编号": "plan_no",
        "抽查计划名称": "plan_name",
        "抽查任务编号": "official_task_no",
        "抽查任务名称": "task_name",
        "抽查类型": "draw_type",
        "抽查比例": "ratio",
        "抽查事项": "items",
        "抽查对象范围": "objects",
        "发起部门": "initiators",
        "联合部门": "cooperators",
        "抽查时间": "window",
    },
    PlanKind.CAMPAIGN: {
        "抽查单位": "unit",
        "职责分工": "duty",
        "抽查事项": "items",
        "抽查对象": "objects",
        "抽查比例": "ratio",
        "抽查时间": "window",
    },
}
_ALIASES: Final = {
    # Pages 2 and 8 of the county plan print the longer wording.
    "抽查检查起止时间": "抽查起止时间",
    # The bureau's own table closes the bracket one word later.
    "智慧监管(信用风险分类要求)": "智慧监管(信用风险分类)要求",
}


def detect_kind(header: Sequence[str]) -> tuple[PlanKind, list[str]]:
    """The kind and the canonical name of each header cell. Raises `plan.unknown_header` when no
    kind comes near, `plan.malformed` (row 1) naming a missing, unknown or repeated column."""
    names = [_canonical(cell) for cell in header]
    kind = max(PlanKind, key=lambda one: _likeness(names, one))
    known = COLUMNS[kind]
    if 2 * sum(name in known for name in set(names)) < len(known):
        raise fault("plan.unknown_header", columns=[cell for cell in header if cell.strip()])
    for column in known:
        if column not in names:
            raise fault("plan.malformed", row=1, column=column, reason="plan.missing_column")
    for position, name in enumerate(names):
        if name not in known:
            shown = header[position].strip() or str(position + 1)
            raise fault("plan.malformed", row=1, column=shown, reason="plan.unknown_column")
        if name in names[:position]:
            raise fault("plan.malformed", row=1, column=name, reason="plan.repeated_column")
    return kind, names


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """The place of the header among the first rows: spreadsheets carry a title above it. 0 where
    none of them looks like one, so that the refusal names what stands on top."""
    for number, row in enumerate(rows[:ROWS_ABOVE]):
        names = {_canonical(cell) for cell in row}
        if any(2 * len(names & set(known)) >= len(known) for known in COLUMNS.values()):
            return number
    return 0


def is_header(row: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether the row is the header once more, as on a table's later pages."""
    return [_canonical(cell) for cell in row] == list(columns)


def _likeness(names: Sequence[str], kind: PlanKind) -> int:
    known, found = set(COLUMNS[kind]), set(names)
    return len(known & found) - len(known - found) - len(found - known)


def _canonical(cell: str) -> str:
    name = "".join(unicodedata.normalize("NFKC", cell.replace("\ufeff", "")).split())
    return _ALIASES.get(name, name)
