"""Every due date a page shows says how it was counted (R074): no template prints one bare."""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "pwa" / "templates"
BARE = re.compile(r"\b(?:due|due_on|due_then|decide_by|accept_by|finish_by)\s*\|\s*day\b")
# Where the count stands beside it in words of its own.
TOLD_BESIDE = {
    "notifications/overdue.html": "its own column",
}


def bare_of(text: str) -> list[str]:
    return [found[0] for found in BARE.finditer(text)]


def test_no_template_prints_a_due_date_without_its_count() -> None:
    found = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if not name.startswith("kit/") and (bare := bare_of(path.read_text("utf-8"))):
            found[name] = bare
    assert set(found) == set(TOLD_BESIDE), found
