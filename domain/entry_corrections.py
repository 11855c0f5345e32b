"""What a correction changes on the official platform (R080, R082): of two entry packages of one
sheet, the earlier and the later version, every result that differs, old beside new, under the
platform's own field names."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

RESULT_FIELDS: Final = ("raninsCheckRes", "raninsCheckResName")
# The row of the whole sheet among those of its 抽查事项.
WHOLE: Final = ""


def build_corrects(
    before: Mapping[str, Any], after: Mapping[str, Any], reason: str
) -> dict[str, Any]:
    """JSON-ready: `version` and `sha256` of what the platform has, why it changes, `rows` by
    抽查事项 (`raninsItemName`, `""` for the firm's own result on top), `checks` by check entry.
    Both lists are empty where only findings were corrected and no result."""
    top = _difference({**after, "raninsItemName": WHOLE}, before, "raninsItemName")
    return {
        "version": before["version"],
        "sha256": before["sha256"],
        "reason": reason,
        "rows": top + _differences(before["rows"], after["rows"], "raninsItemName"),
        "checks": _differences(before["checks"], after["checks"], "code"),
    }


def _differences(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], key: str
) -> list[dict[str, Any]]:
    """In the order of the later version; what only the earlier one has comes last."""
    known = {one[key]: one for one in before}
    now = {one[key] for one in after}
    found = [line for one in after for line in _difference(one, known.get(one[key]), key)]
    gone = [
        {key: one[key], "old": _result(one), "new": _result(None)}
        for one in before
        if one[key] not in now
    ]
    return found + gone


def _difference(
    after: Mapping[str, Any], before: Mapping[str, Any] | None, key: str
) -> list[dict[str, Any]]:
    old, new = _result(before), _result(after)
    return [{key: after[key], "old": old, "new": new}] if old != new else []


def _result(one: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: one[name] if one is not None else "" for name in RESULT_FIELDS}
