"""What the auditor asks for, read from the address; what cannot be read is told at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from server.audit.reading import Wanted
from server.i18n import translate as _

SYSTEM = "system"
LONGEST_TARGET, LONGEST_SEED = 120, 64
SAMPLE_SIZES = (5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Asked:
    """``typed`` as it came, ``errors`` by field; a field in error narrows nothing."""

    wanted: Wanted
    typed: dict[str, str]
    errors: dict[str, str]


def read_asked(arguments: Mapping[str, str]) -> Asked:
    """The filters of /audit, its export and its sample."""
    names = ("person", "action", "target", "since", "until")
    typed = {name: arguments.get(name, "").strip()[:LONGEST_TARGET] for name in names}
    errors: dict[str, str] = {}
    days = {name: _day(name, typed[name], errors) for name in ("since", "until")}
    since, until = days["since"], days["until"]
    if since and until and until < since:
        errors["until"] = _("截止日期早于开始日期，请改一个。")
        until = None
    person = int(typed["person"]) if _is_number(typed["person"]) else None
    wanted = Wanted(
        person=person,
        action=typed["action"],
        target=typed["target"],
        since=since,
        until=until,
        is_system=typed["person"] == SYSTEM,
    )
    return Asked(wanted, typed, errors)


def read_sample(arguments: Mapping[str, str]) -> tuple[str, int]:
    """Seed (empty: none was given) and how many."""
    seed = arguments.get("seed", "").strip()[:LONGEST_SEED]
    size = arguments.get("size", "")
    count = int(size) if _is_number(size) else 0
    return seed, count if count in SAMPLE_SIZES else SAMPLE_SIZES[1]


def _day(name: str, text: str, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        errors[name] = _("不是日期，请按 2026-03-31 的形式填写。")
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
