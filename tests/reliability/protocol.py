"""The invariants and faults, read out of docs/protocol.md parts 11 and 12: no second list."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "protocol.md"
GROUPS = ("Network", "Phone", "Server", "People")


def read_invariants(text: str | None = None) -> dict[str, str]:
    """``I1`` → its sentence, in order."""
    part = _part(text, "11. Invariants")
    found = re.findall(r"\b(I\d+) (.+?)(?= I\d+ [A-Z`(A]|\n|$)", part)
    return {name: sentence.strip() for name, sentence in found}


def read_faults(text: str | None = None) -> dict[str, dict[str, str]]:
    """Group → ``F1`` → its name, in order."""
    part = _part(text, "12. Faults")
    groups = {}
    for group in GROUPS:
        line = next(one for one in part.splitlines() if one.startswith(f"{group}: "))
        found = re.findall(r"(F\d+) (.+?)(?= · |\.$)", line)
        groups[group] = {name: words.strip() for name, words in found}
    return groups


def _part(text: str | None, title: str) -> str:
    text = DOCUMENT.read_text(encoding="utf-8") if text is None else text
    start = text.index(f"## {title}")
    end = text.find("\n## ", start)
    return text[start : end if end > 0 else None]
