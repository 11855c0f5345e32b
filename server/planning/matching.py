"""Which checklists a plan's task is inspected with (R004, R042).

The task's own words decide: its name, else its objects, else its items. A task whose words name no
trade (道路运输市场) is looked up in the index that came with the checklists, by file and row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.plans import Ownership, PlanKind, PlanRow
from server.accounts.service import find_department
from server.registry.models import Checklist
from server.registry.service import COMMON_LIST, LIST_OWNERS

# Longer words stand before the words they contain: 危险货物运输 is no 货物运输, 客运站 no 客运.
_TRADES = {
    "ride_hailing": "网络预约出租汽车|网约车",
    "taxi": "出租汽车|出租车",
    "hazmat": "危险货物|危货|危险品运输",
    "station": "运输站场|客运站|货运站",
    "passenger": "旅客运输|客运",
    "freight": "货物运输|货运",
    "driver_training": "驾驶员培训|驾驶培训|驾培",
    "vehicle_test": "机动车检验检测|机动车检测|机动车检验",
    "repair": "机动车维修|汽车维修",
    "highway_works": "公路工程|公路建设|地方道路",
    "waterway": "水路运输",
}
_TRADE = re.compile("|".join(f"(?P<{code}>{words})" for code, words in _TRADES.items()))
_OWN = {Ownership.INITIATING, Ownership.COOPERATING}


@dataclass(frozen=True, slots=True)
class Match:
    """``category`` is the code of the trade's list, None when no list fits; ``codes`` are all the
    lists of the visit in order, the common one first."""

    category: str | None
    codes: tuple[str, ...]


def match_checklists(
    row: PlanRow,
    position: int,
    file_name: str,
    ownership: Ownership,
    checklists: Sequence[Checklist],
) -> Match:
    """Nothing for a task that is not ours. Only lists that have been imported are named."""
    if ownership not in _OWN:
        return Match(None, ())
    known = [checklist.code for checklist in checklists]
    of_parties = _lists_of_parties(row)
    trades = [code for code in _trades_in_words(row) if code in known]
    if not trades:
        place = f"{file_name.rsplit('/', 1)[-1]}:{position}"
        found = [c.code for c in checklists if any(t.endswith(f" @ {place}") for t in c.plan_tasks)]
        trades = [code for code in found if code in _TRADES]
    wanted = [COMMON_LIST, *trades, *of_parties] if trades else []
    return Match(
        category=trades[0] if trades else None,
        codes=tuple(dict.fromkeys(code for code in wanted if code in known)),
    )


def trades_in(text: str) -> list[str]:
    """The trades that a text names, each once, in reading order."""
    found = (str(match.lastgroup) for match in _TRADE.finditer("".join(text.split())))
    return list(dict.fromkeys(found))


def _trades_in_words(row: PlanRow) -> list[str]:
    """Of the first text that names any trade, all it names."""
    texts = (row.task_name or "", row.objects, row.items)
    return next((found for text in texts if (found := trades_in(text))), [])


def _lists_of_parties(row: PlanRow) -> list[str]:
    """The lists of the departments that go along, as far as they have one of their own."""
    if row.kind is PlanKind.INTERNAL:
        return []
    there = {find_department(name) for name in (*row.initiators, *row.cooperators)} - {None}
    return [code for code, owner in LIST_OWNERS.items() if find_department(owner) in there]
