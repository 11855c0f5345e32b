"""HTML pages: materials of a joint task, handed to the department that leads it (R102)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField

from domain.access import Action
from domain.errors import Fault, message
from domain.materials import MAX_REASON, MAX_WORDS
from server.accounts.directory import get_department, list_person_names
from server.deadlines import materials
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import KitForm, ReasonLength
from server.planning.service import get_task
from server.runtime import today

blueprint = Blueprint("materials", __name__)
Page = str | AnyResponse | tuple[str, int]


class HandoverForm(KitForm):
    """What was handed over, what was learnt, and when."""

    what = TextAreaField(validators=[Required(), ReasonLength(MAX_WORDS)])
    lessons = TextAreaField(validators=[Required(), ReasonLength(MAX_WORDS)])
    handed_on = DayField(validators=[Required()])


class TakingBackForm(KitForm):
    """Why a handover is taken back."""

    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON)])


@blueprint.get("/tasks/<int:task_id>/materials")
@guarded(Action.PLAN_READ)
def show(task_id: int) -> Page:
    """Which department has handed over what, and until when the rest is due."""
    form = HandoverForm(formdata=None)
    form.handed_on.data = today()
    return _page(task_id, form)


@blueprint.post("/tasks/<int:task_id>/materials")
@guarded(Action.MATERIALS_HAND_OVER)
def hand_over(task_id: int) -> Page:
    """Handed over, for every visit that has ended."""
    form = HandoverForm()
    if not form.validate():
        return _page(task_id, form), 422
    assert form.handed_on.data is not None
    try:
        made = materials.hand_over(
            get_actor(), task_id, form.what.data or "", form.lessons.data or "",
            form.handed_on.data,
        )  # fmt: skip
    except Fault as refused:
        text = message(refused.code, current_locale(), refused.details)
        if refused.code == "materials.day_refused":
            form.handed_on.errors = [text]
            return _page(task_id, form), refused.status
        return _page(task_id, form, refused, text), refused.status
    flash(_("已登记报送 {n} 户的资料。", n=len(made.sheets)), "ok")
    return redirect(url_for("materials.show", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/materials/<int:handover_id>/take-back")
@guarded(Action.MATERIALS_HAND_OVER)
def take_back(task_id: int, handover_id: int) -> Page:
    """Recorded by mistake: what it covered waits again."""
    form, fresh = TakingBackForm(), HandoverForm(formdata=None, handed_on=today())
    if not form.validate():
        return _page(task_id, fresh, backs={handover_id: form}), 422
    try:
        materials.take_back(get_actor(), task_id, handover_id, form.reason.data or "")
    except Fault as refused:
        text = message(refused.code, current_locale(), refused.details)
        return _page(task_id, fresh, refused, text, {handover_id: form}), refused.status
    flash(_("已撤回，这些户重新列为待报送。"), "ok")
    return redirect(url_for("materials.show", task_id=task_id))


def _page(
    task_id: int,
    form: HandoverForm,
    refused: Fault | None = None,
    text: str = "",
    backs: dict[int, TakingBackForm] | None = None,
) -> str:
    actor = get_actor()
    found = materials.read_materials(actor, task_id)
    open_backs = {
        one.id: TakingBackForm(formdata=None)
        for one in found.handovers
        if materials.may_take_back(actor, one)
    }
    who = {one.recorded_by for one in found.handovers}
    who |= {one.taken_back.recorded_by for one in found.handovers if one.taken_back}
    departments = {one.department_id for one in found.handovers}
    return render_template(
        "deadlines/materials.html",
        task=get_task(actor, task_id),
        found=found,
        form=form,
        refused=refused,
        refused_text=text,
        backs={**open_backs, **(backs or {})},
        people=list_person_names(who),
        departments={one: get_department(one).name for one in departments},
    )
