"""HTML pages: asking for an adjustment, deciding on it, the 计划调整单 for paper (R016, R017)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor
from domain.errors import Fault, message
from domain.plan_changes import AdjustmentKind
from domain.plan_headers import PlanKind
from server.accounts.directory import list_person_names
from server.accounts.service import get_jurisdiction
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.planning import adjusting, service
from server.planning.adjustment_forms import AdjustTaskForm, DecisionForm, DropTaskForm
from server.planning.doors import show_doors
from server.planning.joining_request import read_joining
from server.planning.models import Plan, PlanAdjustment, PlanTask
from server.planning.suggesting import read_suggestion
from server.planning.task_form import form_values, remarks_of_form
from server.planning.versions import get_version
from server.planning.wording import adjustment_word, field_word, value_text
from server.runtime import now, runtime

blueprint = Blueprint("plan_adjustments", __name__, url_prefix="/plans")
show_doors(blueprint)
MINE = "mine"  # what waits for the reader's decision
Page = str | AnyResponse | tuple[str, int]
FORM_BYTES = 256 * 1024  # of everything beside the document


@blueprint.url_value_preprocessor
def let_a_document_in(endpoint: str | None, _values: object) -> None:
    """Only for somebody with a session: the cookie is signed, what it opens is checked later."""
    takes = {f"{blueprint.name}.{name}" for name in ("add", "change", "drop")}
    if endpoint in takes and cookie.get("token"):
        request.max_content_length = runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.get("/adjustments")
@guarded(Action.PLAN_READ)
def list_all() -> Page:
    """The county's adjustments by state."""
    state = request.args.get("state", "")
    wanted = state if state in {*adjusting.STATES, MINE} else ""
    orders = adjusting.list_adjustments(state="requested" if wanted == MINE else wanted)
    if wanted == MINE:
        orders = [one for one in orders if adjusting.can_decide(get_actor(), one)]
    return render_template(
        "planning/adjustments.html",
        rows=orders,
        wanted=wanted,
        names=_names(orders),
        adjustment_word=adjustment_word,
        title_of=_task_name,
    )


@blueprint.route("/<int:plan_id>/adjust/add", methods=["GET", "POST"])
@guarded(Action.PLAN_ADJUST)
def add(plan_id: int) -> Page:
    """A task the plan should have; it can begin with rows of other plans (``read_joining``) or
    with what another page proposes (``read_suggestion``)."""
    actor = get_actor()
    plan = service.get_plan(actor, plan_id)
    if request.method == "GET":
        wanted = read_joining(actor, None)
        values = form_values(wanted.values) if wanted.values else read_suggestion(actor)
        shown = AdjustTaskForm(actor, formdata=None, **values)
        return _task_page(plan, shown, None, joined=wanted.rows)
    return _request(actor, plan, None, AdjustmentKind.ADD)


@blueprint.route("/tasks/<int:task_id>/adjust/change", methods=["GET", "POST"])
@guarded(Action.PLAN_ADJUST)
def change(task_id: int) -> Page:
    """Another content of a task."""
    actor = get_actor()
    task = service.get_task(actor, task_id)
    if request.method == "GET":
        wanted = read_joining(actor, task)
        shown = AdjustTaskForm(actor, formdata=None, **form_values(wanted.values))
        return _task_page(task.plan, shown, task, joined=wanted.rows)
    return _request(actor, task.plan, task, AdjustmentKind.CHANGE)


@blueprint.route("/tasks/<int:task_id>/adjust/drop", methods=["GET", "POST"])
@guarded(Action.PLAN_ADJUST)
def drop(task_id: int) -> Page:
    """A task the plan should no longer have."""
    actor = get_actor()
    task = service.get_task(actor, task_id)
    if request.method == "GET":
        return _drop_page(actor, task, DropTaskForm(formdata=None))
    form = DropTaskForm()
    if not form.validate():
        return _drop_page(actor, task, form), 422
    try:
        order = _ask(actor, task.plan_id, AdjustmentKind.DROP, task_id, {}, form)
    except Fault as refused:
        told = None if form.blame(refused) else refused
        return _drop_page(actor, task, form, told), refused.status
    return _asked(order)


@blueprint.get("/adjustments/<int:order_id>")
@guarded(Action.PLAN_READ)
def order(order_id: int) -> Page:
    """One adjustment with what may be done to it."""
    return _order_page(order_id)


@blueprint.get("/adjustments/<int:order_id>/paper")
@guarded(Action.PLAN_READ)
def paper(order_id: int) -> Page:
    """计划调整单, for the file."""
    return _order_page(order_id, template="planning/adjustment_paper.html")


