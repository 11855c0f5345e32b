"""Numbers of the papers about one department's result, derived from the visit's own: a visit has
the sheets it was drawn with and never another, so that a number never becomes a different one."""

from __future__ import annotations

from server.inspections.models import Inspection, Sheet

NOTICE, CORRECTION = "告", "更"


def number_paper(inspection: Inspection, sheet: Sheet, mark: str, serial: int) -> str:
    """``内2026001-05-告1``; of several departments each has a place of its own in it."""
    if len(inspection.sheets) == 1:
        return f"{inspection.number}-{mark}{serial}"
    place = 1 + [one.id for one in inspection.sheets].index(sheet.id)
    return f"{inspection.number}-{mark}{place}-{serial}"


def number_correction(inspection: Inspection, sheet: Sheet, version: int | None) -> str:
    """Of the 结果更正单 that made this version; empty for what made none. The n-th approved order
    makes version n + 1, and versions are append-only."""
    if version is None or version < 2:
        return ""
    return number_paper(inspection, sheet, CORRECTION, version - 1)
