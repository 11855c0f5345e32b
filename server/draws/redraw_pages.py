"""HTML: asking for a redraw, and deciding on it; both are forms on the draw's page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault
from server.accounts.service import list_person_names
from server.draws import service
from server.draws.ceremony_forms import DecideForm, RedrawForm
from server.draws.draw_page import draw_page
from server.guard import get_actor, guarded
from server.i18n import translate as _

blueprint = Blueprint("redraws", __name__)
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/redraws")
@guarded(Action.DRAW_READ)
def list_redraws() -> Page:
    """Every request, those that wait first."""
    rows = sorted(service.list_redraws(get_actor()), key=lambda one: bool(one.decision))
    people = {one for r in rows for one in (r.requested_by, r.decided_by) if one is not None}
    return render_template("draws/redraws.html", rows=rows, names=list_person_names(people))


@blueprint.post("/draws/<int:draw_id>/redraw")
@guarded(Action.REDRAW_REQUEST)
def ask(draw_id: int) -> Page:
    """The office asks."""
    actor, form = get_actor(), RedrawForm()
    if not form.validate():
        return draw_page(actor, draw_id, redraw=form), 422
    try:
        service.request_redraw(actor, draw_id, form.reason.data)
    except Fault as refused:
        return draw_page(actor, draw_id, refused, redraw=form), refused.status
    flash(_("已提交重抽申请，等待主要负责人审批。"), "ok")
    return redirect(url_for("draws.draw", draw_id=draw_id, _anchor="redraw"))


@blueprint.post("/redraws/<int:redraw_id>/decide")
@guarded(Action.REDRAW_APPROVE)
def decide(redraw_id: int) -> Page:
    """The head approves or refuses, by the button that was pressed."""
    actor, form = get_actor(), DecideForm()
    draw_id = service.get_redraw(actor, redraw_id).draw_id
    is_refusal = request.form.get("decision") != "approve"  # nothing is approved by default
    is_valid = form.validate()
    if is_refusal and not (form.reason.data or "").strip():
        form.reason.errors = [*form.reason.errors, _("请填写此项")]
        is_valid = False
    if not is_valid:
        return draw_page(actor, draw_id, decide=form), 422
    deed = service.refuse_redraw if is_refusal else service.approve_redraw
    try:
        deed(
            actor,
            redraw_id,
            password=form.password.data,
            reason=form.reason.data or "",
            address=request.remote_addr or "",
        )
    except Fault as refused:
        return draw_page(actor, draw_id, refused, decide=form), refused.status
    flash(
        _("已退回重抽申请，原抽取继续有效。")
        if is_refusal
        else _("已批准重抽：原抽取保留并标明已被替换，检查已从手机撤回。请重新冻结抽取池。"),
        "ok",
    )
    return redirect(url_for("draws.draw", draw_id=draw_id, _anchor="redraw"))
