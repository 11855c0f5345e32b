"""HTML pages: asking for another officer or for a firm to be withdrawn, and deciding on it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor
from domain.canonical import canonical_json
from domain.draw_changes import ChangeKind
from domain.errors import Fault, fault, message
from server.accounts.service import list_person_names
from server.draws import change_service as service
from server.draws.change_forms import (
    ApprovalForm,
    DrawingForm,
    RefusalForm,
    ReplacementForm,
    WithdrawalForm,
    blank,
)
from server.draws.change_models import DrawChange
from server.draws.change_wording import (
    CHANGE_WORDS,
    bar_word,
    none_word,
)
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service as inspections

blueprint = Blueprint("changes", __name__)
Page = str | AnyResponse | tuple[str, int]
MINE = "mine"  # what waits for the reader's decision
STATES = ("", MINE, "requested", "approved", "refused", "dropped")


@blueprint.get("/draw-changes")
@guarded(Action.CHANGE_READ)
def list_all() -> Page:
    """Every change on record, those that wait first."""
    state = request.args.get("state", "")
    wanted = state if state in STATES else ""
    actor = get_actor()
    rows = service.list_waiting(actor) if wanted == MINE else service.list_changes(actor, wanted)
    return render_template("draws/changes.html", rows=rows, state=wanted, **CHANGE_WORDS)


@blueprint.get("/draw-changes/<int:change_id>")
@guarded(Action.CHANGE_READ)
def change(change_id: int) -> Page:
    """One change with what may be done to it."""
    return _change_page(get_actor(), change_id)


@blueprint.get("/draw-changes/<int:change_id>/record.json")
@guarded(Action.CHANGE_READ)
def record(change_id: int) -> Page:
    """The record, as ``suicha draw verify`` reads it."""
    actor = get_actor()
    public_id = service.get_change(actor, change_id).public_id
    found = service.export_change(actor, public_id)
    if found is None:
        raise fault("change.not_found")
    headers = {"Content-Disposition": f'attachment; filename="{public_id}.json"'}
    text = canonical_json(found) + "\n"
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.get("/inspections/<int:inspection_id>/replace")
@guarded(Action.REPLACEMENT_REQUEST)
def replacement(inspection_id: int) -> Page:
    """The form that asks for another officer."""
    return _replacement_page(get_actor(), inspection_id, ReplacementForm(formdata=None))


@blueprint.post("/inspections/<int:inspection_id>/replace")
@guarded(Action.REPLACEMENT_REQUEST)
def request_replacement(inspection_id: int) -> Page:
    """Freezes the candidates and asks the unit head."""
    actor, form = get_actor(), ReplacementForm()
    form.officer.choices = _choices(actor, inspection_id)
    if not form.validate():
        return _replacement_page(actor, inspection_id, form), 422
    try:
        made = service.request_replacement(
            actor, inspection_id, int(form.officer.data), form.reason.data, form.words.data
        )
    except Fault as refused:
        return _replacement_page(actor, inspection_id, form, refused), refused.status
    flash(_("已提交，候选人员已冻结，等待主要负责人审批。"), "ok")
    return redirect(url_for("changes.change", change_id=made.id))


@blueprint.get("/inspections/<int:inspection_id>/withdraw")
@guarded(Action.WITHDRAWAL_REQUEST)
def withdrawal(inspection_id: int) -> Page:
    """The form that asks for the firm to be withdrawn."""
    return _withdrawal_page(get_actor(), inspection_id, WithdrawalForm(formdata=None))


@blueprint.post("/inspections/<int:inspection_id>/withdraw")
@guarded(Action.WITHDRAWAL_REQUEST)
def request_withdrawal(inspection_id: int) -> Page:
    """Asks the unit head."""
    actor, form = get_actor(), WithdrawalForm()
    if not form.validate():
        return _withdrawal_page(actor, inspection_id, form), 422
    try:
        made = service.request_withdrawal(
            actor, inspection_id, form.reason.data, form.words.data, form.wants_substitute.data
        )
    except Fault as refused:
        return _withdrawal_page(actor, inspection_id, form, refused), refused.status
    flash(_("已提交，等待主要负责人审批。"), "ok")
    return redirect(url_for("changes.change", change_id=made.id))


@blueprint.post("/draw-changes/<int:change_id>/replace")
@guarded(Action.REPLACEMENT_APPROVE)
def approve_replacement(change_id: int) -> Page:
    """Draws one of the candidates and changes the team."""
    actor, form = get_actor(), DrawingForm()
    if not form.validate():
        return _change_page(actor, change_id, form=form), 422
    try:
        done = service.approve_replacement(
            actor, change_id, form.seed.data, form.seed_source.data,
            form.password.data, request.remote_addr or "", form.words.data or "",
        )  # fmt: skip
    except Fault as refused:
        return _change_page(actor, change_id, form=form, refused=refused), refused.status
    assert done.joined is not None
    flash(_("已批准，{name}接替，手机端已更新。", name=done.joined.name), "ok")
    return redirect(url_for("changes.change", change_id=change_id))


@blueprint.post("/draw-changes/<int:change_id>/withdraw")
@guarded(Action.WITHDRAWAL_APPROVE)
def approve_withdrawal(change_id: int) -> Page:
    """Withdraws the visit, and sends the next firm's out."""
    actor, form = get_actor(), ApprovalForm()
    if not form.validate():
        return _change_page(actor, change_id, form=form), 422
    try:
        service.approve_withdrawal(
            actor, change_id, form.password.data, request.remote_addr or "", form.words.data or ""
        )
    except Fault as refused:
        return _change_page(actor, change_id, form=form, refused=refused), refused.status
    flash(_("已批准，该检查已撤出，手机端已更新。"), "ok")
    return redirect(url_for("changes.change", change_id=change_id))


