"""``answer.set``: the base rule, under the sheet's state (docs/protocol part 3 and 13.3)."""

from sync.merge import is_equal, merge_fields, settles_all
from sync.operation import Operation, parse_answer
from sync.outcomes import Applied, Conflict, Invalid, Merged, Outcome, RejectedLocked
from sync.ports import Rules, Space
from sync.rows import Author, Row, Sibling
from sync.sheet_rows import after_evidence, lock_of, state_of
from sync.versions import choose_against, lay_over, list_versions


def set_answer(
    operation: Operation, space: Space, rules: Rules, author: Author, sheet: Row
) -> Outcome:
    """Open or returned: merged per field. Submitted or accepted: another value is kept as a
    sibling, unless the edit settles every open one. Entered: equal is merged, else a proposal."""
    found = parse_answer(operation.entity)
    assert found is not None
    code, item = found
    if "value" in operation.fields:
        refused = rules.check_value(code, item, operation.fields["value"])
        if refused is not None:
            return Invalid(refused)
    row = space.find_row(operation.entity) or Row("answer", operation.entity, sheet=code)
    state = state_of(sheet)
    if state.is_locked:
        return _against_lock(operation, space, row, sheet)
    merged = merge_fields(
        row,
        operation.fields,
        operation.base,
        Sibling(operation.op, author, operation.at, {}),
        operation.resolves,
        is_frozen=not state.takes_answers and not settles_all(row, operation.resolves),
    )
    if merged.lost:
        return Conflict(rows=(merged.row,))
    if not merged.has_changed:
        return Merged()
    # A choice made while the lead had accepted changes what was accepted.
    again = () if state.takes_answers else after_evidence(sheet, operation.op)
    return Applied(rows=(merged.row, *again))


def _against_lock(operation: Operation, space: Space, row: Row, sheet: Row) -> Outcome:
    """Measured by what holds now: the entered row with the approved corrections over it."""
    versions = list_versions(space, sheet)
    now = lay_over(row, row.id, versions) or row
    if all(is_equal(now.fields.get(name), value) for name, value in operation.fields.items()):
        return Merged()
    return RejectedLocked(
        locked=lock_of(sheet),
        current=dict(now.fields),
        against=choose_against(row, row.id, versions, operation.fields, operation.base),
    )
