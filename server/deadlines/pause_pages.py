"""HTML pages: the terms of one visit with what happened to them, and pauses."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from domain.pauses import MAX_PAUSE_DAYS, PauseState
from server.accounts.service import list_person_names
from server.boundary import whole_number
from server.deadlines import pauses as service
from server.deadlines.events import catch_up, list_of_visit
from server.deadlines.pause_forms import PauseApprovalForm, PauseForm, PauseRefusalForm
from server.deadlines.pause_wording import event_tone, event_word, reason_word, term_word
from server.deadlines.visit_terms import list_terms
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service as inspections
from server.registry.paging import page_in, page_of
from server.runtime import runtime

blueprint = Blueprint("pauses", __name__)
Page = str | AnyResponse | tuple[str, int]
MINE = "mine"  # what waits for the reader's decision
FORM_BYTES = 256 * 1024  # of everything beside the evidence
WORDS = {"reason_word": reason_word, "term_word": term_word}


@blueprint.url_value_preprocessor
def let_evidence_in(endpoint: str | None, _values: object) -> None:
    """Only for somebody with a session: the cookie is signed, what it opens is checked later."""
    if endpoint == f"{blueprint.name}.ask" and cookie.get("token"):
        request.max_content_length = runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.get("/inspections/<int:inspection_id>/terms")
@guarded(Action.INSPECTION_READ)
def terms(inspection_id: int) -> Page:
    """Until when what must be done, how that was counted, and what happened."""
    inspections.get_inspection(get_actor(), inspection_id)  # who may not look, writes nothing
    catch_up(get_actor().jurisdiction_id)
    return _terms_page(inspection_id, PauseForm(formdata=None))


@blueprint.post("/inspections/<int:inspection_id>/terms")
@guarded(Action.PAUSE_REQUEST)
def ask(inspection_id: int) -> Page:
    """Asks for a pause."""
    form = PauseForm()
    if not form.read():
        return _terms_page(inspection_id, form), 422
    try:
        made = service.request_pause(
            get_actor(), inspection_id, form.reason.data, form.words.data or "", form.span,
            form.evidence,
        )  # fmt: skip
    except Fault as refused:
        told = None if form.blame(refused) else refused
        return _terms_page(inspection_id, form, told), refused.status
    flash(_("中止申请已提交，等待负责人审批。批准之前期限照常计算。"), "ok")
    return redirect(url_for("pauses.pause", pause_id=made.id))


@blueprint.get("/pauses")
@guarded(Action.PAUSE_READ)
def list_all() -> Page:
    """Every pause on record, those that wait first, page by page."""
    actor, state = get_actor(), request.args.get("state", "")
    wanted = state if state in {*PauseState, MINE} else ""
    number = request.args.get("page", 1, type=whole_number) or 1
    if wanted == MINE:
        page = page_in(service.list_waiting(actor), number)
    else:
        page = page_of(service.query_pauses(actor, wanted), number)
    return render_template("deadlines/pauses.html", page=page, state=wanted, **WORDS)


@blueprint.get("/pauses/<int:pause_id>")
@guarded(Action.PAUSE_READ)
def pause(pause_id: int) -> Page:
    """One pause with what may be done to it."""
    return _page(pause_id)


@blueprint.get("/pauses/<int:pause_id>/document")
@guarded(Action.PAUSE_READ)
def document(pause_id: int) -> Response:
    """The evidence, to be kept, not to be run: it came from outside."""
    found, mime, path = service.get_evidence(get_actor(), pause_id)
    answer = send_file(
        str(path), mimetype=mime, as_attachment=True, download_name=found.document_name
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.post("/pauses/<int:pause_id>/approve")
@guarded(Action.PAUSE_APPROVE)
def approve(pause_id: int) -> Page:
    """The days are not counted from here on."""
    form = PauseApprovalForm()
    if not form.validate():
        return _page(pause_id, form=form), 422
    return _do(
        pause_id,
        lambda: service.approve_pause(
            get_actor(), pause_id, form.password.data, request.remote_addr or "",
            form.words.data or "",
        ),
        _("已批准，到期日已重新计算，手机端已更新。"),
        form=form,
    )  # fmt: skip


@blueprint.post("/pauses/<int:pause_id>/refuse")
@guarded(Action.PAUSE_APPROVE)
def refuse(pause_id: int) -> Page:
    """The head says no."""
    form = PauseRefusalForm()
    if not form.validate():
        return _page(pause_id, refusal=form), 422
    return _do(
        pause_id,
        lambda: service.refuse_pause(get_actor(), pause_id, form.words.data or ""),
        _("已退回，申请人会看到理由。"),
        refusal=form,
    )


@blueprint.post("/pauses/<int:pause_id>/drop")
@guarded(Action.PAUSE_REQUEST)  # who asked, and nobody else: see ``drop_pause``
def drop(pause_id: int) -> Page:
    """Who asked takes it back."""
    return _do(
        pause_id,
        lambda: service.drop_pause(get_actor(), pause_id),
        _("已撤回，内容保留备查。"),
    )


def _do(
    pause_id: int,
    deed: Callable[[], object],
    done: str,
    form: PauseApprovalForm | None = None,
    refusal: PauseRefusalForm | None = None,
) -> Page:
    try:
        deed()
    except Fault as refused:
        return _page(pause_id, form, refusal, refused), refused.status
    flash(done, "ok")
    return redirect(url_for("pauses.pause", pause_id=pause_id))


def _terms_page(inspection_id: int, form: PauseForm, refused: Fault | None = None) -> str:
    actor = get_actor()
    found = inspections.get_inspection(actor, inspection_id)
    if form.is_submitted():
        form.hold()
    return render_template(
        "deadlines/terms.html",
        inspection=found,
        terms=list_terms(found),
        events=[
            {
                "at": one.at,
                "what": _("{term}：{what}", term=term_word(one.term), what=event_word(one)),
                "tone": event_tone(one)[0],
                "icon": event_tone(one)[1],
            }
            for one in reversed(list_of_visit(found.id))
        ],
        pauses=service.list_of_inspection(found.id),
        can_ask=form.is_submitted() or service.can_ask(actor, found),
        is_too_late=service.is_too_late(actor, found),
        form=form,
        max_days=MAX_PAUSE_DAYS,
        **WORDS,
        **_told(refused),
    )


def _page(
    pause_id: int,
    form: PauseApprovalForm | None = None,
    refusal: PauseRefusalForm | None = None,
    refused: Fault | None = None,
) -> str:
    actor = get_actor()
    found = service.get_pause(actor, pause_id)
    deciders = service.list_deciders(found)
    people = {one for one in (found.requested_by, found.decided_by) if one is not None}
    return render_template(
        "deadlines/pause.html",
        pause=found,
        due=service.count_of(found.inspection),
        due_then=service.count_with(found) if found.state == PauseState.REQUESTED else None,
        form=form or PauseApprovalForm(formdata=None),
        refusal=refusal or PauseRefusalForm(formdata=None),
        can_decide=service.can_decide(actor, found),
        can_see_evidence=service.can_see_evidence(actor, found),
        is_mine=found.requested_by == actor.person_id,
        people=list_person_names(people),
        deciders=list(list_person_names(deciders).values()),
        **WORDS,
        **_told(refused),
    )


def _told(refused: Fault | None) -> dict[str, object]:
    text = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "refused_text": text}
