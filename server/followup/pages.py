"""HTML pages: the list of cases, one case with what can be done to it, closing a visit."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.deadlines import due_date
from domain.errors import Fault, message
from domain.followup import CaseState, Disposal, last_possible_due
from server.accounts.directory import list_person_names
from server.accounts.service import list_departments
from server.boundary import whole_number
from server.deadlines.calendar import load_calendar
from server.followup import service
from server.followup.export import build_file
from server.followup.forms import AttachForm, CaseForm, DecideForm, FinishForm, PublishForm
from server.followup.models import FollowUp
from server.followup.reading import urgency_of
from server.followup.wording import disposal_word, due_word, state_word, step_word
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.wording import result_word, severity_word
from server.runtime import now, runtime, today

blueprint = Blueprint("followup", __name__)
Page = str | AnyResponse | tuple[str, int]
FORM_BYTES = 256 * 1024  # of everything beside the paper
USUAL_WORKING_DAYS = 15  # offered for a correction; the officer sets it
WORDS = {
    "disposal_word": disposal_word,
    "due_word": due_word,
    "state_word": state_word,
    "step_word": step_word,
    "result_word": result_word,
    "severity_word": severity_word,
}


@blueprint.url_value_preprocessor
def let_a_paper_in(endpoint: str | None, _values: object) -> None:
    """Only for somebody with a session: the cookie is signed, what it opens is checked later."""
    takes = {f"{blueprint.name}.{name}" for name in ("decide", "attach", "finish")}
    if endpoint in takes and cookie.get("token"):
        request.max_content_length = runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.get("/follow-up")
@guarded(Action.FOLLOW_UP_READ)
def list_all() -> Page:
    """The cases in sight: whose, by when, what is late."""
    actor, wanted = get_actor(), _wanted()
    if (form := request.args.get("format", "")) in ("xlsx", "csv"):
        return build_file(actor, wanted, form)
    return render_template(
        "followup/list.html",
        page=service.list_cases(actor, wanted, request.args.get("page", 1, type=whole_number)),
        counts=service.count_cases(actor),
        wanted=wanted,
        states=[(one, state_word(one)) for one in service.STATES],
        disposals=[(one.value, disposal_word(one)) for one in Disposal],
        departments=[(one.code, one.name) for one in list_departments()],
        **WORDS,
    )


@blueprint.get("/follow-up/<int:case_id>")
@guarded(Action.FOLLOW_UP_READ)
def case(case_id: int) -> Page:
    """One case with its steps."""
    return _page(case_id)


@blueprint.post("/follow-up/<int:case_id>/decide")
@guarded(Action.FOLLOW_UP_DECIDE)
def decide(case_id: int) -> Page:
    """处置决定."""
    form = DecideForm()
    if not form.read(service.get_case(get_actor(), case_id)):
        return _page(case_id, decide_form=form), 422
    return _do(
        case_id,
        form,
        lambda: service.decide(
            get_actor(), case_id, form.decision, form.revision.data or 0, form.paper
        ),
        _("处置决定已登记。"),
    )


@blueprint.post("/follow-up/<int:case_id>/attach")
@guarded(Action.FOLLOW_UP_DECIDE)
def attach(case_id: int) -> Page:
    """One more paper."""
    form = AttachForm()
    if not form.validate() or form.paper is None:
        return _page(case_id, attach_form=form), 422
    paper = form.paper
    return _do(
        case_id,
        form,
        lambda: service.attach(
            get_actor(), case_id, form.note.data or "", form.revision.data or 0, paper
        ),
        _("材料已归入该问题。"),
    )


@blueprint.post("/follow-up/<int:case_id>/finish")
@guarded(Action.FOLLOW_UP_DECIDE)
def finish(case_id: int) -> Page:
    """办结."""
    form = FinishForm()
    found = service.get_case(get_actor(), case_id)
    if not form.read(found.state == CaseState.DECIDED and service.is_paper_missing(found)):
        return _page(case_id, finish_form=form), 422
    return _do(
        case_id,
        form,
        lambda: service.finish(
            get_actor(),
            case_id,
            form.outcome.data or "",
            form.done_on.data or today(),
            form.revision.data or 0,
            form.paper,
        ),
        _("已办结。"),
    )


@blueprint.post("/follow-up/<int:case_id>/publish")
@guarded(Action.FOLLOW_UP_DECIDE)
def publish(case_id: int) -> Page:
    """What everybody may read of it."""
    form = PublishForm()
    if not form.validate():
        return _page(case_id, publish_form=form), 422
    text = "" if form.withdraw.data else form.public_text.data or ""
    return _do(
        case_id,
        form,
        lambda: service.publish(get_actor(), case_id, text, form.revision.data or 0),
        _("处置结果已公示。") if text else _("已撤回公示。"),
    )


@blueprint.get("/follow-up/<int:case_id>/papers/<int:step_id>")
@guarded(Action.FOLLOW_UP_READ)
def paper(case_id: int, step_id: int) -> Response:
    """A paper, to be kept, not to be run: it came from outside."""
    step, mime, path = service.get_paper(get_actor(), case_id, step_id)
    ending = {"application/pdf": "pdf", "image/png": "png", "image/webp": "webp"}.get(mime, "jpg")
    answer = send_file(
        str(path),
        mimetype=mime,
        as_attachment=True,
        download_name=f"follow-up-{case_id}-{step.id}.{'heic' if mime == 'image/heic' else ending}",
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.post("/inspections/<int:inspection_id>/close")
@guarded(Action.INSPECTION_CLOSE)
def close(inspection_id: int) -> Page:
    """办结 of the visit."""
    try:
        service.close_inspection(get_actor(), inspection_id)
    except Fault as refused:
        flash(_sentence(refused), "error")
        for one in refused.details.get("unmet", []):  # type: ignore[attr-defined]
            flash(message(one["code"], current_locale(), one["details"]), "error")
    else:
        flash(_("该检查已办结。"), "ok")
    return redirect(url_for("inspections.inspection", inspection_id=inspection_id) + "#follow-up")


def _wanted() -> service.Wanted:
    state = request.args.get("state", "")
    return service.Wanted(
        state=state if state in service.STATES else "",
        disposal=request.args.get("disposal", ""),
        department=request.args.get("department", ""),
        q=request.args.get("q", ""),
    )


def _do(case_id: int, form: CaseForm, deed: Callable[[], object], done: str) -> Page:
    """A refusal stands at its field or on top; what was typed stays."""
    try:
        deed()
    except Fault as refused:
        told = None if form.blame(refused) else refused
        shown = {
            DecideForm: "decide_form",
            AttachForm: "attach_form",
            FinishForm: "finish_form",
            PublishForm: "publish_form",
        }
        forms = {shown[type(form)]: form}
        return _page(case_id, told, **forms), refused.status
    flash(done, "ok")
    return redirect(url_for("followup.case", case_id=case_id))


def _page(case_id: int, refused: Fault | None = None, **forms: CaseForm) -> str:
    actor = get_actor()
    for refused_form in forms.values():
        refused_form.hold()
    found = service.get_case(actor, case_id)
    proposed = service.propose_for(found)
    crime = service.propose_for(found, is_crime=True)
    calendar = load_calendar()
    urgency, days_left = urgency_of(found, today(), calendar)
    revision = found.revision
    decide_form = forms.get("decide_form") or _decide_form(found, proposed.body)
    if isinstance(decide_form, DecideForm):
        decide_form.offer(found)
    return render_template(
        "followup/case.html",
        case=found,
        proposed=proposed,
        crime=crime,
        urgency=urgency,
        days_left=days_left,
        names=list_person_names({one.person_id for one in found.steps}),
        can_decide=service.can_decide(actor, found),
        is_paper_missing=service.is_paper_missing(found),
        usual_due=due_date(today(), USUAL_WORKING_DAYS, calendar).due,
        last_due=last_possible_due(today()),
        revision=revision,
        decide_form=decide_form,
        attach_form=forms.get("attach_form") or AttachForm(formdata=None),
        finish_form=forms.get("finish_form") or FinishForm(formdata=None, done_on=today()),
        publish_form=forms.get("publish_form")
        or PublishForm(formdata=None, public_text=found.public_text or found.outcome),
        printed_at=now(),
        refused=refused,
        refused_text=_sentence(refused),
        **WORDS,
    )


def _decide_form(found: FollowUp, body: str) -> DecideForm:
    if found.state == CaseState.DECIDED:
        return DecideForm(
            formdata=None, disposal=found.disposal, body=found.body, case_no=found.case_no,
            due_on=found.due_on,
        )  # fmt: skip
    proposal = service.propose_for(found).proposal
    return DecideForm(
        formdata=None,
        disposal=proposal.disposal.value,
        body=body,
        due_on=due_date(today(), USUAL_WORKING_DAYS, load_calendar()).due,
    )


def _sentence(refused: Fault | None) -> str:
    if refused is None:
        return ""
    return message(refused.code, current_locale(), refused.details)
