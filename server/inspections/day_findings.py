"""What failed on a day, so that the same entry can be compared between firms."""

from __future__ import annotations

from dataclasses import dataclass

from server.inspections.day import DayView, SheetOfDay
from server.inspections.photo_view import PhotoView
from server.inspections.sheet_parts import ItemView

WORST_FIRST = ("critical", "major", "minor")


@dataclass(frozen=True, slots=True)
class Finding:
    """One failed item of one firm."""

    of: SheetOfDay
    item: ItemView


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """One check entry of one list, with all firms at which it failed."""

    reference: str
    code: str
    text: str
    severity: str
    findings: tuple[Finding, ...]

    @property
    def photos(self) -> list[tuple[Finding, PhotoView]]:
        """All pictures of the entry, firm by firm."""
        return [(one, photo) for one in self.findings for photo in one.item.photos]


def group_findings(view: DayView) -> list[FindingGroup]:
    """The most severe first, then by the order of the lists; firms by the number of the visit."""
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for one in view.sheets:
        if not one.facts.findings:
            continue
        for section in one.view.sections:
            for item in section.items:
                if item.is_finding:
                    key = item.item.severity, section.reference, item.item.code
                    found.setdefault(key, []).append(Finding(one, item))
    rank = {severity: place for place, severity in enumerate(WORST_FIRST)}
    groups = [
        FindingGroup(reference, code, some[0].item.item.text, severity, tuple(some))
        for (severity, reference, code), some in found.items()
    ]
    return sorted(groups, key=lambda g: (rank.get(g.severity, 9), g.reference, g.code))
