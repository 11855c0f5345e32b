"""HTML pages: the annual plans, one plan's tasks, and the way a plan comes in."""

from __future__ import annotations

import base64

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor
from domain.errors import Fault, message
from domain.plan_headers import PlanKind
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.planning import adjusting, service, versions
from server.planning.doors import show_doors
from server.planning.forms import ConfirmPlanForm, PlanFileForm
from server.planning.history import list_history
from server.planning.models import PlanTask
from server.planning.remarks import read_remarks
from server.planning.wording import adjustment_word
from server.registry.service import CATEGORIES, list_checklists

blueprint = Blueprint("planning", __name__)
show_doors(blueprint)
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/plans")
@guarded(Action.PLAN_READ)
def list_plans() -> Page:
    """年度计划: what has been imported, and the form for another one."""
    return _list_page(get_actor(), PlanFileForm(formdata=None))


@blueprint.post("/plans/preview")
@guarded(Action.PLAN_IMPORT)
def preview() -> Page:
    """What would be imported, row by row beside the original cells; stores nothing."""
    actor = get_actor()
    form = PlanFileForm()
    if not form.validate():
        return _list_page(actor, form), 422
    try:
        report = service.import_plan(
            actor, form.file_name, form.data_bytes, year=form.year.data, dry_run=True
        )
    except Fault as refused:
        return _list_page(actor, form, refused), refused.status
    return render_template(
        "planning/preview.html",
        report=report,
        content=base64.b64encode(form.data_bytes).decode("ascii"),
        notes=_notes,
        categories=CATEGORIES,
        titles=_titles(actor),
    )


@blueprint.post("/plans")
@guarded(Action.PLAN_IMPORT)
def import_plan() -> Page:
    """Imports what the preview showed; read again from the bytes, never from the page."""
    actor = get_actor()
    form = ConfirmPlanForm()
    if not form.validate():
        return _list_page(actor, PlanFileForm(formdata=None), form=form), 422
    try:
        report = service.import_plan(
            actor, form.file_name.data or "plan.csv", form.data_bytes, year=form.year.data
        )
    except Fault as refused:
        return _list_page(actor, PlanFileForm(formdata=None), refused), refused.status
    if report.is_unchanged:
        flash(_("这份计划此前已导入，未作改动"), "info")
    else:
        flash(
            _("已导入 {n} 项任务，其中本局参与 {own} 项", n=report.imported, own=report.own), "ok"
        )
    return redirect(url_for("planning.plan", plan_id=report.plan_id))


@blueprint.get("/plans/<int:plan_id>")
@guarded(Action.PLAN_READ)
def plan(plan_id: int) -> Page:
    """A plan's tasks: what was understood beside what is written in the table."""
    actor = get_actor()
    found = service.get_plan(actor, plan_id)
    wanted = {name: request.args.get(name, "").strip() for name in ("ownership", "category", "q")}
    rows = [task for task in found.standing_tasks if _fits(task, wanted)]
    every = versions.list_versions(plan_id)
    orders = adjusting.list_adjustments(plan_id)
    remarks = read_remarks(actor, current_locale())
    return render_template(
        "planning/plan.html",
        plan=found,
        rows=rows,
        can_edit=service.can_edit(found),
        is_countys=found.kind == PlanKind.COUNTY_JOINT,
        versions=every,
        orders=orders,
        waiting=[one.task_id for one in orders if one.state == "requested" and one.task_id],
        history=list_history(found),
        adjustment_word=adjustment_word,
        wanted=wanted,
        notes=_notes,
        remarks_of=remarks.of_task,
        categories=CATEGORIES,
        titles=_titles(actor),
    )


def _list_page(
    actor: Actor,
    upload: PlanFileForm,
    refused: Fault | None = None,
    form: ConfirmPlanForm | None = None,
) -> str:
    plans = service.list_plans(actor)
    return render_template(
        "planning/plans.html",
        rows=plans,
        own={one.id: sum(service.takes_part(task) for task in one.standing_tasks) for one in plans},
        newest={one.id: versions.find_newest(one.id) for one in plans},
        form=upload,
        confirm=form,
        refused=refused,
        reason=message(refused.code, current_locale(), refused.details) if refused else "",
    )


def _fits(task: PlanTask, wanted: dict[str, str]) -> bool:
    if wanted["ownership"] == "own":
        if not service.takes_part(task):
            return False
    elif wanted["ownership"] and task.ownership != wanted["ownership"]:
        return False
    if wanted["category"] and task.category != wanted["category"]:
        return False
    return wanted["q"] in f"{task.name} {task.item_text} {task.object_scope} {task.task_no}"


def _titles(actor: Actor) -> dict[str, str]:
    """Checklist code → title."""
    return {one.code: one.title for one in list_checklists(actor)}


def _notes(row: PlanTask | service.UnderstoodRow) -> list[str]:
    """The row's notes for a person."""
    return [service.note_text(note, current_locale()) for note in row.notes]
