"""Use case: 工作效果评估 of a year or its first half (R118), with what the office concludes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from domain.access import Action, Actor
from domain.reasons import parse_reason
from domain.reports.annual import same_day_before
from domain.reports.evaluation import (
    MAX_TEXT,
    TEXTS,
    Period,
    list_gaps,
    list_numbers,
    tell_rates,
)
from domain.reports.frozen import ReportKind, build_form
from domain.reports.listed import dump_lists
from server.db import db, unit_of_work
from server.guard import require
from server.registry.service import count_firms_by_tier
from server.reports.evaluation_overview import count_effect
from server.reports.making import beginning, check_day, freeze
from server.reports.making_annual import list_indicators
from server.reports.models import Report
from server.reports.snapshots import json_of
from server.runtime import today


def count_evaluation_of(actor: Actor, period: Period, texts: Mapping[str, str]) -> dict[str, Any]:
    """As it would be frozen, up to the period's last day or today; ``texts`` by ``TEXTS``. Raises
    ``report.day_refused`` for a period that has not begun, ``reason.too_long``."""
    day = min(period.last, today()) if period.year <= today().year else period.last
    check_day(day)
    # What the register was a year ago nobody has kept.
    now = count_effect(actor, day, sum(count_firms_by_tier(actor).values()))
    before = count_effect(actor, same_day_before(day), None)
    lists = list_numbers(now, before)
    return {
        **beginning(ReportKind.EVALUATION, day),
        "period": period.code,
        "numbers": {one.ref: len(one.ids) for one in lists},
        "rates": tell_rates(now, before),
        "indicators": list_indicators(actor, now.numbers, before.numbers),
        "texts": {key: parse_reason(texts.get(key, ""), MAX_TEXT) for key in TEXTS},
        "last": _tell_last(find_last(period)),
        "lists": dump_lists(lists),
    }


def make_evaluation(actor: Actor, period: Period, texts: Mapping[str, str]) -> Report:
    """Frozen. Raises as ``count_evaluation_of``."""
    require(actor, Action.REPORT_MAKE)
    with unit_of_work():
        return freeze(actor, count_evaluation_of(actor, period, texts), period.code)


def find_newest(period: Period) -> dict[str, Any] | None:
    """What the newest evaluation of the period says: its texts are where the next begins."""
    query = _newest().where(Report.period == period.code)
    return _content(query)


def find_last(period: Period) -> dict[str, Any] | None:
    """The newest evaluation that was made up to an earlier day than the period's last, and of
    another period: its gaps are asked about."""
    query = _newest().where(Report.period != period.code, Report.day < period.last)
    return _content(query.order_by(None).order_by(Report.day.desc(), Report.id.desc()))


def _newest() -> Any:
    query = select(Report).options(undefer(Report.content))
    return query.where(Report.kind == ReportKind.EVALUATION.value).order_by(Report.id.desc())


def _content(query: Any) -> dict[str, Any] | None:
    found = db.session.scalars(query.limit(1)).first()
    return json_of(found) if found else None


def _tell_last(last: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if last is None:
        return None
    form, day = build_form(last), date.fromisoformat(last["day"])
    return {
        "period": last["period"],
        "title": f"{form.title[: form.title.index('“')]}，至 {day.month} 月 {day.day} 日",
        "gaps": list_gaps(last["indicators"]),
    }


def last_gaps(period: Period) -> dict[str, Any] | None:
    """What the form shows of the last evaluation: ``period``, ``title``, ``gaps``."""
    return _tell_last(find_last(period))
