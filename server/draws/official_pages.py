"""HTML pages: how a draw made on the official platform comes in."""

from __future__ import annotations

import base64
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor
from domain.errors import Fault, fault, message
from server.draws.official import (
    OfficialReport,
    find_official,
    import_official,
    platform_of,
    preview_official,
)
from server.draws.official_forms import ConfirmOfficialForm, OfficialFileForm
from server.draws.reading import get_draw
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.planning import service as planning
from server.runtime import today

blueprint = Blueprint("official", __name__)
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/tasks/<int:task_id>/official")
@guarded(Action.DRAW_IMPORT)
def upload(task_id: int) -> Page:
    """The form for the platform's file; whoever comes back for another one finds what was typed."""
    actor, told = get_actor(), request.args
    form = OfficialFileForm(
        formdata=None,
        platform=told.get("platform") or platform_of(actor),
        official_no=told.get("official_no", ""),
        drawn_at=told.get("drawn_at", ""),
    )
    return _upload_page(actor, task_id, form)


@blueprint.post("/tasks/<int:task_id>/official/preview")
@guarded(Action.DRAW_IMPORT)
def preview(task_id: int) -> Page:
    """What would be imported, and everything that is wrong; stores nothing."""
    actor, form = get_actor(), OfficialFileForm()
    if not form.validate():
        return _upload_page(actor, task_id, form), 422
    try:
        report = preview_official(actor, task_id, form.handed_in(form.file_name))
    except Fault as refused:
        return _upload_page(actor, task_id, form, refused), refused.status
    confirm = ConfirmOfficialForm(
        formdata=None,
        platform=report.platform,
        official_no=form.official_no.data,
        drawn_at=form.drawn_at.data,
        content=base64.b64encode(form.data_bytes).decode("ascii"),
        file_name=form.file_name,
        planned_on=today(),
    )
    return _preview_page(report, confirm)


@blueprint.post("/tasks/<int:task_id>/official")
@guarded(Action.DRAW_IMPORT)
def confirm(task_id: int) -> Page:
    """Imports what the preview showed; read again from the bytes, never from the page."""
    actor, form = get_actor(), ConfirmOfficialForm()
    handed_in = None
    try:
        is_valid = form.validate()
        handed_in = form.handed_in(form.file_name.data or "")
        if not is_valid:
            return _preview_page(preview_official(actor, task_id, handed_in), form), 422
        day = form.planned_on.data
        assert day is not None, "the form requires it"
        report = import_official(actor, task_id, handed_in, day)
    except Fault as refused:
        blank = OfficialFileForm(formdata=None, platform=form.platform.data)
        return _upload_page(actor, task_id, blank, refused), refused.status
    if report.unchanged:
        flash(_("这次抽取此前已导入，未作改动。"), "info")
    else:
        count = len(report.read.firms)
        flash(_("已导入 {n} 户，检查任务已下发到检查人员手机。", n=count), "ok")
    return redirect(url_for("draws.draw", draw_id=report.draw_id))


@blueprint.get("/draws/<int:draw_id>/official-file")
@guarded(Action.DRAW_IMPORT)
def file(draw_id: int) -> Page:
    """The platform's file as it came."""
    found = find_official(get_draw(get_actor(), draw_id))
    if found is None:
        raise fault("draw.not_found")
    name = quote(found.file_name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(found.file, mimetype="application/octet-stream", headers=headers)


def _upload_page(
    actor: Actor, task_id: int, form: OfficialFileForm, refused: Fault | None = None
) -> str:
    return render_template(
        "draws/official_upload.html",
        task=planning.get_task(actor, task_id),
        form=form,
        refused=refused,
        refused_text=_sentence(refused),
        lines=refused.details.get("lines", []) if refused else [],
    )


def _preview_page(report: OfficialReport, form: ConfirmOfficialForm) -> str:
    return render_template(
        "draws/official_preview.html",
        report=report,
        form=form,
        problems=[(one.row, _sentence(one.fault)) for one in report.read.problems],
    )


def _sentence(refused: Fault | None) -> str:
    """A refusal in the reader's language; empty for none."""
    if refused is None:
        return ""
    return message(refused.code, current_locale(), refused.details)
