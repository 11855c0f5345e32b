"""HTML pages: writing a plan by hand, and mending one that is not published."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from domain.plan_headers import PlanKind
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.planning import service
from server.planning.doors import show_doors
from server.planning.forms import MAX_PHASES, PHASE_FIELDS, PhasesForm, PlanHeadForm
from server.planning.joining_request import read_joining
from server.planning.models import Plan, PlanTask
from server.planning.task_form import (
    PlanTaskForm,
    form_values,
    ratio_words,
    remarks_of_form,
    window_words,
)
from server.planning.values import FIELDS
from server.planning.wording import field_word, value_text
from server.registry.clash_views import catch_up, seen_in, tell_meanwhile
from server.registry.service import ChangedMeanwhile, version_of
from server.runtime import today

blueprint = Blueprint("plan_drafts", __name__, url_prefix="/plans")
show_doors(blueprint)
Page = str | AnyResponse | tuple[str, int]
MAX_CELL = 200


@blueprint.get("/new")
@guarded(Action.PLAN_WRITE)
def new() -> Page:
    """The head of a plan to be written."""
    year = today().year
    title = _("{year} 年度部门内部随机抽查工作计划", year=year)
    return _head_page(PlanHeadForm(formdata=None, kind="internal", year=year, title=title))


@blueprint.post("/new")
@guarded(Action.PLAN_WRITE)
def create() -> Page:
    """A draft."""
    form = PlanHeadForm()
    if not form.validate():
        return _head_page(form), 422
    kind = PlanKind(form.kind.data or "internal")
    made = service.create_plan(
        get_actor(), kind, form.year.data, form.title.data.strip(), form.document_no.data.strip()
    )
    flash(_("已建立草稿，请逐项添加任务。"), "ok")
    return redirect(url_for("planning.plan", plan_id=made.id))


@blueprint.get("/read/<cell>")
@guarded(Action.PLAN_READ)
def read_cell(cell: str) -> dict[str, str]:
    """What a cell typed as in a printed table means, for the words beside it; empty for nothing
    that can be read."""
    text = request.args.get("text", "")[:MAX_CELL]
    year = request.args.get("year", type=whole_number)
    words = ratio_words(text) if cell == "ratio" else window_words(text, year)
    return {"text": words}


@blueprint.get("/<int:plan_id>/edit")
@guarded(Action.PLAN_WRITE)
def edit(plan_id: int) -> Page:
    """Title, document number, phases."""
    plan = service.get_plan(get_actor(), plan_id)
    form = PhasesForm(formdata=None, title=plan.title, document_no=plan.document_no)
    form.rows = [{name: row[name] for name in PHASE_FIELDS} for row in plan.phases]
    return _phases_page(plan, form)


@blueprint.post("/<int:plan_id>/edit")
@guarded(Action.PLAN_WRITE)
def save(plan_id: int) -> Page:
    """Keeps them."""
    plan = service.get_plan(get_actor(), plan_id)
    form = PhasesForm(typed=request.form)
    if not form.validate():
        return _phases_page(plan, form), 422
    try:
        title, number = form.title.data.strip(), (form.document_no.data or "").strip()
        service.edit_plan(get_actor(), plan_id, title, number, form.phases)
    except Fault as refused:
        return _phases_page(plan, form, refused), refused.status
    flash(_("已保存"), "ok")
    return redirect(url_for("planning.plan", plan_id=plan_id))


@blueprint.post("/<int:plan_id>/discard")
@guarded(Action.PLAN_WRITE)
def discard(plan_id: int) -> Page:
    """Throws the draft away."""
    try:
        service.discard_plan(get_actor(), plan_id)
    except Fault as refused:
        flash(message(refused.code, current_locale(), refused.details), "error")
        return redirect(url_for("planning.plan", plan_id=plan_id))
    flash(_("草稿已删除"), "ok")
    return redirect(url_for("planning.list_plans"))


@blueprint.route("/<int:plan_id>/tasks/new", methods=["GET", "POST"])
@guarded(Action.PLAN_WRITE)
def add_task(plan_id: int) -> Page:
    """One more task; it can begin with rows of other plans (``read_joining``)."""
    actor = get_actor()
    plan = service.get_plan(actor, plan_id)
    wanted = read_joining(actor, None)
    if request.method == "GET":
        values = form_values(wanted.values) if wanted.values else {}
        return _task_page(plan, PlanTaskForm(actor, formdata=None, **values), joined=wanted.rows)
    form = PlanTaskForm(actor, stored=wanted.values)
    if not form.read(PlanKind(plan.kind), plan.year) or "check" in request.form:
        return _task_page(plan, form), 200 if form.values else 422
    try:
        task = service.add_task(actor, plan_id, form.values)
    except Fault as refused:
        return _task_page(plan, form, refused=refused), refused.status
    flash(_("已添加任务 {no}", no=task.task_no), "ok")
    return redirect(url_for("planning.plan", plan_id=plan_id))


@blueprint.route("/tasks/<int:task_id>/edit", methods=["GET", "POST"])
@guarded(Action.PLAN_WRITE)
def edit_task(task_id: int) -> Page:
    """A task of a plan that is not published."""
    actor = get_actor()
    task = service.get_task(actor, task_id)
    wanted = read_joining(actor, task)
    if request.method == "GET":
        seen = str(version_of(actor, service.TASKS, task.id))
        shown = PlanTaskForm(actor, formdata=None, seen=seen, **form_values(wanted.values))
        return _task_page(task.plan, shown, task.id, joined=wanted.rows)
    form = PlanTaskForm(actor, stored=wanted.values)
    if not form.read(PlanKind(task.plan.kind), task.plan.year) or "check" in request.form:
        return _task_page(task.plan, form, task.id), 200 if form.values else 422
    try:
        saved = service.edit_task(actor, task_id, form.values, seen_in(form.seen.data))
    except Fault as refused:
        return _task_page(task.plan, form, task.id, refused), refused.status
    if isinstance(saved, ChangedMeanwhile):
        task = service.get_task(actor, task_id)
        form.stored = form_values(service.values_of(task))
        catch_up(form, saved)
        return _task_page(task.plan, form, task.id, meanwhile=saved), 409
    flash(_("已保存"), "ok")
    return redirect(url_for("planning.plan", plan_id=task.plan_id))


@blueprint.post("/tasks/<int:task_id>/remove")
@guarded(Action.PLAN_WRITE)
def remove_task(task_id: int) -> Page:
    """Takes it out of the draft."""
    actor = get_actor()
    plan_id = service.get_task(actor, task_id).plan_id
    try:
        service.remove_task(actor, task_id)
    except Fault as refused:
        flash(message(refused.code, current_locale(), refused.details), "error")
    else:
        flash(_("已从草稿中删去"), "ok")
    return redirect(url_for("planning.plan", plan_id=plan_id))


def _head_page(form: PlanHeadForm) -> str:
    return render_template("planning/new.html", form=form)


def _phases_page(plan: Plan, form: PhasesForm, refused: Fault | None = None) -> str:
    empty = dict.fromkeys(PHASE_FIELDS, "")
    rows = [*form.rows, *[empty] * MAX_PHASES][:MAX_PHASES]
    return render_template("planning/head.html", plan=plan, form=form, rows=rows, **_told(refused))


def _task_page(
    plan: Plan,
    form: PlanTaskForm,
    task_id: int | None = None,
    refused: Fault | None = None,
    meanwhile: ChangedMeanwhile | None = None,
    joined: Sequence[PlanTask] = (),
) -> str:
    words = {one.name: field_word(one.name) for one in form if one.name in FIELDS}
    return render_template(
        "planning/task.html",
        plan=plan,
        form=form,
        task_id=task_id,
        reading=form.reading(plan.year),
        is_joint=plan.kind != PlanKind.INTERNAL,
        clashes=tell_meanwhile(meanwhile, words, value_text),
        remarks=remarks_of_form(get_actor(), plan, form),
        joined=joined,
        **_told(refused),
    )


def _told(refused: Fault | None) -> dict[str, object]:
    reason = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "refused_text": reason}
