"""HTML pages of the office: the list of clues, one clue with what can be done to it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, may_ever
from domain.clues import ClueKind, StepKind
from domain.errors import Fault, fault, message
from server.accounts.directory import list_person_names
from server.accounts.service import list_departments
from server.boundary import whole_number
from server.clues import service
from server.clues.export import build_file
from server.clues.forms import ASKED, FIELDS, FirmForm, StepForm
from server.clues.wording import kind_word, public_state, state_word, step_word
from server.deadlines.calendar import load_calendar
from server.guard import find_actor, get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.records import find_inspection
from server.organisation import service as organisation
from server.registry import service as registry
from server.runtime import runtime, today

blueprint = Blueprint("clues", __name__, url_prefix="/clues")
Page = str | AnyResponse | tuple[str, int]
FORM_BYTES = 256 * 1024  # of everything beside the paper
MAX_FOUND = 8
ENDINGS = {
    "application/pdf": "pdf", "image/png": "png", "image/webp": "webp", "image/heic": "heic",
}  # fmt: skip


@blueprint.url_value_preprocessor
def let_a_paper_in(endpoint: str | None, _values: object) -> None:
    """Only for somebody with a session: the cookie is signed, what it opens is checked later."""
    if endpoint == f"{blueprint.name}.take_step" and cookie.get("token"):
        request.max_content_length = runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.get("")
@guarded(Action.CLUE_READ)
def list_all() -> Page:
    """The clues in sight: where each stands, what is late."""
    actor, wanted = get_actor(), _wanted()
    if (form := request.args.get("format", "")) in ("xlsx", "csv"):
        return build_file(actor, wanted, form)
    return render_template(
        "clues/list.html",
        page=service.list_clues(actor, wanted, request.args.get("page", 1, type=whole_number)),
        counts=service.count_clues(actor),
        wanted=wanted,
        firm=registry.get_firm(actor, wanted.firm) if wanted.firm else None,
        states=[(one, state_word(one)) for one in service.STATES],
        kinds=[(one.value, kind_word(one)) for one in ClueKind],
        departments=[(one.code, one.name) for one in list_departments()],
        kind_word=kind_word,
        state_word=state_word,
    )


@blueprint.get("/<int:clue_id>")
@guarded(Action.CLUE_READ)
def clue(clue_id: int) -> Page:
    """One clue with its steps; who reported it is asked for separately."""
    return _page(clue_id)


@blueprint.post("/<int:clue_id>/contact")
@guarded(Action.CLUE_HANDLE)
def contact(clue_id: int) -> Page:
    """The same with how to reach the reporter; that it was read is on record."""
    _clue, told = service.read_contact(get_actor(), clue_id)
    return _page(clue_id, contact=told)


@blueprint.post("/<int:clue_id>/steps/<step>")
@guarded(Action.CLUE_HANDLE)
def take_step(clue_id: int, step: str) -> Page:
    """受理, 不予受理, 并案, 转办, 退回, 移送, 办结 …"""
    kind = next((one for one in ASKED if one.value == step), None)
    if kind is None:
        raise fault("request.not_found")
    service.get_clue(get_actor(), clue_id)
    form = StepForm()
    if not form.read(kind):
        return _page(clue_id, kind, form), 422
    try:
        handled = service.handle(
            get_actor(), clue_id, form.deed(kind), form.revision.data or 0, form.paper
        )
    except Fault as refused:
        told = None if form.blame(refused) else refused
        return _page(clue_id, kind, form, told), refused.status
    flash(_("已登记：{step}", step=step_word(step)), "ok")
    if kind is StepKind.GIVE_BACK and not service.can_read(get_actor(), handled):
        return redirect(url_for("clues.list_all"))
    return redirect(url_for("clues.clue", clue_id=clue_id))


@blueprint.post("/<int:clue_id>/firm")
@guarded(Action.CLUE_HANDLE)
def link(clue_id: int) -> Page:
    """Which firm of the register it is about."""
    form = FirmForm()
    if not form.validate():
        raise fault("request.bad_parameter", field="firm_id")
    try:
        service.link_firm(get_actor(), clue_id, form.firm_id.data or None, form.revision.data or 0)
    except Fault as refused:
        return _page(clue_id, refused=refused), refused.status
    flash(_("已登记：{step}", step=step_word("link")), "ok")
    return redirect(url_for("clues.clue", clue_id=clue_id))


@blueprint.get("/<int:clue_id>/evidence/<int:paper_id>")
@guarded(Action.CLUE_READ)
def evidence(clue_id: int, paper_id: int) -> Response:
    """A file of the reporter, to be kept, not to be run: it came from outside."""
    paper, mime, path = service.get_evidence(get_actor(), clue_id, paper_id)
    return _download(str(path), mime, f"clue-{clue_id}-{paper.id}")


@blueprint.get("/<int:clue_id>/evidence/<int:paper_id>/thumb.jpg")
@guarded(Action.CLUE_READ)
def thumbnail(clue_id: int, paper_id: int) -> Response:
    """A photo, small."""
    return _picture(clue_id, paper_id, is_small=True)


@blueprint.get("/<int:clue_id>/evidence/<int:paper_id>/view.jpg")
@guarded(Action.CLUE_READ)
def picture(clue_id: int, paper_id: int) -> Response:
    """A photo as any browser shows it."""
    return _picture(clue_id, paper_id, is_small=False)


@blueprint.get("/<int:clue_id>/papers/<int:step_id>")
@guarded(Action.CLUE_READ)
def paper(clue_id: int, step_id: int) -> Response:
    """A paper of the office."""
    step, mime, path = service.get_paper(get_actor(), clue_id, step_id)
    return _download(str(path), mime, f"clue-{clue_id}-step-{step.id}")


@blueprint.app_template_global()
def clues_of_firm(firm_id: int) -> int | None:
    """How many clues the reader may see about a firm; None for who reads none."""
    actor = find_actor()
    if actor is None or not may_ever(actor, Action.CLUE_READ):
        return None
    return service.count_of_firm(actor, firm_id)


def _download(path: str, mime: str, name: str) -> Response:
    answer = send_file(
        path, mimetype=mime, as_attachment=True,
        download_name=f"{name}.{ENDINGS.get(mime, 'jpg')}",
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _picture(clue_id: int, paper_id: int, *, is_small: bool) -> Response:
    data = service.get_evidence_view(get_actor(), clue_id, paper_id, is_small=is_small)
    answer = Response(data, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _wanted() -> service.Wanted:
    state = request.args.get("state", "")
    return service.Wanted(
        state=state if state in service.STATES else "",
        kind=request.args.get("kind", ""),
        department=request.args.get("department", ""),
        q=request.args.get("q", ""),
        firm=request.args.get("firm", 0, type=whole_number),
    )


def _page(
    clue_id: int,
    step: StepKind | None = None,
    form: StepForm | None = None,
    refused: Fault | None = None,
    *,
    contact: str | None = None,
) -> str:
    """``form`` is that of a refused step; ``contact`` is shown only to who asked for it."""
    actor = get_actor()
    if form is not None:
        form.hold()
    found = service.get_clue(actor, clue_id)
    urgency, days_left = service.urgency_of(found, today(), load_calendar())
    q = " ".join(request.args.get("firm", found.firm_text).split())[:120]
    allowed = service.list_steps_for(actor, found)
    is_linking = StepKind.LINK in allowed
    return render_template(
        "clues/clue.html",
        clue=found,
        merged=service.list_merged(found),
        visit=find_inspection(found.inspection_id) if found.inspection_id else None,
        team=organisation.get_team(found.team_id) if found.team_id else None,
        urgency=urgency,
        days_left=days_left,
        names=list_person_names({one.person_id for one in found.steps if one.person_id}),
        can_handle=service.can_handle(actor, found),
        steps=[one for one in ASKED if one in allowed],
        asked=ASKED,
        fields=FIELDS,
        forms={one: form if one is step and form else StepForm(formdata=None) for one in ASKED},
        refused_step=step,
        is_linking=is_linking,
        q=q,
        firms=registry.find_firms(actor, q, MAX_FOUND) if is_linking and q else [],
        contact=contact,
        answer_shown=public_state(found.state),
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
        kind_word=kind_word,
        state_word=state_word,
        step_word=step_word,
    )
