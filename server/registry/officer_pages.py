"""HTML pages: an officer's entry, its form, and the firms the officer never inspects."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, fault
from server.guard import get_actor, guarded
from server.i18n import translate as _
from server.registry import service
from server.registry.clash_views import catch_up, seen_in
from server.registry.firm_forms import ReasonForm
from server.registry.models import Officer
from server.registry.officer_forms import RecusalForm, values_of
from server.registry.officer_views import officer_form, officer_form_page, officer_page

blueprint = Blueprint("registry_officers", __name__, url_prefix="/registry/officers")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/<int:officer_id>")
@guarded(Action.OFFICER_READ)
def show(officer_id: int) -> Page:
    """One officer's entry."""
    return officer_page(service.get_officer(get_actor(), officer_id))


@blueprint.get("/new")
@guarded(Action.OFFICER_WRITE)
def new() -> Page:
    """An empty form."""
    return officer_form_page(officer_form(None, formdata=None), None)


@blueprint.post("/new")
@guarded(Action.OFFICER_WRITE)
def add() -> Page:
    """Into the register."""
    form = officer_form(None)
    if not form.validate():
        return officer_form_page(form, None), 422
    try:
        officer = service.add_officer(get_actor(), form.values())
    except Fault as refused:
        return officer_form_page(form, None, refused), refused.status
    flash(_("已登记入库。"), "ok")
    return _to(officer.id)


@blueprint.get("/<int:officer_id>/edit")
@guarded(Action.OFFICER_WRITE)
def edit(officer_id: int) -> Page:
    """The form with what the register says."""
    officer = _own(officer_id)
    seen = service.version_of(get_actor(), "officers", officer_id)
    return officer_form_page(
        officer_form(officer, formdata=None, **values_of(officer, seen)), officer
    )


@blueprint.post("/<int:officer_id>/edit")
@guarded(Action.OFFICER_WRITE)
def save(officer_id: int) -> Page:
    """Stores it, or shows what others changed meanwhile."""
    actor = get_actor()
    officer = _own(officer_id)
    form = officer_form(officer)
    if not form.validate():
        return officer_form_page(form, officer), 422
    try:
        saved = service.edit_officer(actor, officer_id, form.values(), seen_in(form.seen.data))
    except Fault as refused:
        page = officer_form_page(form, service.get_officer(actor, officer_id), refused)
        return page, refused.status
    if isinstance(saved, Officer):
        flash(_("已保存。"), "ok")
        return _to(officer_id)
    catch_up(form, saved)
    officer = service.get_officer(actor, officer_id)
    return officer_form_page(form, officer, meanwhile=saved), 409


@blueprint.post("/<int:officer_id>/recusals")
@guarded(Action.OFFICER_WRITE)
def add_recusal(officer_id: int) -> Page:
    """From now on never with this firm."""
    form = RecusalForm()
    officer = _own(officer_id)
    if not form.validate():
        return officer_page(officer, recusal_form=form), 422
    try:
        firm_id = seen_in(form.firm_id.data)
        if not firm_id:
            raise fault("firm.not_found")
        reason = (form.reason.data or "").strip()
        service.add_recusal(get_actor(), officer_id, firm_id, reason)
    except Fault as refused:
        officer = service.get_officer(get_actor(), officer_id)
        return officer_page(officer, recusal_form=form, refused=refused), refused.status
    flash(_("已列入回避，下一次抽取起生效。"), "ok")
    return _to(officer_id)


@blueprint.post("/<int:officer_id>/recusals/<int:firm_id>/end")
@guarded(Action.OFFICER_WRITE)
def end_recusal(officer_id: int, firm_id: int) -> Page:
    """With a reason."""
    form = ReasonForm()
    officer = _own(officer_id)
    if not form.validate():
        return officer_page(officer, ending=firm_id), 422
    reason = (form.reason.data or "").strip()
    service.end_recusal(get_actor(), officer_id, firm_id, reason)
    flash(_("回避已解除。"), "ok")
    return _to(officer_id)


def _own(officer_id: int) -> Officer:
    """One whose department the person keeps: refused before anything is typed."""
    officer = service.get_officer(get_actor(), officer_id)
    service.require_keeper(get_actor(), Action.OFFICER_WRITE, officer.department_id)
    return officer


def _to(officer_id: int) -> AnyResponse:
    return redirect(url_for("registry_officers.show", officer_id=officer_id))
