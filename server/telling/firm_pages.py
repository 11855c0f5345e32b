"""HTML pages of the firm behind its link: the code, its own record, what it says to it.

Not the officers' sign-in: a cookie of its own that goes to this one address, an hour at most, and
nothing here is kept by a browser or on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask import send_file as send
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, fault, message
from domain.telling import CODE_DIGITS, VISIT_LIFE
from server.followup.wording import disposal_word, due_word, state_word
from server.guard import guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.wording import result_word
from server.runtime import runtime
from server.telling import service
from server.telling.carried import Carried, carry, read_carried
from server.telling.facts import list_rows
from server.telling.forms import CodeForm, HandInForm, ReadForm, ViewForm
from server.telling.pages import send_notice
from server.telling.wording import act_word, way_word

blueprint = Blueprint("firm", __name__, url_prefix="/firm")
Page = str | AnyResponse | tuple[str, int]
COOKIE = "suicha_firm"
FORM_BYTES = 256 * 1024  # of everything beside the file
LATE = timedelta(hours=12)  # for what a form brings after its hour; it opens nothing
WORDS = {
    "act_word": act_word,
    "way_word": way_word,
    "disposal_word": disposal_word,
    "due_word": due_word,
    "result_word": result_word,
    "state_word": state_word,
}


@blueprint.url_value_preprocessor
def let_a_file_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Only for who is inside, or was when the form was opened."""
    takes = {f"{blueprint.name}.{name}" for name in ("state", "hand_in")}
    token = str((values or {}).get("token", ""))
    if endpoint in takes and service.find_visit(token, _secret(), LATE) is not None:
        request.max_content_length = runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.after_request
def keep_from_others(response: Response) -> Response:
    """Neither stored nor found by a search."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("/<token>")
@guarded(Action.FIRM_ANSWER)
def show(token: str) -> Page:
    """The firm's own record; for who is not inside the question for the code, whatever the link."""
    if service.find_visit(token, _secret()) is None:
        return _door(token)
    return _record(token)


@blueprint.post("/<token>")
@guarded(Action.FIRM_ANSWER)
def enter(token: str) -> Page:
    """The code."""
    form = CodeForm()
    if not form.validate():
        return _door(token, form), 422
    try:
        secret = service.open_link(token, form.code.data or "", request.remote_addr or "")
    except Fault as refused:
        return _door(token, CodeForm(formdata=None), refused), refused.status
    answer: Response
    if (carried := read_carried(request.form)).is_any:
        answer = make_response(_record(token, secret, carried=carried))
    else:
        answer = make_response(redirect(f"/firm/{token}"))
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int((VISIT_LIFE + LATE).total_seconds()),
        path=f"/firm/{token}",
        httponly=True,
        samesite="Strict",
        secure=runtime().config.is_https,
    )
    return answer


@blueprint.post("/<token>/leave")
@guarded(Action.FIRM_ANSWER)
def leave(token: str) -> Page:
    """The firm is done."""
    service.close_visit(token, _secret())
    answer = redirect(f"/firm/{token}")
    answer.delete_cookie(COOKIE, path=f"/firm/{token}")
    return answer


@blueprint.get("/<token>/<code>/notice.<form>")
@guarded(Action.FIRM_ANSWER)
def notice(token: str, code: str, form: str) -> Page:
    """The newest notice of the result in force."""
    try:
        link, _visit = service.require_visit(token, _secret())
        found = service.read_record(link).get(code).notice
        if found is None:
            raise fault("telling.notice_not_found")
        if form != "pdf":
            raise fault("document.not_found")
        return send_notice(found, form, None)
    except Fault as refused:
        return _refuse(token, refused)


@blueprint.get("/<token>/photos/<sha256>/<size>")
@guarded(Action.FIRM_ANSWER)
def photo(token: str, sha256: str, size: str) -> Page:
    """A photo of its own record."""
    try:
        link, _visit = service.require_visit(token, _secret())
        path = service.find_picture(link, sha256, is_small=size == "thumb")
    except Fault as refused:
        return _refuse(token, refused)
    return send(path, mimetype="image/jpeg")


@blueprint.post("/<token>/<code>/read")
@guarded(Action.FIRM_ANSWER)
def read(token: str, code: str) -> Page:
    """确认收到."""
    form = ReadForm()

    def deed() -> None:
        link, visit = service.require_visit(token, _secret())
        service.confirm_read(link, visit, code, form.notice_id.data or 0, form.signer.data or "")

    return _do(token, code, form, deed, _("已确认收到。"))


