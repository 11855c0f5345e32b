"""Use case: each warning is told the leads whose department it is about, once (R099),
and again when it has another count."""

from __future__ import annotations

from datetime import date

from domain.access import Actor, Role
from domain.reminders import Step, Whom
from server.accounts.directory import list_counties
from server.accounts.service import list_departments, list_team_leads
from server.db import db, scope_to
from server.i18n import in_chinese
from server.notifications.service import Told, write_in_inbox
from server.runtime import today
from server.statistics import warnings
from server.statistics.warnings import Warned, add_months
from server.statistics.wording import month_word, reason_text, trade_word


def tell_warnings() -> int:
    """Of every county, of this month and the one before: a visit of its last days is entered in the
    next. What was told before with the same count is not told again; answers how much was told."""
    before, told = db.session.info.get("jurisdiction_id"), 0
    try:
        for county in list_counties():
            scope_to(county)
            month = today().replace(day=1)
            wanted = [
                one for each in (month, add_months(month, -1)) for one in _of_county(county, each)
            ]
            told += write_in_inbox(county, wanted)
    finally:
        scope_to(before)
    return told


def _of_county(county: int, month: date) -> list[Told]:
    found = []
    for department in list_departments():
        leads = list_team_leads(department.id)
        if not leads:
            continue
        # in the sight of its lead: the department's own sheets
        eyes = Actor(leads[0].id, county, department.id, frozenset({Role.TEAM_LEAD}))
        _least, length = warnings.rules_of(county)
        for one in warnings.list_warnings(eyes, month):
            if one.aside is None:
                found += [_told(one, lead.id, length) for lead in leads]
    return found


def _told(one: Warned, person_id: int, length: int) -> Told:
    with in_chinese():
        what = f"{one.code} {one.name}" if one.kind == "item" else trade_word(one.code)
        reason = reason_text(one.reading, length)
    month = month_word(one.month)
    return Told(
        source=f"warning:{one.kind}:{one.code}:{month}",
        step=f"{Step.WARNED}.{one.reading.month.found}",
        kind=Step.WARNED,
        why=Whom.LEAD,
        person_id=person_id,
        subject=f"{month} {what}：{reason}",
        href=f"/statistics/warning?kind={one.kind}&code={one.code}&month={month}",
    )
