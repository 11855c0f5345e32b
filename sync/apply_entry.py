"""``sheet.enter``: the lock (docs/protocol part 3, DESIGN 5; R079)."""

from collections.abc import Mapping
from typing import cast

from domain.errors import Refused
from domain.inspections import SheetAction, SheetState, transition
from domain.results import worst
from sync.canonical import Plain
from sync.content import build_content, digest_content, list_unseen
from sync.operation import Operation
from sync.outcomes import Applied, Conflict, Invalid, Merged, Outcome, RejectedLocked
from sync.ports import Rules, Space
from sync.rows import Author, Row
from sync.sheet_rows import lock_of, move, state_of
from sync.versions import current_sheet, heads_of, list_versions

FIRST_VERSION = 1


def enter_sheet(
    operation: Operation, space: Space, rules: Rules, author: Author, sheet: Row
) -> Outcome:
    """Locks what was SEEN: equal heads, equal digest, nothing unresolved, every precondition met.
    Never a lock on content nobody signed."""
    code = sheet.id.partition(":")[2]
    if state_of(sheet).is_locked:
        return _second(operation, space, rules, sheet, code)
    results = cast(Mapping[str, int], operation.fields["results"])
    rows = space.list_evidence(code)
    unseen = list_unseen(code, rows, operation.seen)
    if unseen:
        return Conflict(error=Refused("entry.seen_stale", {"entities": unseen}))
    unmet = rules.list_unmet(code, results)
    if unmet:
        reasons = [{"code": one.code, "details": one.details} for one in unmet]
        return Invalid(Refused("sheet.preconditions", {"count": len(reasons), "unmet": reasons}))
    moved = transition(state_of(sheet), SheetAction.ENTER, rules.needs_acceptance())
    if isinstance(moved, Refused):
        return Invalid(moved)
    if digest_content(build_content(space.name, code, rows, results)) != operation.digest:
        return Conflict(error=Refused("entry.seen_stale", {"entities": [sheet.id]}))
    entered: dict[str, Plain] = {
        "by": author.as_plain(),
        "at": rules.now(),
        "op": operation.op,
        "version": FIRST_VERSION,
    }
    locked = move(
        sheet,
        operation.op,
        SheetState.ENTERED,
        entered=entered,
        results=dict(results),
        result=worst(results.values()),
    )
    return Applied(rows=(locked,), enters=code)


def _second(operation: Operation, space: Space, rules: Rules, sheet: Row, code: str) -> Outcome:
    """Two officers entered offline: the first to arrive locked; equal content co-signs."""
    if operation.digest == rules.find_entered_digest(code):
        return Merged(cosigns=code)
    sheet = current_sheet(sheet, list_versions(space, sheet))
    return RejectedLocked(
        locked=lock_of(sheet),
        current={"results": sheet.fields.get("results"), "result": sheet.fields.get("result")},
        against=heads_of(sheet, ["entered"]),
    )
