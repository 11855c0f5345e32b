"""``correction.propose``: a correction asked for on purpose, after the lock (protocol 3, 13.10)."""

from domain.errors import Refused
from domain.results import RESULTS
from sync.merge import is_equal
from sync.operation import Operation, parse_answer
from sync.outcomes import Applied, Invalid, Outcome
from sync.ports import Rules, Space
from sync.rows import Row
from sync.sheet_rows import state_of
from sync.versions import RESULT, choose_against, current_results, lay_over, list_versions


def propose_correction(operation: Operation, space: Space, rules: Rules, sheet: Row) -> Outcome:
    """Possible only where an edit no longer is; with a reason; and it must change something."""
    state = state_of(sheet)
    if not state.is_locked:
        details: dict[str, object] = {"state": state.value, "action": operation.kind.value}
        return Invalid(Refused("sheet.wrong_state", details))
    if not str(operation.fields.get("reason") or "").strip():
        return Invalid(Refused("correction.needs_reason"))
    found = parse_answer(operation.entity)
    assert found is not None
    code, item = found
    if "value" in operation.fields:
        refused = rules.check_value(code, item, operation.fields["value"])
        if refused is not None:
            return Invalid(refused)
    versions = list_versions(space, sheet)
    result = current_results(sheet, versions).get(item)
    if RESULT in operation.fields and operation.fields[RESULT] not in RESULTS:
        return Invalid(Refused("entry.result_unknown", {"items": [item]}))
    locked = space.find_row(operation.entity)
    now = lay_over(locked, operation.entity, versions)
    fields = {**(now.fields if now is not None else {}), RESULT: result}
    changed = {name: value for name, value in operation.fields.items() if name != "reason"}
    if all(is_equal(fields.get(name), value) for name, value in changed.items()):
        return Invalid(Refused("correction.nothing_changed"))
    return Applied(
        rows=(),
        proposes=True,
        current=fields,
        against=choose_against(locked, operation.entity, versions, changed, operation.base),
    )
