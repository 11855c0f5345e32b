"""HTML pages: materials of a joint task, handed to the department that leads it (R102)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField

from domain.access import Action
from domain.errors import Fault, message
from domain.materials import MAX_WORDS
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


def _page(task_id: int, form: HandoverForm, refused: Fault | None = None, text: str = "") -> str:
    found = materials.read_materials(get_actor(), task_id)
    departments = {one.department_id for one in found.handovers}
    return render_template(
        "deadlines/materials.html",
        task=get_task(get_actor(), task_id),
        found=found,
        form=form,
        refused=refused,
        refused_text=text,
        people=list_person_names({one.recorded_by for one in found.handovers}),
        departments={one: get_department(one).name for one in departments},
    )
