"""HTML pages: the list of correction orders, and one order with what may be done to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.corrections import ProposalAction
from domain.errors import Fault, message
from domain.results import RESULTS
from server.corrections import service
from server.corrections.evidence import MAX_PAPERS
from server.corrections.forms import field_of, sent_decision, sent_reason
from server.corrections.held_papers import Taken
from server.corrections.listing import STATES, list_orders
from server.corrections.reading import view_order
from server.corrections.request_forms import take_sent_papers
from server.corrections.rules import require_step
from server.corrections.signing import takes_typed_name
from server.corrections.strays import refuse_stray
from server.corrections.strays import take_over as take_stray_over
from server.corrections.tracking import count_untracked
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.wording import result_word
from server.runtime import runtime

blueprint = Blueprint("corrections", __name__, url_prefix="/corrections")
Page = str | AnyResponse | tuple[str, int]

FORM_BYTES = 512 * 1024  # of everything beside the papers


@blueprint.url_value_preprocessor
def let_papers_in(endpoint: str | None, _values: object) -> None:
    """Only for somebody with a session: the cookie is signed, what it opens is checked later."""
    if endpoint == f"{blueprint.name}.submit" and cookie.get("token"):
        request.max_content_length = MAX_PAPERS * runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.get("")
@guarded(Action.CORRECTION_READ)
def list_all() -> Page:
    """The orders in sight, by state."""
    state = request.args.get("state", "")
    wanted = {
        "state": state if state in STATES else "",
        "own": request.args.get("own") == "1",
        "open": request.args.get("platform") == "open",
    }
    orders = list_orders(
        get_actor(), str(wanted["state"]), bool(wanted["own"]), is_untracked=bool(wanted["open"])
    )
    return render_template(
        "corrections/list.html",
        orders=orders,
        wanted=wanted,
        untracked=count_untracked(get_actor()),
    )


@blueprint.get("/<proposal_id>")
@guarded(Action.CORRECTION_READ)
def order(proposal_id: str) -> Page:
    """One order."""
    return _page(proposal_id)


@blueprint.post("/<proposal_id>/submit")
@guarded(Action.CORRECTION_REQUEST)
def submit(proposal_id: str) -> Page:
    """The author hands it in."""
    text = request.form.get("result", "")
    result = int(text) if text.isdecimal() and len(text) == 1 else None
    actor, taken = get_actor(), None
    try:
        # Whoever may not hand it in leaves no bytes here.
        require_step(actor, ProposalAction.SUBMIT, service.get_order(actor, proposal_id))
        taken = take_sent_papers(actor)
        if taken.refused:
            raise taken.refused[0]
        service.submit(actor, proposal_id, sent_reason(), result, taken.kept)
    except Fault as refused:
        return _page(proposal_id, refused, taken), refused.status
    flash(_("已提交，等待负责人审批。"), "ok")
    return redirect(url_for("corrections.order", proposal_id=proposal_id))


@blueprint.post("/<proposal_id>/drop")
@guarded(Action.CORRECTION_DROP)
def drop(proposal_id: str) -> Page:
    """The author withdraws it."""
    return _do(
        proposal_id, lambda: service.drop(get_actor(), proposal_id), _("已撤回，内容保留备查。")
    )


@blueprint.post("/<proposal_id>/again")
@guarded(Action.CORRECTION_REQUEST)
def again(proposal_id: str) -> Page:
    """The author writes a stale one again, on what holds now."""
    try:
        made = service.ask_again(get_actor(), proposal_id, sent_reason())
    except Fault as refused:
        return _page(proposal_id, refused), refused.status
    flash(_("已按现值重新提出，原申请已撤回。"), "ok")
    return redirect(url_for("corrections.order", proposal_id=made))


@blueprint.post("/<proposal_id>/endorse")
@guarded(Action.CORRECTION_ENDORSE)
def endorse(proposal_id: str) -> Page:
    """The deputy head's opinion."""

    def deed() -> None:
        form = sent_decision()
        form.pop("reason")
        service.endorse(get_actor(), proposal_id, **form)

    return _do(proposal_id, deed, _("已签署意见，等待负责人审批。"))


@blueprint.post("/<proposal_id>/decide")
@guarded(Action.CORRECTION_APPROVE)
def decide(proposal_id: str) -> Page:
    """Approval or refusal, by the button that was pressed."""
    if request.form.get("decision") == "refuse":
        return _do(
            proposal_id,
            lambda: service.refuse(get_actor(), proposal_id, **sent_decision()),
            _("已退回，申请人会看到理由。"),
        )
    return _do(
        proposal_id,
        lambda: service.approve(get_actor(), proposal_id, **sent_decision()),
        _("已批准，结果表形成新版本，原版本保留。"),
    )


@blueprint.post("/<proposal_id>/take-over")
@guarded(Action.SHEET_FILL)
def take_over(proposal_id: str) -> Page:
    """A member of the team makes it their own."""
    return _do(
        proposal_id,
        lambda: take_stray_over(get_actor(), proposal_id, sent_reason()),
        _("已采用，以本人名义记录，原送达人和原文保留。"),
    )


@blueprint.post("/<proposal_id>/return")
@guarded(Action.SHEET_REVIEW)
def send_back(proposal_id: str) -> Page:
    """The lead refuses what had no right to come."""
    return _do(
        proposal_id,
        lambda: refuse_stray(get_actor(), proposal_id, sent_reason()),
        _("已退回，申请人会看到理由。"),
    )


def _do(proposal_id: str, deed: Any, done: str) -> Page:
    try:
        deed()
    except Fault as refused:
        return _page(proposal_id, refused), refused.status
    flash(done, "ok")
    return redirect(url_for("corrections.order", proposal_id=proposal_id))


def _page(
    proposal_id: str,
    refused: Fault | None = None,
    taken: Taken | None = None,
) -> str:
    """A refusal gives back what was typed in the form it was typed in, and says at the field what
    is wrong with it."""
    view = view_order(get_actor(), proposal_id)
    unmet: Any = refused.details.get("unmet", []) if refused else []
    return render_template(
        "corrections/order.html",
        view=view,
        codes=[(number, result_word(number)) for number in RESULTS],
        sent={
            "form": request.path.rpartition("/")[2] if refused else "",
            "field": field_of(refused),
            "reason": sent_reason(),
            "result": request.form.get("result", ""),
            "signature": request.form.get("signature", ""),
            "papers": taken.vouchers(get_actor()) if taken else [],
            "evidence": " ".join(taken.words) if taken else "",
            "typed_name": request.form.get("typed_name", ""),
        },
        takes_typed=takes_typed_name(get_actor().jurisdiction_id),
        max_papers=MAX_PAPERS,
        max_megabytes=runtime().config.max_photo_bytes // 1024 // 1024,
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
        unmet=[message(one["code"], current_locale(), one["details"]) for one in unmet],
    )
