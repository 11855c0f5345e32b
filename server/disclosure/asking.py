"""What a visitor's address asks for, read strictly; what cannot be read is told at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.results import RESULTS
from server.boundary import whole_number
from server.disclosure.searching import PROBLEM, Wanted
from server.i18n import translate as _

MAX_QUESTION = 60
PROBLEM_WORD = "problem"


@dataclass(frozen=True, slots=True)
class Asked:
    """``typed`` as it stands in the address, ``faults`` by field where it cannot be meant."""

    wanted: Wanted
    typed: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)


def read_question(args: Mapping[str, str]) -> Asked:
    """``year`` is a whole year where no days are given."""
    typed = {
        name: " ".join(args.get(name, "").split())[:MAX_QUESTION]
        for name in ("q", "plan", "task", "department", "result", "year", "from", "to")
    }
    faults: dict[str, str] = {}
    year = _number(typed["year"])
    if typed["year"] and (year is None or not 1000 <= year <= 9999):
        faults["year"], year = _("请填写四位年份，例如 2026。"), None
    from_on, to_on = _day("from", typed, faults), _day("to", typed, faults)
    if from_on and to_on and from_on > to_on:
        faults["to"] = _("截止日期不能早于起始日期。")
    if year is not None and not (typed["from"] or typed["to"]):
        from_on, to_on = date(year, 1, 1), date(year, 12, 31)
    wanted = Wanted(
        q=typed["q"],
        plan=_number(typed["plan"]),
        task=_number(typed["task"]),
        department=_number(typed["department"]),
        code=_code(typed["result"]),
        from_on=from_on,
        to_on=to_on,
    )
    return Asked(wanted, typed, faults)


def _number(text: str) -> int | None:
    try:
        return whole_number(text)
    except ValueError:
        return None


def _code(text: str) -> int | None:
    if text == PROBLEM_WORD:
        return PROBLEM
    found = _number(text)
    return found if found in RESULTS else None


def _day(name: str, typed: Mapping[str, str], faults: dict[str, str]) -> date | None:
    if not typed[name]:
        return None
    try:
        return date.fromisoformat(typed[name])
    except ValueError:
        faults[name] = _("请按 2026-03-04 这样填写日期。")
        return None
