"""What a row of a file would do to a register: new, changed (old → new), unchanged, or an error."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class RowKind(StrEnum):
    """ERROR rows change nothing and say why."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


Changes = dict[str, list[Any]]


def compare_row(
    current: Mapping[str, Any] | None, values: Mapping[str, Any]
) -> tuple[RowKind, Changes]:
    """``current`` is the entry as it stands, None for one the register does not know; both are
    JSON-ready. ``changes`` is field → [old, new] of what differs, old None for a new entry."""
    if current is None:
        return RowKind.NEW, {field: [None, value] for field, value in values.items()}
    changes = {
        field: [current.get(field), value]
        for field, value in values.items()
        if current.get(field) != value
    }
    return (RowKind.CHANGED if changes else RowKind.UNCHANGED), changes


def is_stale(current: Mapping[str, Any] | None, kind: str, changes: Changes) -> bool:
    """Whether somebody else wrote since the comparison: the old values are no longer there, or a
    new entry is there already."""
    if kind == RowKind.NEW:
        return current is not None
    return current is None or any(
        current.get(field) != old for field, (old, _new) in changes.items()
    )


def undo_fields(
    current: Mapping[str, Any], changes: Changes
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """What goes back (field → old value), and what was changed since and stays (field → [what the
    import wrote, what stands there now])."""
    back: dict[str, Any] = {}
    left: dict[str, list[Any]] = {}
    for field, (old, new) in changes.items():
        if current.get(field) == new:
            back[field] = old
        elif current.get(field) != old:
            left[field] = [new, current.get(field)]
    return back, left