@blueprint.post("/<token>/<code>/view")
@guarded(Action.FIRM_ANSWER)
def state(token: str, code: str) -> Page:
    """陈述申辩."""
    form = ViewForm()

    def deed() -> None:
        link, visit = service.require_visit(token, _secret())
        service.state_view(
            link, visit, code, form.text.data or "", form.signer.data or "", form.file
        )

    return _do(token, code, form, deed, _("陈述申辩已提交，检查部门会在这里答复。"))


@blueprint.post("/<token>/<code>/proof/<int:case_id>")
@guarded(Action.FIRM_ANSWER)
def hand_in(token: str, code: str, case_id: int) -> Page:
    """改正证明."""
    form = HandInForm()

    def deed() -> None:
        link, visit = service.require_visit(token, _secret())
        service.hand_in(link, visit, code, case_id, form.note.data or "", form.file)

    told = _("改正证明已提交，由检查部门核收；核收之前问题不算改正。")
    return _do(token, code, form, deed, told, case_id)


def _secret() -> str:
    return request.cookies.get(COOKIE, "")[:100]


def _do(
    token: str,
    code: str,
    form: ReadForm | ViewForm | HandInForm,
    deed: Callable[[], None],
    done: str,
    case_id: int = 0,
) -> Page:
    """A refusal stands at its field or on top, and what was entered stays, file and all, also
    after the hour."""
    found = service.find_visit(token, _secret())
    if found is None:
        refused, carried = fault("firm.signed_out"), Carried()
        if not isinstance(form, ReadForm):
            late = service.find_visit(token, _secret(), LATE)
            carried = carry(code, case_id, form, late[0] if late else None)
        return _door(token, None, refused, carried), refused.status
    if not isinstance(form, ReadForm):
        form.link = found[0]
    if not form.validate():
        return _record(token, forms={(code, type(form), case_id): form}), 422
    try:
        deed()
    except Fault as refused:
        told: Fault | None = refused
        if not isinstance(form, ReadForm) and form.blame(refused):
            told = None
        page = _record(token, refused=told, forms={(code, type(form), case_id): form})
        return page, refused.status
    flash(done, "ok")
    return redirect(f"/firm/{token}#sheet-{code}")


def _refuse(token: str, refused: Fault) -> Page:
    if refused.code == "firm.signed_out":
        return _door(token, None, refused), refused.status
    if refused.code.startswith("document.pdf") or refused.code == "document.busy":
        return _record(token, refused=refused), refused.status
    raise refused


def _door(
    token: str,
    form: CodeForm | None = None,
    refused: Fault | None = None,
    carried: Carried | None = None,
) -> str:
    return render_template(
        "telling/door.html",
        token=token,
        form=form or CodeForm(formdata=None),
        digits=CODE_DIGITS,
        minutes=int(VISIT_LIFE.total_seconds() // 60),
        carried=carried or read_carried(request.form),
        refused=refused,
        refused_text=_sentence(refused),
    )


def _record(
    token: str,
    secret: str = "",
    *,
    refused: Fault | None = None,
    forms: dict[tuple[str, type, int], Any] | None = None,
    carried: Carried | None = None,
) -> str:
    link, visit = service.require_visit(token, secret or _secret())
    record, given = service.read_record(link), dict(forms or {})
    for form in given.values():
        if not isinstance(form, ReadForm):
            form.hold()
    if carried:
        kept = carried.build_form(link)
        given[carried.sheet, type(kept), carried.case] = kept
    sheets = [
        {
            "own": own,
            "rows": list_rows(own.sheet, own.version),
            "read_form": _given(given, own.sheet.code, ReadForm),
            "view_form": _given(given, own.sheet.code, ViewForm),
            "hand_in_forms": {
                case.id: _given(given, own.sheet.code, HandInForm, case.id)
                for case in own.open_cases
            },
        }
        for own in record.sheets
    ]
    return render_template(
        "telling/firm.html",
        token=token,
        record=record,
        sheets=sheets,
        until=visit.expires_at,
        is_kept=carried is not None,
        refused=refused,
        refused_text=_sentence(refused),
        **WORDS,
    )


def _given(forms: dict[tuple[str, type, int], Any], code: str, kind: type, case: int = 0) -> Any:
    return forms.get((code, kind, case)) or kind(formdata=None)


def _sentence(refused: Fault | None) -> str:
    return message(refused.code, current_locale(), refused.details) if refused else ""
