"""What a warning proposes: a directed inspection of the firms concerned, as the draft of a plan
adjustment (R098). It is the office that asks for it, in writing, and the unit's head who decides.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from domain.access import Action, Actor, may
from domain.plan_headers import PlanKind
from server.planning.reading import home_target
from server.planning.service import list_plans
from server.registry.service import CATEGORIES, list_checklists, list_inspection_items
from server.runtime import today
from server.statistics.counts import FoundAt, Wanted
from server.statistics.overview import list_found
from server.statistics.warnings import Chart, last_day
from server.statistics.wording import month_word, reason_text, trade_word

MAX_FIRMS = 60  # in the address of the form; its scope has room for about as many names
LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Proposal:
    """``firms`` concerned in the months of the chart. ``begin`` is what the task's form begins
    with (``planning.suggesting``), ``plans`` those that can be adjusted: (id, title); none where
    the reader may not ask for it or no plan of the year is published."""

    firms: list[FoundAt]
    begin: dict[str, str | list[str]]
    plans: list[tuple[int, str]]


def propose(actor: Actor, chart: Chart) -> Proposal:
    """Of the entry or trade of the chart."""
    one, months = chart.warned, [point.month for point in chart.months]
    wanted = Wanted(months[0], last_day(one.month))
    firms = list_found(actor, wanted, one.kind, one.code)
    trade = one.code if one.kind == "trade" else _usual_trade(firms)
    what = one.name if one.kind == "item" else trade_word(one.code)
    start = min(today().month + 1, LAST_MONTH)
    begin: dict[str, str | list[str]] = {
        "name": f"{trade_word(trade)}“{what[:60]}”定向抽查" if one.kind == "item"
        else f"{what}突出问题定向抽查",
        "category": trade,
        "item": _item_of(actor, one.kind, one.code, trade),
        "window": f"{start}月-{LAST_MONTH}月",
        "firm": [str(firm.firm_id) for firm in firms[:MAX_FIRMS]],
        "why": f"{month_word(one.month)} {what}：{reason_text(one.reading, len(months) - 1)}。",
    }  # fmt: skip
    return Proposal(firms, begin, _plans(actor))


def _plans(actor: Actor) -> list[tuple[int, str]]:
    if not may(actor, Action.PLAN_ADJUST, home_target(actor.jurisdiction_id)):
        return []
    return [
        (plan.id, plan.title)
        for plan in list_plans(actor, today().year)
        if plan.state == "published" and plan.kind != PlanKind.COUNTY_JOINT
    ]


def _usual_trade(firms: list[FoundAt]) -> str:
    """Of most of the visits."""
    counted = Counter(one.trade for one in firms if one.trade)
    return counted.most_common(1)[0][0] if counted else ""


def _item_of(actor: Actor, kind: str, code: str, trade: str) -> str:
    """The 抽查事项 whose checklist has the entry: both have one code. Empty where it is none that
    is in use."""
    if kind == "item":
        lists = list_checklists(actor)
        owner = next((one.code for one in lists if any(e.code == code for e in one.entries)), trade)
    else:
        owner = trade
    known = {one.code for one in list_inspection_items(actor) if one.is_in_use}
    return next((one for one in (owner, trade) if one in known and one in CATEGORIES), "")
