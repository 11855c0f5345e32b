"""Words: what a version of an entered sheet changed."""

from __future__ import annotations

from server.corrections.wording import ChangeLine, change_lines
from server.inspections.sheet_view import SheetView
from server.results.models import SheetVersion


def version_lines(version: SheetVersion, view: SheetView) -> list[ChangeLine]:
    """Empty for version 1: it is the sheet as it was entered."""
    told = version.snapshot.get("correction") or {}
    return change_lines(told.get("changes", []), {one.item.code: one.item for one in view.items})
