"""Whether one ledger line agrees with its operation's receipt and with the line before it.

A row that was written over later can no longer be compared with the tables; its line still has to
say what its operation said, and may not change what nobody wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row

from domain.errors import Fault
from sync.canonical import Plain, parse_plain
from sync.merge import is_equal
from sync.rows import EVIDENCE

SPOKEN = frozenset({"answer.set", "signature.add", "checkin.add"})


def find_line_problem(
    line: Row[Any], space: Row[Any], before: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """What is wrong with a line that carries ``receipt_space``, ``receipt_kind`` and ``payload`` of
    its operation (None without receipt); ``before`` are the rows as the lines before left them."""
    if line.jurisdiction_id != space.jurisdiction_id:
        return "it belongs to another county than its space"
    has_receipt = line.receipt_space == line.space
    if not has_receipt and not all(_may_lack_receipt(line.op, row) for row in line.effect):
        return f"operation {line.op} has no receipt here"
    spoken = _spoken_fields(line) if has_receipt else {}
    for row in line.effect:
        for name, value in spoken.get(row["id"], {}).items():
            if row["heads"].get(name) == line.op and not is_equal(row["fields"].get(name), value):
                return f"{row['id']}: {name} is not what operation {line.op} says"
        for name in _changed_without_head(row, before.get(row["id"])):
            return f"{row['id']}: {name} changed, and no operation wrote it"
    return None


def _may_lack_receipt(op: str, row: Mapping[str, Any]) -> bool:
    """What the server writes for nobody in particular stands alone; evidence always was sent."""
    return row["t"] not in EVIDENCE and op in row["heads"].values()


def _spoken_fields(line: Row[Any]) -> dict[str, Mapping[str, Any]]:
    """Entity → the fields its operation carries, for the kinds whose rows repeat them: what a phone
    recorded, and whole rows the server wrote."""
    try:
        payload = json.loads(line.payload)
        if "rows" in payload:
            return {row["id"]: row["fields"] for row in payload["rows"]}
        fields: Plain = None
        if line.receipt_kind in SPOKEN:
            fields = parse_plain(payload["fields"], "fields")
        return {str(payload["entity"]): fields} if isinstance(fields, dict) else {}
    except (ValueError, KeyError, TypeError, Fault):
        return {}  # the receipt's own check names it


def _changed_without_head(
    row: Mapping[str, Any], before: Mapping[str, Any] | None
) -> Iterator[str]:
    if before is None:
        return
    for name, head in row["heads"].items():
        is_same_head = before["heads"].get(name) == head
        if is_same_head and row["fields"].get(name) != before["fields"].get(name):
            yield name
