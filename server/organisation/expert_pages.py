"""HTML pages: the expert register, one entry, and the assistants of a visit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from server.accounts.service import list_person_names
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.organisation import service
from server.organisation.forms import AssistantForm, ExpertForm, TakeBackForm, choices
from server.organisation.models import Expert
from server.registry.clash_views import catch_up, seen_in, tell_meanwhile
from server.registry.service import CATEGORIES, ChangedMeanwhile, list_changes, version_of
from server.runtime import today

blueprint = Blueprint("experts", __name__)
Page = str | AnyResponse | tuple[str, int]
FIELDS = ("kind", "name", "unit", "number", "valid_until", "labels", "phone")


@blueprint.get("/registry/experts")
@guarded(Action.OFFICER_READ)
def list_experts() -> Page:
    """专家与专业机构."""
    wanted = {name: request.args.get(name, "") for name in ("q", "kind", "label")}
    shows_closed = request.args.get("closed") == "1"
    return render_template(
        "organisation/experts.html",
        page=service.list_experts(
            **wanted, page=request.args.get("page", 1, type=whole_number), with_closed=shows_closed
        ),
        wanted=wanted,
        shows_closed=shows_closed,
        **_words(),
    )


@blueprint.get("/registry/experts/new")
@guarded(Action.EXPERT_WRITE)
def new() -> Page:
    """An empty form."""
    return _form_page(_with_choices(ExpertForm(formdata=None)), None)


@blueprint.post("/registry/experts/new")
@guarded(Action.EXPERT_WRITE)
def add() -> Page:
    """One more."""
    return _save(None)


@blueprint.get("/registry/experts/<int:expert_id>")
@guarded(Action.OFFICER_READ)
def show(expert_id: int) -> Page:
    """One entry with its history."""
    expert = service.get_expert(expert_id)
    status = "active" if expert.is_active else "closed"
    seen = str(version_of(get_actor(), service.REGISTER, expert_id))
    form = _with_choices(ExpertForm(formdata=None, obj=expert, status=status, seen=seen))
    return _form_page(form, expert_id)


@blueprint.post("/registry/experts/<int:expert_id>")
@guarded(Action.EXPERT_WRITE)
def edit(expert_id: int) -> Page:
    """What is different now."""
    return _save(expert_id)


@blueprint.post("/inspections/<int:inspection_id>/assistants")
@guarded(Action.INSPECTION_ASSIST)
def name_assistant(inspection_id: int) -> Page:
    """An expert or agency helps at this visit."""
    form = AssistantForm()
    form.expert_id.choices = choices((one.id, one.name) for one in service.list_available(today()))
    if not form.validate():
        flash(" ".join(text for errors in form.errors.values() for text in errors), "error")
    else:
        try:
            service.name_assistant(
                get_actor(), inspection_id, form.expert_id.data, form.task.data or ""
            )
            flash(_("已登记协助人员。"), "ok")
        except Fault as refused:
            flash(message(refused.code, current_locale(), refused.details), "error")
    return redirect(url_for("inspections.inspection", inspection_id=inspection_id) + "#assistants")


@blueprint.post("/inspections/<int:inspection_id>/assistants/<int:assistant_id>/remove")
@guarded(Action.INSPECTION_ASSIST)
def take_back(inspection_id: int, assistant_id: int) -> Page:
    """Who did not help after all."""
    form = TakeBackForm()
    if not form.validate():
        flash(" ".join(text for errors in form.errors.values() for text in errors), "error")
    else:
        try:
            service.take_back_assistant(
                get_actor(), inspection_id, assistant_id, form.reason.data or ""
            )
            flash(_("已撤回，记录保留。"), "ok")
        except Fault as refused:
            flash(message(refused.code, current_locale(), refused.details), "error")
    return redirect(url_for("inspections.inspection", inspection_id=inspection_id) + "#assistants")


def _save(expert_id: int | None) -> Page:
    form = _with_choices(ExpertForm())
    if not form.validate():
        return _form_page(form, expert_id), 422
    values: dict[str, Any] = {name: form[name].data for name in FIELDS}
    values["is_active"] = form.status.data == "active"
    try:
        if expert_id is None:
            saved: Expert | ChangedMeanwhile = service.add_expert(get_actor(), values)
        else:
            seen = seen_in(form.seen.data)
            saved = service.edit_expert(get_actor(), expert_id, values, seen)
    except Fault as refused:
        return _form_page(form, expert_id, refused), refused.status
    if isinstance(saved, ChangedMeanwhile):
        catch_up(form, saved)
        return _form_page(form, expert_id, meanwhile=saved), 409
    flash(_("已保存。"), "ok")
    return redirect(url_for("experts.show", expert_id=saved.id))


def _form_page(
    form: ExpertForm,
    expert_id: int | None,
    refused: Fault | None = None,
    meanwhile: ChangedMeanwhile | None = None,
) -> str:
    changes = list_changes(get_actor(), service.REGISTER, expert_id) if expert_id else []
    return render_template(
        "organisation/expert.html",
        form=form,
        expert=service.get_expert(expert_id) if expert_id else None,
        changes=changes,
        people=list_person_names([one.changed_by for one in changes if one.changed_by]),
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
        labels=_labels(),
        clashes=tell_meanwhile(meanwhile, _labels(), _tell),
        **_words(),
    )


def _labels() -> dict[str, str]:
    return {
        "kind": _("类型"),
        "name": _("姓名或名称"),
        "unit": _("所在单位"),
        "number": _("资质编号"),
        "valid_until": _("资质有效期至"),
        "labels": _("专业"),
        "phone": _("联系电话"),
        "is_active": _("在库"),
    }


def _tell(name: str, value: Any) -> str:
    match name:
        case "kind":
            kinds: dict[str, str] = _words()["kinds"]
            return kinds.get(value, str(value or ""))
        case "labels":
            return _("、").join(_(CATEGORIES.get(one, one)) for one in value or ())
        case "is_active":
            return _("是") if value else _("否")
    return str(value or "")


def _with_choices(form: ExpertForm) -> ExpertForm:
    form.kind.choices = choices(_words()["kinds"].items())
    form.status.choices = choices([("active", _("在库")), ("closed", _("已出库"))])
    form.labels.choices = choices((code, _(name)) for code, name in CATEGORIES.items())
    return form


def _words() -> dict[str, Any]:
    return {
        "kinds": {"expert": _("专家"), "agency": _("专业机构")},
        "categories": CATEGORIES,
        "today": today(),
    }
