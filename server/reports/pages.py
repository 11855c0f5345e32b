"""HTML pages: the reports made so far, making one, one report with its files."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, may
from domain.errors import Fault, fault, message
from domain.reports.frozen import ReportKind
from domain.reports.report_calendar import month_before
from domain.reports.task_summary import SummaryType
from server.boundary import whole_number
from server.documents.page import WayBack
from server.documents.service import has_pango
from server.exchange.service import XLSX_TYPE
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.planning.service import list_own_tasks
from server.reports import service, wording
from server.reports.files import changes_of, stamp_of
from server.reports.forms import Annex1Form, Annex2Form, AnnualForm, SummaryForm
from server.reports.paper import STYLES, render_paper, typeset_paper
from server.reports.workbook import write_workbook
from server.runtime import today
from server.shell.pages import kit_file

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.REPORT_READ)
def list_reports() -> Page:
    """Those made so far, the dates ahead, and the ways to make one."""
    return _list_page()


@blueprint.post("/annex1")
@guarded(Action.REPORT_MAKE)
def make_annex1() -> Page:
    """Annex 1 up to a day."""
    form = Annex1Form()
    return _make(form, "annex1", lambda: service.make_annex1(get_actor(), _must(form.day.data)))


@blueprint.post("/annex2")
@guarded(Action.REPORT_MAKE)
def make_annex2() -> Page:
    """Annex 2 of a month."""
    form = Annex2Form()
    return _make(form, "annex2", lambda: service.make_annex2(get_actor(), _must(form.month.first)))


@blueprint.post("/annual")
@guarded(Action.REPORT_MAKE)
def make_annual() -> Page:
    """The year's numbers, for the annual report or one of progress."""
    form = AnnualForm()
    return _make(
        form,
        "annual",
        lambda: service.make_annual(get_actor(), _must(form.day.data), int(form.which.data)),
    )


@blueprint.post("/summary")
@guarded(Action.REPORT_MAKE)
def make_summary() -> Page:
    """The summary table of a task."""
    form = SummaryForm().offer(_tasks())
    return _make(
        form,
        "summary",
        lambda: service.make_summary(
            get_actor(),
            form.task.data,
            SummaryType(form.kind.data),
            " ".join((form.remark.data or "").split()),
        ),
    )


@blueprint.get("/<int:report_id>")
@guarded(Action.REPORT_READ)
def report(report_id: int) -> Page:
    """One report with the numbers that lead to their lists, and what is other than before."""
    return _report_page(report_id)


@blueprint.get("/<int:report_id>/form.<ending>")
@guarded(Action.REPORT_READ)
def form_file(report_id: int, ending: str) -> Page:
    """As it is handed in: ``xlsx``, ``pdf``, or ``html`` to print from a browser."""
    made = service.get_report(get_actor(), report_id)
    if ending == "html":
        way = WayBack(
            url_for("reports.report", report_id=report_id),
            _("返回"),
            _("用浏览器的打印功能打印，纸张选 A4。"),
        )
        return render_paper(made.form, stamp_of(made), tuple(kit_file(one) for one in STYLES), way)
    if ending == "xlsx":
        body, kind = write_workbook(made.form, changes_of(made)), XLSX_TYPE
    elif ending == "pdf":
        try:
            body, kind = typeset_paper(made.form, stamp_of(made)), "application/pdf"
        except Fault as refused:
            return _report_page(report_id, refused), refused.status
    else:
        raise fault("report.not_found")
    name = f"{made.row.kind}-{made.row.period}-{made.row.number}.{ending}"
    return send_file(io.BytesIO(body), mimetype=kind, as_attachment=True, download_name=name)


def _make(form: Any, kind: str, make: Any) -> Page:
    if not form.validate():
        return _list_page({kind: form}), 422
    try:
        made = make()
    except Fault as refused:
        return _list_page({kind: form}, refused), refused.status
    flash(_("已生成并存档，以后不会改变。"), "ok")
    return redirect(url_for("reports.report", report_id=made.id))


def _list_page(forms: dict[str, Any] | None = None, refused: Fault | None = None) -> str:
    actor, forms = get_actor(), forms or {}
    kind = request.args.get("kind", "")
    kind = kind if kind in set(ReportKind) else ""
    every = service.list_reports(actor, kind, request.args.get("year", type=whole_number))
    usual = {
        "annex1": Annex1Form(formdata=None, day=today()),
        "annex2": Annex2Form.of(today()),
        "annual": AnnualForm(formdata=None, day=today()),
        "summary": SummaryForm(formdata=None).offer(_tasks()),
    }
    return render_template(
        "reports/list.html",
        reports=every,
        makers=service.list_makers(every),
        due=service.list_due(),
        next_due=service.find_next(),
        forms={**usual, **forms},
        usual_day=today().isoformat(),
        usual_month=f"{month_before(today())[0]:%Y-%m}",
        open_form=next(iter(forms), ""),
        can_make=may(actor, Action.REPORT_MAKE, None),
        kind=kind,
        refused=refused,
        refused_text=_sentence(refused),
        words=wording,
    )


def _report_page(report_id: int, refused: Fault | None = None) -> str:
    made = service.get_report(get_actor(), report_id)
    return render_template(
        "reports/report.html",
        made=made,
        has_pango=has_pango(),
        refused=refused,
        refused_text=_sentence(refused),
        words=wording,
    )


def _tasks() -> list[tuple[int, str]]:
    return [(one.id, f"{one.task_no} {one.name}") for one in list_own_tasks(get_actor())]


def _sentence(refused: Fault | None) -> str:
    return message(refused.code, current_locale(), refused.details) if refused else ""


def _must(value: Any) -> Any:
    assert value is not None, "the form requires it"
    return value
