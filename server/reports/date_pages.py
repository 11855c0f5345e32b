"""HTML page: by when the reports of a year are due."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, may
from domain.errors import Fault, message
from domain.reports.report_calendar import usual_days
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import parse_day
from server.reports import service, wording
from server.reports.entry_pages import FIRST_YEAR, LAST_YEAR
from server.runtime import today

blueprint = Blueprint("report_dates", __name__, url_prefix="/reports/dates")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.REPORT_READ)
def this_year() -> Page:
    """The running year's."""
    return redirect(url_for("report_dates.year_page", year=today().year))


@blueprint.get("/<int:year>")
@guarded(Action.REPORT_READ)
def year_page(year: int) -> Page:
    """The year's table."""
    return _page(_known(year))


@blueprint.post("/<int:year>")
@guarded(Action.REPORT_MAKE)
def save(year: int) -> Page:
    """The days as typed; what cannot be read is said at its field and nothing is saved."""
    year = _known(year)
    typed = {key: request.form.get(f"day-{key}", "").strip() for key in usual_days(year)}
    days: dict[str, date] = {}
    errors: dict[str, str] = {}
    for key, text in typed.items():
        day = parse_day(text) if text else usual_days(year)[key]
        if day is None:
            errors[key] = _("请填写真实日期，格式如 2026-03-09")
        elif day.year != year:
            errors[key] = message("report.day_of_other_year", current_locale(), {"year": year})
        else:
            days[key] = day
    if errors:
        return _page(year, typed, errors), 422
    service.set_days(get_actor(), year, days)
    flash(_("已保存 {year} 年报送日期。", year=year), "ok")
    return redirect(url_for("report_dates.year_page", year=year))


@blueprint.post("/<int:year>/<key>/handed-in")
@guarded(Action.REPORT_MAKE)
def handed_in(year: int, key: str) -> Page:
    """Notes that it was handed in on a day, or takes that back."""
    is_undone = "undo" in request.form
    text = request.form.get("day", "").strip()
    day = None if is_undone else parse_day(text)
    try:
        if day is None and not is_undone:
            return _page(
                _known(year), errors={f"{key}-done": _("请填写真实日期，格式如 2026-03-09")}
            ), 422
        service.note_handed_in(get_actor(), _known(year), key, day)
    except Fault as refused:
        told = message(refused.code, current_locale(), refused.details)
        return _page(_known(year), errors={f"{key}-done": told}), refused.status
    flash(_("已撤销报送登记。") if is_undone else _("已登记报送。"), "ok")
    return redirect(url_for("report_dates.year_page", year=year))


def _page(
    year: int, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> str:
    return render_template(
        "reports/dates.html",
        rows=service.list_dates(year),
        year=year,
        today=today(),
        typed=typed or {},
        errors=errors or {},
        can_make=may(get_actor(), Action.REPORT_MAKE, None),
        words=wording,
    )


def _known(year: int) -> int:
    return year if FIRST_YEAR <= year <= LAST_YEAR else today().year
