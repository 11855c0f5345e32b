"""What a version of a checklist changes against another (R008): entries added, removed, changed.

Entries are the same where their codes are: a code is never given to another entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.check_items import CheckItem

_FIELDS = (
    "text", "item", "basis", "methods", "type", "unit", "labels", "rule", "min_photos", "known",
    "photo_on_fail", "severity", "is_required", "department",
)  # fmt: skip


class ChangeKind(StrEnum):
    """MOVED: says the same at another place among the entries both versions have."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry. ``fields`` is (name, old, new) of what is another, for CHANGED only."""

    kind: ChangeKind
    code: str
    old: CheckItem | None = None
    new: CheckItem | None = None
    fields: tuple[tuple[str, Any, Any], ...] = ()


def compare_items(old: Sequence[CheckItem], new: Sequence[CheckItem]) -> tuple[EntryChange, ...]:
    """In the order of the new version, then what it no longer has. Empty when both say the same
    in the same order."""
    before = {item.code: item for item in old}
    after = {item.code: item for item in new}
    moved = _moved([c for c in before if c in after], [c for c in after if c in before])
    changes = []
    for code, item in after.items():
        if code not in before:
            changes.append(EntryChange(ChangeKind.ADDED, code, new=item))
        elif fields := _differing(before[code], item):
            changes.append(EntryChange(ChangeKind.CHANGED, code, before[code], item, fields))
        elif code in moved:
            changes.append(EntryChange(ChangeKind.MOVED, code, before[code], item))
    changes += [
        EntryChange(ChangeKind.REMOVED, code, old=item)
        for code, item in before.items()
        if code not in after
    ]
    return tuple(changes)


def _differing(old: CheckItem, new: CheckItem) -> tuple[tuple[str, Any, Any], ...]:
    return tuple(
        (name, getattr(old, name), getattr(new, name))
        for name in _FIELDS
        if getattr(old, name) != getattr(new, name)
    )


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The fewest entries whose move explains the new order: those outside one longest run that
    kept its order. Or one entry moved to the end would call every other one moved."""
    place = {code: n for n, code in enumerate(before)}
    longest: list[list[str]] = []  # by length: the run of that length that ends earliest
    for code in after:
        fits = [run for run in longest if place[run[-1]] < place[code]]
        run = [*max(fits, key=len, default=[]), code]
        if len(run) > len(longest):
            longest.append(run)
        elif place[code] < place[longest[len(run) - 1][-1]]:
            longest[len(run) - 1] = run
    kept = set(longest[-1]) if longest else set()
    return {code for code in after if code not in kept}
