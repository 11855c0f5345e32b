"""HTML pages: the year's tasks, one task with its pool, one draw with its verification."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor
from domain.canonical import canonical_json
from domain.errors import Fault
from server.boundary import whole_number
from server.deadlines.materials import read_materials
from server.deadlines.service import due_of
from server.draws import service
from server.draws.ceremony import current_step
from server.draws.draw_page import draw_page, sentence
from server.draws.explanation import category_name, draw_type_name
from server.draws.forms import ReasonForm, RunDrawForm
from server.draws.official import count_official_firms
from server.draws.pool import drawable_of
from server.draws.shortages import explain_shortages
from server.draws.task_list import list_task_rows, list_years
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.planning import service as planning
from server.registry.service import list_unconfirmed
from server.runtime import today
from server.training.service import read_readiness

blueprint = Blueprint("draws", __name__)
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/tasks")
@guarded(Action.PLAN_READ)
def list_tasks() -> Page:
    """The tasks of a year, ours first."""
    actor = get_actor()
    years = list_years(actor)
    year = request.args.get("year", type=whole_number) or (years[0] if years else None)
    wanted = {
        "ownership": request.args.get("ownership", "own"),
        "state": request.args.get("state", ""),
        "q": request.args.get("q", ""),
    }
    return render_template(
        "draws/tasks.html",
        rows=list_task_rows(actor, year, **wanted),
        undecided=planning.count_undecided(actor, year),
        years=years,
        year_options=[(one, str(one)) for one in years],
        year=year,
        wanted=wanted,
    )


@blueprint.get("/tasks/<int:task_id>")
@guarded(Action.PLAN_READ)
def task(task_id: int) -> Page:
    """A task, its pool today, and the way to a draw."""
    return _task_page(get_actor(), task_id)


@blueprint.post("/tasks/<int:task_id>/freeze")
@guarded(Action.DRAW_RUN)
def freeze(task_id: int) -> Page:
    """Commits to the pool; the seed comes next, on the draw's own page."""
    actor = get_actor()
    try:
        draw = service.freeze_pool(actor, task_id)
    except Fault as refused:
        return _task_page(actor, task_id, refused=refused), refused.status
    flash(_("抽取池已冻结，摘要已公布。请登记到场人员，再产生随机数。"), "ok")
    return redirect(url_for("draws.draw", draw_id=draw.id))


@blueprint.post("/tasks/<int:task_id>/no-draw")
@guarded(Action.DRAW_RUN)
def no_draw(task_id: int) -> Page:
    """Records why nothing could be drawn (R036)."""
    actor = get_actor()
    form = ReasonForm()
    if not form.validate():
        return _task_page(actor, task_id, reason_form=form), 422
    draw = service.record_no_draw(actor, task_id, form.reason.data)
    flash(_("已记录未抽取的原因"), "ok")
    return redirect(url_for("draws.draw", draw_id=draw.id))


@blueprint.get("/draws")
@guarded(Action.DRAW_READ)
def list_draws() -> Page:
    """Every draw on record, also those that came to nothing."""
    actor = get_actor()
    return render_template(
        "draws/draws.html",
        rows=service.list_draws(actor),
        drawn=service.count_drawn_firms(actor),
        official=count_official_firms(),
    )


@blueprint.get("/draws/<int:draw_id>")
@guarded(Action.DRAW_READ)
def draw(draw_id: int) -> Page:
    """The frozen pool, the seed and what followed from them."""
    return draw_page(get_actor(), draw_id)


@blueprint.post("/draws/<int:draw_id>/run")
@guarded(Action.DRAW_RUN)
def run(draw_id: int) -> Page:
    """Draws. A refusal keeps what was typed."""
    actor = get_actor()
    form = RunDrawForm()
    if not form.validate():
        return draw_page(actor, draw_id, run=form), 422
    day = form.planned_on.data
    assert day is not None, "the form requires it"
    try:
        done = service.run_draw(actor, draw_id, form.seed.data, form.seed_source.data, day)
    except Fault as refused:
        return draw_page(actor, draw_id, refused, run=form), refused.status
    count = len((done.record or {})["firms"])
    flash(_("已抽取 {n} 户，检查任务已下发到检查人员手机。", n=count), "ok")
    return redirect(url_for("draws.draw", draw_id=draw_id))


@blueprint.post("/draws/<int:draw_id>/withdraw")
@guarded(Action.DRAW_RUN)
def withdraw(draw_id: int) -> Page:
    """Gives a frozen pool up, with a reason."""
    actor = get_actor()
    form = ReasonForm()
    if not form.validate():
        return draw_page(actor, draw_id, reason=form), 422
    try:
        done = service.withdraw_pool(actor, draw_id, form.reason.data)
    except Fault as refused:
        return draw_page(actor, draw_id, refused, reason=form), refused.status
    flash(_("抽取池已撤销，记录保留。"), "ok")
    return redirect(url_for("draws.task", task_id=done.task_id))


@blueprint.post("/draws/<int:draw_id>/verify")
@guarded(Action.DRAW_READ)
def verify(draw_id: int) -> Page:
    """Recomputes the draw on the server and says equal or not."""
    actor = get_actor()
    differences = service.verify_stored(actor, draw_id)
    return draw_page(actor, draw_id, differences=differences)


@blueprint.get("/draws/<int:draw_id>/record.json")
@guarded(Action.DRAW_READ)
def record(draw_id: int) -> Page:
    """The public record, as ``suicha draw verify`` reads it."""
    actor = get_actor()
    found = service.get_draw(actor, draw_id)
    text = canonical_json(service.export_draw(actor, found.public_id))
    headers = {"Content-Disposition": f'attachment; filename="{found.public_id}.json"'}
    return Response(text + "\n", mimetype="application/json", headers=headers)


def _task_page(
    actor: Actor,
    task_id: int,
    refused: Fault | None = None,
    reason_form: ReasonForm | None = None,
) -> str:
    view = service.pool_of(actor, task_id)
    unconfirmed = list_unconfirmed(
        actor, [one.department.id for one in view.departments], view.task.plan.year
    )
    return render_template(
        "draws/task.html",
        view=view,
        due_today=due_of(
            today(), [one.department.code for one in view.departments], actor.jurisdiction_id
        ),
        unconfirmed=[
            one.department.name for one in view.departments if one.department.id in unconfirmed
        ],
        regulator=planning.regulator_of_task(view.task.plan.kind, view.task.category),
        remarks=planning.read_remarks(actor, current_locale()).of_task(view.task),
        is_done=service.is_drawn_enough(actor, view.task),
        category_name=category_name,
        draw_type_name=draw_type_name,
        materials=read_materials(actor, task_id),
        readiness=read_readiness(actor, drawable_of(view.departments)),
        draws=service.list_draws(actor, task_id),
        open_draw=service.find_open_draw(task_id),
        step_of=current_step,
        reason_form=reason_form or ReasonForm(),
        refused=sentence(refused),
        sentence=sentence,
        shortages=explain_shortages(actor, view) if view.obstacles else [],
    )
