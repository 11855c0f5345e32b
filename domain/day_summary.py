"""The day's summary a lead signs (当日小结), and what has changed since it was signed.

A summary is plain JSON: `format`, `day`, `department`, `lead`, `counts` per stage, `findings` per
severity, `sheets` in the order of their numbers, each with `key`, `number`, `firm`, `state` (that
of the sheet, `started` for an open one with something on it), `content` (the digest of what was
recorded), `findings` (`item`, `severity`, `text`, `note`) and `open` (codes of what stands against
accepting it, `domain.day.Hindrance`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from domain.canonical import canonical_sha256
from domain.day import Hindrance, Stage

FORMAT: Final = "suicha-day-summary-1"
MAX_REMARK: Final = 1000
# Where a sheet stands is told as its state.
_NOT_OPEN: Final = {Hindrance.STATE}


class Change(StrEnum):
    """What became of one sheet since the signature."""

    ADDED = "added"
    GONE = "gone"
    STATE = "state"
    CONTENT = "content"
    FINDINGS = "findings"


_COMPARED: Final = {
    Change.STATE: "state",
    Change.CONTENT: "content",
    Change.FINDINGS: "findings",
}


@dataclass(frozen=True, slots=True)
class SheetChange:
    """One sheet that is not what it was; `old` and `new` are states, empty where there is none."""

    key: str
    number: str
    firm: str
    what: tuple[Change, ...]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """One sheet as the summary tells it."""

    key: str
    number: str
    firm: str
    state: str
    content: str
    findings: tuple[Mapping[str, str], ...]
    hindrances: tuple[Hindrance, ...]

    def as_plain(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "number": self.number,
            "firm": self.firm,
            "state": self.state,
            "content": self.content,
            "findings": [dict(one) for one in self.findings],
            "open": [one.value for one in self.hindrances if one not in _NOT_OPEN],
        }


def build_summary(
    *,
    day: str,
    department: Mapping[str, str],
    lead: Mapping[str, Any],
    stages: Mapping[Stage, int],
    sheets: Iterable[SummarySheet],
) -> dict[str, Any]:
    """JSON-ready; the same day, unchanged, gives the same bytes."""
    told = sorted(sheets, key=lambda one: (one.number, one.key))
    severities = [one["severity"] for sheet in told for one in sheet.findings]
    return {
        "format": FORMAT,
        "day": day,
        "department": dict(department),
        "lead": dict(lead),
        "counts": {stage.value: count for stage, count in stages.items()},
        "findings": {one: severities.count(one) for one in sorted(set(severities))},
        "sheets": [one.as_plain() for one in told],
    }


def digest_standing(summary: Mapping[str, Any]) -> str:
    """SHA-256 of what `compare_summaries` compares: what somebody who signs has seen."""
    return canonical_sha256([[one["key"], *(one[name] for name in _COMPARED.values())]
                             for one in summary["sheets"]])  # fmt: skip


def compare_summaries(signed: Mapping[str, Any], now: Mapping[str, Any]) -> list[SheetChange]:
    """Sheet by sheet, by number; empty while the day is as it was signed. A sheet that was only
    accepted or entered since has changed its state: the summary says what was so on that evening.
    """
    before = {one["key"]: one for one in signed["sheets"]}
    after = {one["key"]: one for one in now["sheets"]}
    found = []
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        known = new or old
        assert known is not None, "the key is of one of them"
        if what := _changes(old, new):
            states = (old["state"] if old else "", new["state"] if new else "")
            found.append(SheetChange(key, known["number"], known["firm"], what, *states))
    return sorted(found, key=lambda one: (one.number, one.key))


def _changes(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[Change, ...]:
    if old is None:
        return (Change.ADDED,)
    if new is None:
        return (Change.GONE,)
    return tuple(change for change, name in _COMPARED.items() if old[name] != new[name])
