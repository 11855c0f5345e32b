"""What another page proposes as a new task, named in the address of its form (R098): only what the
form would take from a person, who looks at all of it and sends it."""

from __future__ import annotations

from typing import Any

from flask import request

from domain.access import Actor
from domain.plan_typed import WIDTHS
from server.boundary import whole_number
from server.planning.adjusting import MAX_REASON_CHARACTERS
from server.registry.service import CATEGORIES, list_firms_by_id, list_inspection_items
from server.runtime import today

MAX_FIRMS = 100


def read_suggestion(actor: Actor) -> dict[str, Any]:
    """Values of the form from ``name``, ``category``, ``item`` (an item's code), ``window``,
    ``why`` and ``firm`` (ids, who is to be inspected); empty without a name."""
    name = request.args.get("name", "").strip()
    if not name:
        return {}
    category, item = request.args.get("category", ""), request.args.get("item", "")
    known = {one.code for one in list_inspection_items(actor) if one.is_in_use}
    return {
        "name": name[: WIDTHS["name"]],
        "draw_type": "directed",
        "category": category if category in CATEGORIES else "",
        "item_codes": [item] if item in known else [],
        "object_scope": _scope(actor, request.args.getlist("firm", type=whole_number)),
        "window_text": request.args.get("window", "")[: WIDTHS["window_text"]],
        "reason": request.args.get("why", "")[:MAX_REASON_CHARACTERS],
        "times_per_year": 1,
        "completion_text": f"{today().year}年12月",
    }


def _scope(actor: Actor, firm_ids: list[int]) -> str:
    """Their names as far as the field has room, and how many there are."""
    firms = list_firms_by_id(actor, firm_ids[:MAX_FIRMS])
    if not firms:
        return ""
    text = f"等 {len(firms)} 户发现过同类问题的企业"
    names: list[str] = []
    for firm in firms:
        if len("、".join([*names, firm.name])) + len(text) > WIDTHS["object_scope"]:
            break
        names.append(firm.name)
    return "、".join(names) + text