@blueprint.get("/adjustments/<int:order_id>/document")
@guarded(Action.PLAN_READ)
def document(order_id: int) -> Response:
    """The sealed document, to be kept, not to be run: it came from outside."""
    found = adjusting.get_adjustment(get_actor(), order_id)
    mime, path = adjusting.get_sealed_document(found)
    ending = {"application/pdf": "pdf", "image/png": "png", "image/webp": "webp"}.get(mime, "jpg")
    answer = send_file(
        str(path),
        mimetype=mime,
        as_attachment=True,
        download_name=f"adjustment-{found.id}.{'heic' if mime == 'image/heic' else ending}",
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.post("/adjustments/<int:order_id>/decide")
@guarded(Action.PLAN_APPROVE)
def decide(order_id: int) -> Page:
    """Approval or refusal, by the button that was pressed."""
    form = DecisionForm()
    is_valid = form.validate()
    if request.form.get("decision") != "approve" and not (form.reason.data or "").strip():
        form.reason.errors = [*form.reason.errors, _("请填写此项")]
        is_valid = False
    if not is_valid:
        return _order_page(order_id, form=form), 422
    is_approval = request.form.get("decision") == "approve"
    deed = adjusting.approve_adjustment if is_approval else adjusting.refuse_adjustment
    try:
        deed(
            get_actor(),
            order_id,
            form.reason.data or "",
            password=form.password.data,
            address=request.remote_addr or "",
        )
    except Fault as refused:
        return _order_page(order_id, form=form, refused=refused), refused.status
    flash(
        _("已批准，计划形成新版本；请上报县双随机办并重新公布。")
        if is_approval
        else _("未批准，申请和理由保留备查。"),
        "ok",
    )
    return redirect(url_for("plan_adjustments.order", order_id=order_id))


@blueprint.post("/adjustments/<int:order_id>/withdraw")
@guarded(Action.PLAN_ADJUST)
def withdraw(order_id: int) -> Page:
    """The requester takes it back."""
    try:
        adjusting.withdraw_adjustment(get_actor(), order_id)
    except Fault as refused:
        return _order_page(order_id, refused=refused), refused.status
    flash(_("已撤回，内容保留备查。"), "ok")
    return redirect(url_for("plan_adjustments.order", order_id=order_id))


def _request(actor: Actor, plan: Plan, task: PlanTask | None, kind: AdjustmentKind) -> Page:
    form = AdjustTaskForm(actor, stored=read_joining(actor, task).values)
    is_read = form.read(PlanKind(plan.kind), plan.year)
    if "check" in request.form or not is_read:
        return _task_page(plan, form, task), 200 if is_read else 422
    try:
        order = _ask(actor, plan.id, kind, task.id if task else None, form.values, form)
    except Fault as refused:
        told = None if form.blame(refused) else refused
        return _task_page(plan, form, task, told), refused.status
    return _asked(order)


def _ask(
    actor: Actor,
    plan_id: int,
    kind: AdjustmentKind,
    task_id: int | None,
    values: dict[str, Any],
    form: AdjustTaskForm | DropTaskForm,
) -> PlanAdjustment:
    return adjusting.request_adjustment(
        actor,
        plan_id,
        kind,
        task_id,
        values,
        form.reason.data,
        form.document_stream,
        form.document_name,
    )


def _asked(order: PlanAdjustment) -> AnyResponse:
    flash(_("已提交，等待主要负责人审批。"), "ok")
    return redirect(url_for("plan_adjustments.order", order_id=order.id))


def _task_page(
    plan: Plan,
    form: AdjustTaskForm,
    task: PlanTask | None,
    refused: Fault | None = None,
    joined: Sequence[PlanTask] = (),
) -> str:
    return render_template(
        "planning/adjust_task.html",
        plan=plan,
        form=form,
        task=task,
        draws=service.count_draws(get_actor(), task.id) if task else 0,
        reading=form.reading(plan.year),
        is_joint=plan.kind != PlanKind.INTERNAL,
        remarks=remarks_of_form(get_actor(), plan, form),
        joined=joined,
        **_told(refused),
    )


def _drop_page(
    actor: Actor, task: PlanTask, form: DropTaskForm, refused: Fault | None = None
) -> str:
    return render_template(
        "planning/adjust_drop.html",
        task=task,
        form=form,
        draws=service.count_draws(actor, task.id),
        **_told(refused),
    )


def _order_page(
    order_id: int,
    template: str = "planning/adjustment.html",
    form: DecisionForm | None = None,
    refused: Fault | None = None,
) -> str:
    actor = get_actor()
    found = adjusting.get_adjustment(actor, order_id)
    number = found.version_number
    return render_template(
        template,
        order=found,
        plan=found.plan,
        changes=adjusting.shown_changes(found),
        task_name=_task_name(found),
        task=service.get_task(actor, found.task_id) if found.task_id else None,
        version=get_version(actor, found.plan_id, number) if number else None,
        names=_names([found]),
        county=get_jurisdiction(found.jurisdiction_id).name,
        can_decide=adjusting.can_decide(actor, found),
        form=form or DecisionForm(formdata=None),
        adjustment_word=adjustment_word,
        field_word=field_word,
        value_text=value_text,
        printed_at=now(),
        **_told(refused),
    )


def _names(orders: list[PlanAdjustment]) -> dict[int, str]:
    ids = {one.requested_by for one in orders} | {one.decided_by for one in orders}
    return list_person_names([one for one in ids if one is not None])


def _task_name(order: PlanAdjustment) -> str:
    return str((order.before or order.after).get("name", ""))


def _told(refused: Fault | None) -> dict[str, object]:
    reason = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "refused_text": reason}
