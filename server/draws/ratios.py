"""The ratio a pool was frozen with, and why: kept beside the draw, told with it (R007, R037).

The figure itself is ``rules.percent`` of the pool, in its digest; what is kept here only says where
it comes from, so that it can be read after the item list has moved on.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from domain.item_ratio import ItemRatio, UsedRatio
from server.draws.models import Draw


def dump_ratio(ratio: UsedRatio | None) -> dict[str, Any]:
    """For ``Draw.ceremony["ratio"]``; empty where the plan's own ratio counts."""
    if ratio is None or ratio.item is None:
        return {}
    item = ratio.item
    return {
        "plan": None if ratio.plan is None else _plain(ratio.plan),
        "percent": _plain(item.percent),
        "item": {"code": item.code, "name": item.name, "is_key": item.is_key},
    }


def ratio_of_draw(draw: Draw) -> UsedRatio | None:
    """What was kept at the freeze; None where the plan's own ratio counted."""
    kept = (draw.ceremony or {}).get("ratio")
    if not kept:
        return None
    percent = Decimal(kept["percent"])
    item = ItemRatio(percent=percent, **kept["item"])
    return UsedRatio(percent, None if kept["plan"] is None else Decimal(kept["plan"]), item)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
