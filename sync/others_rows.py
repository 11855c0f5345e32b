"""What a phone is told of another department's sheet: that it is there and how far it has come,
never what was found (docs/protocol 13.4; DESIGN §1: a partner officer sees no other
department's)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def tell_others(row_type: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a row that belongs to a sheet, for a reader of another department. What is left
    has the shape apps know, so that one that asks less of it goes on."""
    match row_type:
        case "sheet":
            silent: dict[str, Any] = {
                "result": None,
                "results": {},
                "return_reason": None,
                "return_comments": None,
            }
            return {**fields, **{name: silent[name] for name in silent if name in fields}}
        case "version":
            return {**fields, "changes": [], "reason": ""}
        case "signature" | "checkin":
            return {"sheet": fields.get("sheet")}
        case _:
            return {}
