"""HTML page: which department has confirmed its officers, and when (R050)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault
from server.accounts.service import list_departments, list_person_names
from server.guard import get_actor, guarded
from server.i18n import translate as _
from server.kit.forms import KitForm
from server.registry import service
from server.registry.firm_views import refusal
from server.registry.officer_forms import HandoverForm
from server.runtime import today

blueprint = Blueprint("handovers", __name__, url_prefix="/registry/officers/handovers")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.OFFICER_READ)
def show() -> Page:
    """Every department with its number of officers, last change and last confirmation."""
    return _page()


@blueprint.post("/<int:department_id>")
@guarded(Action.OFFICER_WRITE)
def confirm(department_id: int) -> Page:
    """The department's office confirms, or the home office notes that it did."""
    actor = get_actor()
    form = HandoverForm() if department_id != actor.department_id else KitForm()
    if not form.validate():
        return _page(department_id, form), 422
    try:
        note = request.form.get("note", "") if isinstance(form, HandoverForm) else ""
        service.confirm_officers(actor, department_id, note)
    except Fault as refused:
        if refused.code == "access.denied":
            raise
        return _page(department_id, form, refused), refused.status
    flash(_("已确认执法人员数据。"), "ok")
    return redirect(url_for("handovers.show"))


def _page(
    opened: int | None = None, sent: KitForm | None = None, refused: Fault | None = None
) -> str:
    actor = get_actor()
    rows = service.list_handovers(actor, today().year)
    kept = service.list_kept_departments(actor)
    people = {one.last.confirmed_by for one in rows if one.last is not None}
    forms = {
        one.department_id: HandoverForm(formdata=None)
        for one in rows
        if one.department_id in kept and one.department_id != actor.department_id
    }
    if opened in forms and isinstance(sent, HandoverForm):
        forms[opened] = sent
    return render_template(
        "registry/handovers.html",
        rows=rows,
        departments={one.id: one for one in list_departments()},
        people=list_person_names([one for one in people if one is not None]),
        own=actor.department_id,
        kept=kept,
        forms=forms,
        opened=opened,
        year=today().year,
        days=service.confirmed_within_days(actor),
        **refusal(refused),
    )
