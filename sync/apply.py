"""Decides what one operation does: rights at arrival, the lock, the base rule, the states.

``apply_operation`` reads through its ports, writes nothing, and answers a value; the host commits
rows, ledger, counter and receipt together (I13). Order, replays and gaps are ``sync.order``.
"""

from dataclasses import dataclass
from typing import assert_never

from domain.errors import Refused
from sync.apply_answer import set_answer
from sync.apply_correction import propose_correction
from sync.apply_entry import enter_sheet
from sync.apply_evidence import add_named, attach_photo, remove_photo
from sync.apply_sheet import accept_sheet, return_sheet, submit_sheet
from sync.choice import is_choice
from sync.operation import Kind, Operation, is_named, parse_answer, parse_photo, parse_sheet
from sync.outcomes import Applied, Forbidden, Invalid, Outcome
from sync.ports import Rights, Rules, Space
from sync.rows import Author, Row
from sync.sheet_rows import has_item


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything an operation is judged with. ``sheet`` is the row of the sheet it is about."""

    space: Space
    rights: Rights
    rules: Rules
    author: Author


def apply_operation(operation: Operation, desk: Desk) -> Outcome:
    """The outcome. Raises nothing a caller should expect."""
    if operation.kind is Kind.DEVICE_LOST:
        return Applied(rows=())  # an incident on record; the receipt is the record
    code = find_sheet_code(operation, desk.space)
    if code is None:
        return Invalid(_misfit(operation))
    sheet = desk.space.find_row(f"sheet:{code}")
    if sheet is None:
        return Invalid(Refused("op.unknown_entity", {"entity": operation.entity}))
    if not _may(operation, desk, code):
        has_photo = operation.photo is not None
        return Forbidden(Refused("access.denied"), bytes="wanted" if has_photo else None)
    found = parse_answer(operation.entity)
    if found is not None and not has_item(sheet, found[1]):
        return Invalid(Refused("op.unknown_entity", {"entity": operation.entity}))
    return _decide(operation, desk, sheet)


def _may(operation: Operation, desk: Desk, code: str) -> bool:
    """Who may return a sheet may also choose between what its team recorded, without filling in
    anything of their own."""
    if desk.rights.may(operation.kind, code):
        return True
    row = desk.space.find_row(operation.entity)
    return is_choice(operation, row) and desk.rights.may(Kind.SHEET_RETURN, code)


def find_sheet_code(operation: Operation, space: Space) -> str | None:
    """The sheet an operation is about; None when the entity does not fit the kind."""
    entity = operation.entity
    match operation.kind:
        case Kind.ANSWER_SET | Kind.PHOTO_ATTACH | Kind.CORRECTION_PROPOSE:
            found = parse_answer(entity)
            return found[0] if found else None
        case Kind.PHOTO_REMOVE:
            answer = parse_answer(str(operation.fields["from"]))
            return answer[0] if answer and parse_photo(entity) else None
        case Kind.SIGNATURE_ADD | Kind.CHECKIN_ADD:
            fits = is_named(entity) and entity.startswith(operation.kind.partition(".")[0] + ":")
            return str(operation.fields["sheet"]) if fits else None
        case Kind.SHEET_SUBMIT | Kind.SHEET_ACCEPT | Kind.SHEET_RETURN | Kind.SHEET_ENTER:
            return parse_sheet(entity)
        case Kind.DEVICE_LOST:
            return None
        case _ as never:
            assert_never(never)


def _decide(operation: Operation, desk: Desk, sheet: Row) -> Outcome:
    space, rules, author = desk.space, desk.rules, desk.author
    match operation.kind:
        case Kind.ANSWER_SET:
            return set_answer(operation, space, rules, author, sheet)
        case Kind.PHOTO_ATTACH:
            return attach_photo(operation, space, sheet)
        case Kind.PHOTO_REMOVE:
            return remove_photo(operation, space, sheet)
        case Kind.SIGNATURE_ADD | Kind.CHECKIN_ADD:
            return add_named(operation, space, sheet, author)
        case Kind.SHEET_SUBMIT:
            return submit_sheet(operation, space, rules, author, sheet)
        case Kind.SHEET_ACCEPT:
            return accept_sheet(operation, rules, author, sheet)
        case Kind.SHEET_RETURN:
            return return_sheet(operation, rules, author, sheet)
        case Kind.SHEET_ENTER:
            return enter_sheet(operation, space, rules, author, sheet)
        case Kind.CORRECTION_PROPOSE:
            return propose_correction(operation, space, rules, sheet)
        case Kind.DEVICE_LOST:
            return Applied(rows=())
        case _ as never:
            assert_never(never)


def _misfit(operation: Operation) -> Refused:
    return Refused("op.bad_entity", {"entity": operation.entity, "kind": operation.kind.value})
