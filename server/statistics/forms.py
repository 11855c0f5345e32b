"""What the statistics' addresses and forms say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import request
from wtforms import TextAreaField

from server.i18n import translate as _
from server.inspections.forms import Required, parse_day
from server.kit.forms import KitForm, ReasonLength
from server.registry.service import CATEGORIES
from server.runtime import today
from server.statistics.counts import Wanted
from server.statistics.warnings import MAX_REASON_CHARACTERS

FIRST_YEAR, LAST_YEAR = 2000, 2200


class SetAsideForm(KitForm):
    """Why a warning needs nothing done."""

    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])


@dataclass(frozen=True, slots=True)
class Asked:
    """``first`` and ``last`` as they were typed; ``errors`` field → what is wrong with it.
    ``wanted`` is what is shown: this year where a day cannot be read."""

    wanted: Wanted
    first: str
    last: str
    errors: dict[str, str]


def read_period() -> Asked:
    """From ``first``, ``last`` and ``trade``; nothing means this year until today."""
    day = today()
    typed = {name: request.args.get(name, "").strip() for name in ("first", "last")}
    days = {name: parse_day(text) for name, text in typed.items()}
    errors = {
        name: _("请填写真实日期，格式如 2026-03-09")
        for name, text in typed.items()
        if text and days[name] is None
    }
    first, last = days["first"] or date(day.year, 1, 1), days["last"] or day
    if first > last and not errors:
        errors["last"] = _("截止日期不能早于起始日期")
    if errors:
        first, last = date(day.year, 1, 1), day
    trade = request.args.get("trade", "")
    shown = {
        "first": typed["first"] or first.isoformat(),
        "last": typed["last"] or last.isoformat(),
    }
    wanted = Wanted(first, last, trade if trade in CATEGORIES else "")
    return Asked(wanted, shown["first"], shown["last"], errors)


def read_month(text: str) -> date | None:
    """``2026-11`` as its first day; None for anything else."""
    found = parse_day(f"{text}-01") if len(text) == len("2026-11") else None
    return found if found is not None and FIRST_YEAR <= found.year <= LAST_YEAR else None
