"""HTML page: what is entered for reports by hand: meetings, documents, trainings, the contact, the
tasks the province assigned."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, may
from domain.errors import Fault, message
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.planning.service import list_own_tasks
from server.reports import service, wording
from server.reports.entries import list_recorded
from server.reports.forms import EntryForm, HeadForm
from server.runtime import today

blueprint = Blueprint("report_entries", __name__, url_prefix="/reports/entries")
Page = str | AnyResponse | tuple[str, int]
FIRST_YEAR, LAST_YEAR = 2000, 2100


@blueprint.get("")
@guarded(Action.REPORT_READ)
def entries() -> Page:
    """Those of a year."""
    return _page()


@blueprint.post("")
@guarded(Action.REPORT_MAKE)
def add() -> Page:
    """A new one."""
    return _save(None)


@blueprint.post("/<int:entry_id>")
@guarded(Action.REPORT_MAKE)
def edit(entry_id: int) -> Page:
    """Other words."""
    return _save(entry_id)


@blueprint.post("/<int:entry_id>/remove")
@guarded(Action.REPORT_MAKE)
def remove(entry_id: int) -> Page:
    """Out of later reports."""
    service.remove_entry(get_actor(), entry_id)
    flash(_("已删除；已生成的报表不变。"), "ok")
    return redirect(url_for("report_entries.entries", year=_year()))


@blueprint.post("/head")
@guarded(Action.REPORT_MAKE)
def head() -> Page:
    """Who reports."""
    form = HeadForm()
    if not form.validate():
        return _page(head_form=form), 422
    service.save_head(get_actor(), form.head())
    flash(_("已保存，以后生成的报表使用新的内容。"), "ok")
    return redirect(url_for("report_entries.entries", year=_year()))


@blueprint.post("/province")
@guarded(Action.REPORT_MAKE)
def province() -> Page:
    """Which tasks of the year the province assigned."""
    wanted = set(request.form.getlist("task", type=whole_number))
    service.mark_province_tasks(get_actor(), _year(), wanted)
    flash(_("已保存，附件1不再计入勾选的任务。"), "ok")
    return redirect(url_for("report_entries.entries", year=_year()))


def _save(entry_id: int | None) -> Page:
    form = EntryForm()
    if not form.validate():
        return _page(form, entry_id), 422
    try:
        service.save_entry(get_actor(), form.entry(), entry_id)
    except Fault as refused:
        return _page(form, entry_id, refused=refused), refused.status
    flash(_("已保存。"), "ok")
    assert form.day.data is not None, "the form requires it"
    return redirect(url_for("report_entries.entries", year=form.day.data.year))


def _page(
    form: EntryForm | None = None,
    edited: int | None = None,
    head_form: HeadForm | None = None,
    refused: Fault | None = None,
) -> str:
    actor, year = get_actor(), _year()
    rows = service.list_entries(date(year, 1, 1), date(year, 12, 31))
    forms = {one.id: EntryForm(formdata=None, obj=one) for one in rows}
    if form is not None and edited in forms:
        forms[edited] = form
    head = service.read_head()
    return render_template(
        "reports/entries.html",
        rows=rows,
        recorded=list_recorded(date(year, 1, 1), date(year, 12, 31)),
        forms=forms,
        edited=edited,
        form=form if form is not None and edited is None else EntryForm(formdata=None, day=today()),
        is_refused=form is not None and edited is None,
        head_form=head_form or HeadForm(formdata=None, obj=head),
        head_refused=head_form is not None,
        tasks=list_own_tasks(actor, year),
        province=service.list_province_tasks(),
        year=year,
        this_year=today().year,
        can_make=may(actor, Action.REPORT_MAKE, None),
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
        words=wording,
    )


def _year() -> int:
    year = request.args.get("year", type=whole_number) or today().year
    return year if FIRST_YEAR <= year <= LAST_YEAR else today().year
