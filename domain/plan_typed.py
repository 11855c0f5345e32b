"""A task typed into a form, read by the parsers that read printed tables (R019–R032, R116).

What a cell of a table would be is typed as it is printed (`不低于5% 1次/年`, `3月-10月`); its text
is kept beside what was understood of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.bodies import is_coordinating
from domain.errors import Refused
from domain.plan_cells import DRAW_MODES, DrawType, parse_ratio, parse_tiers, parse_window
from domain.plan_headers import PlanKind
from domain.plan_parties import parse_parties

MAX_TIMES_PER_YEAR: Final = 366
MAX_FIRMS: Final = 1_000_000
WIDTHS: Final = {
    "name": 200,
    "official_no": 40,
    "item_text": 2000,
    "object_scope": 1000,
    "ratio_text": 200,
    "window_text": 80,
    "risk_text": 2000,
    "responsible_unit": 80,
    "completion_text": 80,
    "initiators": 400,
    "lead_units": 400,
    "cooperators": 400,
    "inspecting_bodies": 400,
}


@dataclass(frozen=True, slots=True)
class TypedTask:
    """The fields of the form; `item_names` are the names of `item_codes`, in the same order."""

    name: str = ""
    official_no: str = ""
    draw_type: str = str(DrawType.DIRECTED)
    item_codes: Sequence[str] = ()
    item_names: Sequence[str] = ()
    item_text: str = ""
    object_scope: str = ""
    category: str = ""
    ratio_text: str = ""
    times_per_year: int | None = None
    fixed_count: int | None = None
    window_text: str = ""
    initiators: str = ""
    lead_units: str = ""
    cooperators: str = ""
    inspecting_bodies: str = ""
    draw_mode: str = ""
    uses_risk: bool = False
    risk_text: str = ""
    checklist_codes: Sequence[str] = ()
    responsible_unit: str = ""
    completion_text: str = ""


Values = dict[str, Any]


def read_typed(kind: PlanKind, typed: TypedTask, year: int) -> tuple[Values, dict[str, Refused]]:
    """The task's values as a plan stores them (JSON-ready, the ratio as text), and what is wrong by
    field; one of them is empty. Bodies that only organise may not inspect (part 7 row 36)."""
    wrong = _refuse_texts(kind, typed)
    ratio = parse_ratio(typed.ratio_text)
    if isinstance(ratio, Refused):
        _mark(wrong, "ratio_text", ratio)
    window = parse_window(typed.window_text, year)
    if isinstance(window, Refused):
        _mark(wrong, "window_text", window)
    elif window.year not in (None, year):
        _mark(wrong, "window_text", Refused("plan.other_year", {"year": year}))
    bodies = parse_parties(typed.inspecting_bodies)
    for body in bodies:
        if is_coordinating(body):
            _mark(wrong, "inspecting_bodies", Refused("plan.group_inspects", {"text": body}))
    if isinstance(ratio, Refused) or isinstance(window, Refused):
        return {}, wrong
    times = _one_of(ratio.times, typed.times_per_year, "times_per_year", MAX_TIMES_PER_YEAR, wrong)
    count = _one_of(ratio.fixed_count, typed.fixed_count, "fixed_count", MAX_FIRMS, wrong)
    if wrong:
        return {}, wrong
    leads = parse_parties(typed.lead_units)
    item_text = typed.item_text.strip() or "；".join(typed.item_names)
    values = {
        "name": typed.name.strip(),
        "official_no": typed.official_no.strip() or None,
        "draw_type": typed.draw_type,
        "item_codes": list(typed.item_codes),
        "item_text": item_text,
        "object_scope": typed.object_scope.strip(),
        "category": typed.category or None,
        "ratio_text": typed.ratio_text.strip(),
        "ratio_percent": format(ratio.percent.normalize(), "f"),
        "is_minimum": ratio.is_minimum,
        "times_per_year": times,
        "fixed_count": count,
        "window_text": typed.window_text.strip(),
        "start_month": window.start_month,
        "end_month": window.end_month,
        "initiators": list(dict.fromkeys((*parse_parties(typed.initiators), *leads))),
        "lead_units": list(leads),
        "cooperators": list(parse_parties(typed.cooperators)),
        "inspecting_bodies": list(bodies),
        "draw_mode": typed.draw_mode if typed.draw_mode in DRAW_MODES.values() else "",
        "uses_risk": typed.uses_risk or bool(parse_tiers(typed.risk_text)),
        "risk_text": typed.risk_text.strip(),
        "checklist_codes": list(typed.checklist_codes),
        "responsible_unit": typed.responsible_unit.strip(),
        "completion_text": typed.completion_text.strip(),
    }
    return values, {}


def _refuse_texts(kind: PlanKind, typed: TypedTask) -> dict[str, Refused]:
    needed = ["name", "object_scope", "ratio_text", "window_text", "initiators"]
    if kind is not PlanKind.INTERNAL:
        needed.append("cooperators")
    wrong = {
        field: Refused("plan.too_long", {"max": width})
        for field, width in WIDTHS.items()
        if len(getattr(typed, field)) > width
    }
    wrong |= {field: Refused("plan.blank") for field in needed if not getattr(typed, field).strip()}
    # separators alone name nobody: a joint task without a partner could not be drawn as one
    wrong |= {
        field: Refused("plan.blank")
        for field in ("initiators", "cooperators")
        if field in needed and not parse_parties(getattr(typed, field))
    }
    if parse_parties(typed.lead_units):
        wrong.pop("initiators", None)
    if not typed.item_codes and not typed.item_text.strip():
        wrong["item_codes"] = Refused("plan.no_item")
    if typed.draw_type not in set(DrawType):
        wrong["draw_type"] = Refused("plan.bad_type", {"text": typed.draw_type})
    return wrong


def _mark(wrong: dict[str, Refused], field: str, refused: Refused) -> None:
    """What was found first about a field is what a person is told."""
    if field not in wrong:
        wrong[field] = refused


def _one_of(
    written: int | None, stated: int | None, field: str, most: int, wrong: dict[str, Refused]
) -> int | None:
    """The number of the ratio cell and the number typed beside it must not disagree: a plan read
    wrongly draws the wrong firms."""
    if written is not None and stated is not None and written != stated:
        wrong[field] = Refused("plan.numbers_disagree", {"cell": written, "stated": stated})
    value = stated if written is None else written
    if value is not None and not 1 <= value <= most:
        wrong[field] = Refused("plan.number_out_of_range", {"max": most})
    return value
