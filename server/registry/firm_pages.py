"""HTML pages: a firm is entered, edited, changes its status; its vehicles."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault
from server.guard import get_actor, guarded
from server.i18n import translate as _
from server.registry import service
from server.registry.clash_views import catch_up, seen_in
from server.registry.firm_forms import FirmForm, ReasonForm, StatusForm, VehicleForm
from server.registry.firm_views import firm_form_page, firm_page
from server.registry.models import Firm
from server.registry.tags import offered_tags

blueprint = Blueprint("registry_firms", __name__, url_prefix="/registry/firms")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/new")
@guarded(Action.FIRM_WRITE)
def new() -> Page:
    """An empty form."""
    return firm_form_page(FirmForm(offered_tags(get_actor(), "firms", []), formdata=None), None)


@blueprint.post("/new")
@guarded(Action.FIRM_WRITE)
def add() -> Page:
    """Into the register."""
    form = FirmForm(offered_tags(get_actor(), "firms", []))
    if not form.validate():
        return firm_form_page(form, None), 422
    try:
        firm = service.add_firm(get_actor(), form.values())
    except Fault as refused:
        return firm_form_page(form, None, refused), refused.status
    flash(_("已登记入库。"), "ok")
    return _to(firm.id)


@blueprint.get("/<int:firm_id>/edit")
@guarded(Action.FIRM_WRITE)
def edit(firm_id: int) -> Page:
    """The form with what the register says."""
    actor = get_actor()
    firm = service.get_firm(actor, firm_id)
    tags = offered_tags(actor, "firms", firm.labels)
    form = FirmForm.of(firm, tags, service.version_of(actor, "firms", firm.id))
    return firm_form_page(form, firm)


@blueprint.post("/<int:firm_id>/edit")
@guarded(Action.FIRM_WRITE)
def save(firm_id: int) -> Page:
    """Stores it, or shows what others changed meanwhile."""
    actor = get_actor()
    firm = service.get_firm(actor, firm_id)
    form = FirmForm(offered_tags(actor, "firms", firm.labels))
    if not form.validate():
        return firm_form_page(form, firm), 422
    try:
        saved = service.edit_firm(actor, firm_id, form.values(), seen_in(form.seen.data))
    except Fault as refused:
        return firm_form_page(form, service.get_firm(actor, firm_id), refused), refused.status
    if isinstance(saved, Firm):
        flash(_("已保存。"), "ok")
        return _to(firm_id)
    catch_up(form, saved)
    return firm_form_page(form, service.get_firm(actor, firm_id), meanwhile=saved), 409


@blueprint.post("/<int:firm_id>/status")
@guarded(Action.FIRM_WRITE)
def change_status(firm_id: int) -> Page:
    """With a reason."""
    form = StatusForm()
    firm = service.get_firm(get_actor(), firm_id)
    if not form.validate():
        return firm_page(firm, status_form=form), 422
    service.change_firm_status(
        get_actor(), firm_id, form.status.data, (form.reason.data or "").strip()
    )
    flash(_("状态已变更。"), "ok")
    return _to(firm_id)


@blueprint.post("/<int:firm_id>/vehicles")
@guarded(Action.FIRM_WRITE)
def add_vehicle(firm_id: int) -> Page:
    """A new one."""
    return _save_vehicle(firm_id, None)


@blueprint.post("/<int:firm_id>/vehicles/<int:vehicle_id>")
@guarded(Action.FIRM_WRITE)
def edit_vehicle(firm_id: int, vehicle_id: int) -> Page:
    """Another plate, colour, kind or certificate."""
    return _save_vehicle(firm_id, vehicle_id)


@blueprint.post("/<int:firm_id>/vehicles/<int:vehicle_id>/remove")
@guarded(Action.FIRM_WRITE)
def remove_vehicle(firm_id: int, vehicle_id: int) -> Page:
    """Off the register, with a reason."""
    form = ReasonForm()
    if not form.validate():
        flash(_("请填写原因，车辆没有移出。"), "error")
        return _to(firm_id)
    reason = (form.reason.data or "").strip()
    service.remove_vehicle(get_actor(), firm_id, vehicle_id, reason)
    flash(_("车辆已移出。"), "ok")
    return _to(firm_id)


def _save_vehicle(firm_id: int, vehicle_id: int | None) -> Page:
    form = VehicleForm()
    firm = service.get_firm(get_actor(), firm_id)
    if not form.validate():
        return firm_page(firm, vehicle_forms={vehicle_id or 0: form}), 422
    try:
        service.save_vehicle(get_actor(), firm_id, form.values(), vehicle_id)
    except Fault as refused:
        firm = service.get_firm(get_actor(), firm_id)
        page = firm_page(firm, vehicle_forms={vehicle_id or 0: form}, refused=refused)
        return page, refused.status
    flash(_("车辆已保存。"), "ok")
    return _to(firm_id)


def _to(firm_id: int) -> AnyResponse:
    return redirect(url_for("registry.firm", firm_id=firm_id))
