"""A task as its row of the printed table: the columns of its kind of plan, in their order."""

from collections.abc import Mapping
from typing import Any, Final

from domain.plan_cells import DRAW_MODES, DRAW_TYPES
from domain.plan_headers import COLUMNS, PlanKind

Cells = dict[str, str]
_TYPE_WORDS: Final = {str(kind): word for word, kind in DRAW_TYPES.items()}
_MODE_WORDS: Final = {str(mode): word for word, mode in DRAW_MODES.items()}


def columns_of(kind: PlanKind) -> tuple[str, ...]:
    """The columns of the kind's table as the bureaus print them."""
    return PRINTED_ORDER.get(kind) or tuple(COLUMNS[kind])


def print_cells(kind: PlanKind, values: Mapping[str, Any], seq: int) -> Cells:
    """Column → text, every column of the kind. What the kind has no value for is empty."""
    fields = _fields(values, seq)
    return {column: fields.get(field, "") for column, field in COLUMNS[kind].items()}


def reprint_cells(
    kind: PlanKind,
    cells: Mapping[str, str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    seq: int,
) -> Cells:
    """The row with new text only in the columns whose value changed: what nobody touched stays as
    it was printed, blanks and all."""
    old, new = print_cells(kind, before, seq), print_cells(kind, after, seq)
    return {
        **{column: str(text) for column, text in cells.items()},
        **{column: new[column] for column in new if new[column] != old[column]},
    }


def _fields(values: Mapping[str, Any], seq: int) -> dict[str, str]:
    leads = values.get("lead_units") or []
    initiators = [body for body in values["initiators"] if body not in leads]
    duties = []
    if initiators:
        duties.append("、".join(initiators) + "发起")
    if leads:
        duties.append("、".join(leads) + "牵头")
    modes = [_MODE_WORDS.get(one, one) for one in str(values.get("draw_mode") or "").split()]
    is_leading = bool(values["initiators"])
    unit = (values["initiators"] or values["cooperators"] or [""])[0]
    return {
        "seq": str(seq),
        "task_name": values["name"],
        "items": values["item_text"],
        "objects": values["object_scope"],
        "window": values["window_text"],
        "ratio": values["ratio_text"],
        "credit_risk": values["risk_text"],
        "initiators": "、".join(values["initiators"]),
        "cooperators": "、".join(values["cooperators"]),
        "inspecting_bodies": "、".join(values["inspecting_bodies"]),
        "duties": "/".join(duties),
        "draw_type": _TYPE_WORDS.get(values["draw_type"], ""),
        "draw_modes": " ".join(modes),
        "official_task_no": values.get("official_no") or "",
        "unit": unit,
        "duty": "牵头单位" if is_leading else "责任单位",
    }


# As the source documents print them; a kind without an entry has its columns in that order already.
PRINTED_ORDER: Final[Mapping[PlanKind, tuple[str, ...]]] = {
    PlanKind.INTERNAL: (
        "序号", "抽查任务名称", "抽查类型", "抽查事项", "抽查对象范围", "抽查比例/数量",
        "信用风险分类监管", "抽查起止时间", "发起主体/指导单位", "检查主体",
    ),
    PlanKind.JOINT: (
        "序号", "抽查任务名称", "抽查事项", "抽查对象范围", "抽查比例及频次",
        "智慧监管(信用风险分类)要求", "抽查起止时间", "发起部门", "配合部门",
    ),
    PlanKind.COUNTY_JOINT: (
        "序号", "抽查任务名称", "抽查事项", "抽查对象范围", "抽查比例及频次",
        "智慧监管(信用风险分类)要求", "抽查起止时间", "发起部门", "配合部门", "抽查检查模式",
    ),
}  # fmt: skip
