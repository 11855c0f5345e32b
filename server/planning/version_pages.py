"""HTML pages: publishing a plan, reporting a version, and reading any version beside the one
before."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.planning import versions
from server.planning.adjustment_forms import ReportForm
from server.planning.doors import show_doors
from server.planning.wording import adjustment_word, field_word, value_text
from server.runtime import today

blueprint = Blueprint("plan_versions", __name__, url_prefix="/plans/<int:plan_id>")
show_doors(blueprint)
Page = str | AnyResponse | tuple[str, int]


@blueprint.post("/publish")
@guarded(Action.PLAN_PUBLISH)
def publish(plan_id: int) -> Page:
    """The newest version goes to the public page."""
    try:
        version = versions.publish_plan(get_actor(), plan_id)
    except Fault as refused:
        flash(message(refused.code, current_locale(), refused.details), "error")
    else:
        flash(_("第 {n} 版已公布。", n=version.number), "ok")
    return redirect(url_for("planning.plan", plan_id=plan_id))


@blueprint.get("/versions/<int:number>")
@guarded(Action.PLAN_READ)
def version(plan_id: int, number: int) -> Page:
    """One version, what it changed, and its report."""
    return _page(plan_id, number)


@blueprint.post("/versions/<int:number>/report")
@guarded(Action.PLAN_PUBLISH)
def report(plan_id: int, number: int) -> Page:
    """Records the report to the county office."""
    form = ReportForm()
    if not form.validate():
        return _page(plan_id, number, form), 422
    day = form.reported_on.data
    assert day is not None, "the form requires it"
    versions.report_version(get_actor(), plan_id, number, day, form.report_no.data.strip())
    flash(_("已登记上报。"), "ok")
    return redirect(url_for("plan_versions.version", plan_id=plan_id, number=number))


def _page(plan_id: int, number: int, form: ReportForm | None = None) -> str:
    shown = versions.get_version(get_actor(), plan_id, number)
    every = versions.list_versions(plan_id)
    earlier = next((one for one in every if one.number < number), None)
    return render_template(
        "planning/version.html",
        plan=shown.plan,
        version=shown,
        versions=every,
        earlier=earlier,
        changes=versions.diff_versions(earlier, shown),
        form=form
        or ReportForm(
            formdata=None, reported_on=shown.reported_on or today(), report_no=shown.report_no
        ),
        adjustment_word=adjustment_word,
        field_word=field_word,
        value_text=value_text,
    )
