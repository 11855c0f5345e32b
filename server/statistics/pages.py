"""HTML pages: the indicators, the statistics, the warnings (R097–R099, R109–R112, R118)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Target, may
from domain.errors import Fault, fault, message
from server.accounts.directory import list_person_names
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.registry.service import CATEGORIES, count_worsened
from server.runtime import today
from server.settings.clauses import CLAUSES
from server.statistics import overview, proposing, warnings, wording
from server.statistics.export import build_file, list_lines
from server.statistics.forms import SetAsideForm, read_month, read_period
from server.statistics.indicators import view_indicators

blueprint = Blueprint("statistics", __name__)
Page = str | AnyResponse | tuple[str, int]
CHARTED = 12  # lines of a table that its picture shows


@blueprint.get("/indicators")
@guarded(Action.REPORT_READ)
def indicators() -> Page:
    """The year's indicators and their gaps."""
    asked = request.args.get("year", type=whole_number)
    year = asked if asked and 2000 <= asked <= 2200 else today().year
    return render_template(
        "statistics/indicators.html",
        view=view_indicators(get_actor(), year),
        clauses=CLAUSES,
        this_year=today().year,
        measure_word=wording.measure_word,
        formula_text=wording.formula_text,
        unit_word=wording.unit_word,
        trade_word=wording.trade_word,
    )


@blueprint.get("/statistics")
@guarded(Action.STATISTICS_READ)
def statistics() -> Page:
    """Findings of a period by one dimension, as picture, table and file."""
    actor, asked = get_actor(), read_period()
    by = request.args.get("by", "item")
    by = by if by in wording.BY else "item"
    tabs = [one for one in wording.BY if one != "officer" or overview.sees_officers(actor)]
    if by not in tabs:
        raise fault("access.denied")
    if request.args.get("format") == "xlsx" and not asked.errors:
        return build_file(actor, asked.wanted, by)
    lines = list_lines(actor, asked.wanted, by) if by != "repeat" else []
    return render_template(
        "statistics/statistics.html",
        by=by,
        asked=asked,
        totals=overview.count_totals(actor, asked.wanted),
        lines=lines,
        charted=lines if by in overview.IN_TIME else lines[:CHARTED],
        repeats=overview.list_repeats(actor, asked.wanted) if by == "repeat" else [],
        sees_county=overview.sees_county(actor),
        categories=CATEGORIES,
        largest=overview.LARGEST,
        standing=warnings.count_standing(actor, _this_month()),
        tabs=tabs,
        by_word=wording.by_word,
        head_word=wording.head_word,
        line_name=wording.line_name,
        percent=wording.percent,
    )


@blueprint.get("/statistics/warnings")
@guarded(Action.STATISTICS_READ)
def list_warnings() -> Page:
    """What stands out in a month."""
    actor = get_actor()
    month = read_month(request.args.get("month", "")) or _this_month()
    found = warnings.list_warnings(actor, month)
    least, length = warnings.rules_of(actor.jurisdiction_id)
    people = {one.aside.person_id for one in found if one.aside}
    return render_template(
        "statistics/warnings.html",
        month=month,
        months=[warnings.add_months(_this_month(), -back) for back in range(13)],
        rows=found,
        names=list_person_names(people),
        worsened=count_worsened(actor),
        least=least,
        length=length,
        sees_county=overview.sees_county(actor),
        **_words(),
    )


@blueprint.get("/statistics/warning")
@guarded(Action.STATISTICS_READ)
def warning() -> Page:
    """One chart (``kind``, ``code``, ``month``), the firms behind it, and what can be done."""
    if "code" not in request.args:
        return redirect(url_for("statistics.list_warnings"))
    return _chart_page()


@blueprint.post("/statistics/warning")
@guarded(Action.WARNING_DECIDE)
def set_aside() -> Page:
    """With a reason."""
    if "code" not in request.args:
        return redirect(url_for("statistics.list_warnings"))
    form = SetAsideForm()
    if not form.validate():
        return _chart_page(form), 422
    kind, code, month = _asked()
    try:
        warnings.set_aside(get_actor(), kind, code, month, form.reason.data or "")
    except Fault as refused:
        return _chart_page(form, refused), refused.status
    flash(_("已搁置；当月再有新发现时会重新预警。"), "ok")
    return redirect(url_for("statistics.list_warnings", month=wording.month_word(month)))


def _chart_page(form: SetAsideForm | None = None, refused: Fault | None = None) -> str:
    actor, (kind, code, month) = get_actor(), _asked()
    chart = warnings.view_chart(actor, kind, code, month)
    _least, length = warnings.rules_of(actor.jurisdiction_id)
    aside = chart.warned.aside
    target = Target(actor.jurisdiction_id, actor.department_id)
    return render_template(
        "statistics/warning.html",
        chart=chart,
        month=month,
        length=length,
        proposal=proposing.propose(actor, chart),
        names=list_person_names({aside.person_id} if aside else set()),
        can_decide=may(actor, Action.WARNING_DECIDE, target),
        form=form or SetAsideForm(formdata=None),
        method_text=wording.method_text(chart.warned.reading),
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "reason_text": wording.reason_text,
        "trade_word": wording.trade_word,
        "month_word": wording.month_word,
        "percent": wording.percent,
    }


def _asked() -> tuple[str, str, date]:
    """Raises ``warning.not_found`` for what is no month."""
    month = read_month(request.args.get("month", ""))
    if month is None:
        raise fault("warning.not_found")
    return request.args.get("kind", ""), request.args.get("code", ""), month


def _this_month() -> date:
    return today().replace(day=1)
