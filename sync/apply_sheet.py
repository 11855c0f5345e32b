"""``sheet.submit``, ``sheet.accept``, ``sheet.return``: the lead's conversation with the team."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from domain.errors import Refused
from domain.inspections import SheetAction, SheetState, transition
from sync.canonical import Plain
from sync.operation import Operation, parse_inspection, parse_sheet
from sync.outcomes import Applied, Invalid, Merged, Outcome
from sync.ports import Rules, Space
from sync.rows import Author, Row
from sync.sheet_rows import has_item, move, state_of


def submit_sheet(
    operation: Operation, space: Space, rules: Rules, author: Author, sheet: Row
) -> Outcome:
    """Freezes the field data and says on which day the visit ended; the deadline starts there."""
    state = state_of(sheet)
    if not state.takes_answers:
        return Merged()  # the partner submitted first, or it went on from there
    ended_on = str(operation.fields["ended_on"])
    first, last = rules.end_bounds()
    if not first <= ended_on <= last:
        told = {"day": ended_on, "first": first, "last": last}
        return Invalid(Refused("sheet.end_out_of_range", {**told}))
    moved = move(
        sheet,
        operation.op,
        SheetState.SUBMITTED,
        ended_on=ended_on,
        submitted=_moment(author, rules),
        return_reason=None,
        return_comments=None,
    )
    return Applied(rows=(moved, *_end_inspection(operation, space, rules, ended_on)))


def accept_sheet(operation: Operation, rules: Rules, author: Author, sheet: Row) -> Outcome:
    """The second pair of eyes before the lock."""
    state = state_of(sheet)
    if state is SheetState.ACCEPTED or state.is_locked:
        return Merged()
    moved = transition(state, SheetAction.ACCEPT)
    if isinstance(moved, Refused):
        return Invalid(moved)
    return Applied(rows=(move(sheet, operation.op, moved, accepted=_moment(author, rules)),))


def return_sheet(operation: Operation, rules: Rules, author: Author, sheet: Row) -> Outcome:
    """Opens the field data again, with a reason the team reads, and what is said of single items,
    until the sheet is submitted anew. That it was returned stays on record."""
    reason, comments = read_return(operation.fields)
    if not reason:
        return Invalid(Refused("sheet.needs_reason"))
    for item in comments:
        if not has_item(sheet, item):
            entity = f"answer:{parse_sheet(sheet.id)}/{item}"
            return Invalid(Refused("op.unknown_entity", {"entity": entity}))
    moved = transition(state_of(sheet), SheetAction.RETURN)
    if isinstance(moved, Refused):
        return Invalid(moved)
    told: dict[str, Plain] = {
        "return_reason": reason,
        "return_comments": {**comments} or None,
        "returned": _moment(author, rules),
    }
    return Applied(rows=(move(sheet, operation.op, moved, accepted=None, **told),))


def read_return(fields: Mapping[str, Plain]) -> tuple[str, dict[str, str]]:
    """The reason and the comment per item; those left blank are dropped."""
    comments = cast(Mapping[str, str], fields.get("comments") or {})
    kept = {item: text.strip() for item, text in comments.items() if text.strip()}
    return str(fields.get("reason") or "").strip(), kept


def _end_inspection(
    operation: Operation, space: Space, rules: Rules, ended_on: str
) -> tuple[Row, ...]:
    """The inspection's row with its end and due date: the last department to leave ends it."""
    row = space.find_row(f"inspection:{parse_inspection(space.name)}")
    if row is None:
        return ()
    known = row.fields.get("ended_on")
    last = max(ended_on, str(known)) if known else ended_on
    due_on, is_provisional = rules.due_of(last)
    written: dict[str, Plain] = {
        "ended_on": last,
        "due_on": due_on,
        "is_provisional": is_provisional,
    }
    if all(row.fields.get(name) == value for name, value in written.items()):
        return ()
    return (
        replace(
            row,
            fields={**row.fields, **written},
            heads={**row.heads, **dict.fromkeys(written, operation.op)},
        ),
    )


def _moment(author: Author, rules: Rules) -> dict[str, Plain]:
    return {"by": author.as_plain(), "at": rules.now()}
