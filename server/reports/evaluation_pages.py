"""HTML page: the evaluation of a year or its first half is written and frozen (R118)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField

from domain.access import Action
from domain.errors import Fault, message
from domain.reports.evaluation import HALF_END, MAX_TEXT, TEXTS, Period, parse_period
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import Required
from server.kit.forms import KitForm, ReasonLength
from server.reports import evaluation_wording, wording
from server.reports.making_evaluation import find_newest, last_gaps, make_evaluation
from server.runtime import today

blueprint = Blueprint("evaluations", __name__, url_prefix="/reports/evaluation")
Page = str | AnyResponse | tuple[str, int]


class EvaluationForm(KitForm):
    """What the office writes itself."""

    done = TextAreaField(validators=[ReasonLength(MAX_TEXT)])
    conclusion = TextAreaField(validators=[Required(), ReasonLength(MAX_TEXT)])
    measures = TextAreaField(validators=[ReasonLength(MAX_TEXT)])


@blueprint.get("")
@guarded(Action.REPORT_MAKE)
def begin() -> Page:
    """``period`` (2026, 2026-1); the texts of its newest evaluation to go on with."""
    return _page(_period())


@blueprint.post("")
@guarded(Action.REPORT_MAKE)
def make() -> Page:
    """Counted and frozen."""
    form, period = EvaluationForm(), _period()
    if not form.validate():
        return _page(period, form), 422
    try:
        texts = {key: form[key].data or "" for key in TEXTS}
        made = make_evaluation(get_actor(), period, texts)
    except Fault as refused:
        return _page(period, form, refused), refused.status
    flash(_("已生成并存档，以后不会改变。"), "ok")
    return redirect(url_for("reports.report", report_id=made.id))


def _page(period: Period, form: EvaluationForm | None = None, refused: Fault | None = None) -> str:
    newest = find_newest(period)
    texts = newest["texts"] if newest else {}
    return render_template(
        "reports/evaluate.html",
        period=period,
        choices=_choices(),
        form=form or EvaluationForm(formdata=None, **texts),
        last=last_gaps(period),
        is_remembered=bool(newest) and form is None,
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
        words=wording,
        own=evaluation_wording,
    )


def _choices() -> list[Period]:
    """This year's and those of the year before, the newest first."""
    year = today().year
    return [Period(one, is_half=half) for one in (year, year - 1) for half in (False, True)]


def _period() -> Period:
    """As asked; else the half year in its second half, the year before in its first."""
    day = today()
    asked = parse_period(request.args.get("period", ""))
    if asked is not None and asked in _choices():
        return asked
    is_past_half = (day.month, day.day) > HALF_END
    return Period(day.year, is_half=True) if is_past_half and day.month < 12 else (
        Period(day.year) if is_past_half else Period(day.year - 1)
    )  # fmt: skip