@blueprint.post("/draw-changes/<int:change_id>/refuse")
@guarded(Action.CHANGE_READ)  # which of the two approvals is needed depends on the record
def refuse(change_id: int) -> Page:
    """The unit head says no."""
    actor, form = get_actor(), RefusalForm()
    if not form.validate():
        return _change_page(actor, change_id, refusal=form), 422
    try:
        service.refuse_change(actor, change_id, form.words.data)
    except Fault as refused:
        page = _change_page(actor, change_id, refusal=form, refused=refused)
        return page, refused.status
    flash(_("已退回，申请人会看到理由。"), "ok")
    return redirect(url_for("changes.change", change_id=change_id))


@blueprint.post("/draw-changes/<int:change_id>/drop")
@guarded(Action.CHANGE_READ)  # who asked, and nobody else: see ``drop_change``
def drop(change_id: int) -> Page:
    """Who asked takes it back."""
    actor = get_actor()
    try:
        service.drop_change(actor, change_id)
    except Fault as refused:
        return _change_page(actor, change_id, refused=refused), refused.status
    flash(_("已撤回，内容保留备查。"), "ok")
    return redirect(url_for("changes.change", change_id=change_id))


def _choices(actor: Actor, inspection_id: int) -> list[tuple[str, str]]:
    found = inspections.get_inspection(actor, inspection_id)
    members = [
        (str(one.officer_id), f"{one.officer.name} {one.officer.cert_no} · {one.department.name}")
        for one in service.list_replaceable(actor, found)
    ]
    return blank(members)


def _replacement_page(
    actor: Actor, inspection_id: int, form: ReplacementForm, refused: Fault | None = None
) -> str:
    form.officer.choices = _choices(actor, inspection_id)
    found = inspections.get_inspection(actor, inspection_id)
    return render_template(
        "draws/change_replacement.html", inspection=found, form=form, **_told(refused)
    )


def _withdrawal_page(
    actor: Actor, inspection_id: int, form: WithdrawalForm, refused: Fault | None = None
) -> str:
    found = inspections.get_inspection(actor, inspection_id)
    return render_template(
        "draws/change_withdrawal.html",
        inspection=found,
        form=form,
        is_official=found.draw.origin == "official",
        can_ask=service.can_withdraw(actor, found),
        **_told(refused),
    )


def _change_page(
    actor: Actor,
    change_id: int,
    form: ApprovalForm | None = None,
    refusal: RefusalForm | None = None,
    refused: Fault | None = None,
) -> str:
    found = service.get_change(actor, change_id)
    is_replacement = found.kind == ChangeKind.REPLACEMENT
    empty = DrawingForm if is_replacement else ApprovalForm
    deciders = service.list_deciders(found)
    return render_template(
        "draws/change.html",
        change=found,
        # a form of the other kind of change was never shown for this one
        form=form if isinstance(form, empty) else empty(formdata=None),
        refusal=refusal or RefusalForm(formdata=None),
        candidates=service.list_candidates(actor, found) if is_replacement else [],
        can_decide=service.can_decide(actor, found),
        is_mine=found.requested_by == actor.person_id,
        people=_people(found),
        deciders=list(list_person_names(deciders).values()),
        bar_word=bar_word,
        none_word=none_word,
        **CHANGE_WORDS,
        **_told(refused),
    )


def _people(found: DrawChange) -> dict[int, str]:
    ids = {one for one in (found.requested_by, found.decided_by) if one is not None}
    return list_person_names(ids)


def _told(refused: Fault | None) -> dict[str, object]:
    text = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "refused_text": text}
