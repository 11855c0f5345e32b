"""Reading and moving a sheet's row: its state, its items, and its lock as told on the wire."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from domain.inspections import SheetAction, SheetState, transition
from sync.canonical import Plain
from sync.rows import Row


def state_of(sheet: Row) -> SheetState:
    """Where the sheet stands."""
    return SheetState(str(sheet.fields["state"]))


def was_returned(sheet: Row) -> bool:
    """Whether the lead has given it back since it was first handed in; sheets that were returned
    before this was noted say it by their state."""
    return state_of(sheet) is SheetState.RETURNED or bool(sheet.fields.get("returned"))


def has_item(sheet: Row, item: str) -> bool:
    """Whether the item is on one of the sheet's lists (清单之外无检查, R042)."""
    lists = cast(list[Mapping[str, list[str]]], sheet.fields.get("lists", []))
    return any(item in one["items"] for one in lists)


def move(sheet: Row, op: str, state: SheetState, **fields: Plain) -> Row:
    """The sheet's row in its new state; ``op`` becomes the head of each field written."""
    written: dict[str, Plain] = {"state": state.value, **fields}
    return replace(
        sheet,
        fields={**sheet.fields, **written},
        heads={**sheet.heads, **dict.fromkeys(written, op)},
    )


def after_evidence(sheet: Row, op: str) -> tuple[Row, ...]:
    """The sheet's row when new evidence makes the lead look again, else nothing."""
    state = state_of(sheet)
    moved = transition(state, SheetAction.ADD_EVIDENCE)
    if not isinstance(moved, SheetState) or moved is state:
        return ()
    return (move(sheet, op, moved, accepted=None),)


def lock_of(sheet: Row) -> dict[str, Plain]:
    """``{"by","op","at","version"}`` of an entered sheet; ``by`` is a name."""
    entered = cast(Mapping[str, Plain], sheet.fields.get("entered") or {})
    by = entered.get("by")
    return {
        "by": by.get("name") if isinstance(by, dict) else by,
        "op": entered.get("op"),
        "at": entered.get("at"),
        "version": entered.get("version"),
    }
