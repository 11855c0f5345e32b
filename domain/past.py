"""What was found last time, item by item, for whoever goes there again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.result_codes import NO_ISSUE, is_problem

MAX_NOTE: Final = 300


@dataclass(frozen=True, slots=True)
class PastSheet:
    """An entered sheet as it holds after its corrections. ``items`` are its snapshot's: ``code``,
    ``answer`` as it was recorded, ``result`` the item's national code or None."""

    ended_on: str | None
    items: Iterable[Mapping[str, Any]]


def list_findings(sheets: Iterable[PastSheet], wanted: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Item code → the last finding at it: ``on``, ``verdict``, ``result`` and what of ``value``,
    ``note``, ``outcome`` was recorded; ``sheets`` come newest first. Only entries that have a
    result: what nobody answered is no finding. A long note ends in … ."""
    open_codes = set(wanted)
    found: dict[str, dict[str, Any]] = {}
    for sheet in sheets:
        for item in sheet.items:
            code, result = item["code"], item["result"]
            if code in open_codes and result is not None:
                found[code] = _finding(sheet.ended_on, item.get("answer") or {}, result)
                open_codes.discard(code)
    return found


def _finding(day: str | None, answer: Mapping[str, Any], result: int) -> dict[str, Any]:
    finding: dict[str, Any] = {
        "on": day,
        "verdict": _verdict(answer, result),
        "result": result,
    }
    for name in ("value", "note", "outcome"):
        if (value := answer.get(name)) not in (None, ""):
            finding[name] = value
    if len(note := str(finding.get("note", ""))) > MAX_NOTE:
        finding["note"] = note[: MAX_NOTE - 1] + "…"
    return finding


def _verdict(answer: Mapping[str, Any], result: int) -> str:
    """The result decides: it is what was entered, and a failure cannot be entered as none."""
    if is_problem(result):
        return "fail"
    if result != NO_ISSUE or "na" in (answer.get("value"), answer.get("verdict")):
        return "na"
    return "pass"
