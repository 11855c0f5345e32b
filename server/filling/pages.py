"""Plain pages on which a sheet is filled where the field app does not run: no script, one request
a step, each answer kept when the next page shows."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from server.boundary import whole_number
from server.fieldsync import service as fieldsync
from server.filling import service
from server.filling.forms import (
    SubmitForm,
    read_answer,
    sent_form,
    show_form,
)
from server.filling.reading import (
    can_fill,
    find_item,
    list_own,
    parse_seen,
    view_entry,
    view_fill,
)
from server.filling.showing import (
    show_again,
    show_entry,
    show_lost,
    show_sheet,
    tell_verdict,
    wrong_end,
)
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service as inspections
from server.runtime import runtime, today

blueprint = Blueprint("filling", __name__, url_prefix="/fill")
Page = str | AnyResponse | tuple[str, int]
FORM_BYTES = 256 * 1024  # of everything beside the photo


@blueprint.url_value_preprocessor
def let_a_photo_in(endpoint: str | None, _values: object) -> None:
    """Only for somebody with a session: the cookie is signed, what it opens is checked later."""
    if endpoint == f"{blueprint.name}.save_entry" and session.get("token"):
        request.max_content_length = runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.get("")
@guarded(Action.SHEET_FILL)
def list_visits() -> Page:
    """The visits of one's own teams."""
    page = list_own(get_actor(), request.args.get("page", 1, type=whole_number))
    return render_template("filling/list.html", page=page, can_fill=can_fill)


@blueprint.get("/<int:inspection_id>/<code>")
@guarded(Action.SHEET_FILL)
def sheet(inspection_id: int, code: str) -> Page:
    """One sheet: who is there, what is filled, what is missing."""
    return show_sheet(get_actor(), inspection_id, code)


@blueprint.post("/<int:inspection_id>/<code>/check-in")
@guarded(Action.SHEET_FILL)
def check_in(inspection_id: int, code: str) -> Page:
    """An officer is there."""
    officer = request.form.get("officer", 0, type=whole_number) or 0
    page = service.parse_page(request.form.get("page", ""))
    verdict = service.check_in(get_actor(), inspection_id, code, officer, page)
    tell_verdict(verdict, _("已登记到场。"))
    return redirect(url_for("filling.sheet", inspection_id=inspection_id, code=code))


@blueprint.post("/<int:inspection_id>/<code>/submit")
@guarded(Action.SHEET_SUBMIT)
def submit(inspection_id: int, code: str) -> Page:
    """Hands it in; what is missing is told all at once."""
    actor, form = get_actor(), SubmitForm()
    page = service.parse_page(request.form.get("page", ""))
    if not form.validate():
        return show_sheet(actor, inspection_id, code, form), 422
    day = form.ended_on.data
    assert day is not None, "the form requires it"
    if wrong := wrong_end(actor, inspection_id, day):
        form.ended_on.errors = [wrong]
        return show_sheet(actor, inspection_id, code, form), 422
    try:
        verdict = service.submit(actor, inspection_id, code, day, page)
    except Fault as refused:
        if refused.code != "sheet.preconditions":
            raise
        return show_sheet(actor, inspection_id, code, form, is_refused=True), refused.status
    tell_verdict(verdict, _("已提交，等待组长审核。"))
    return redirect(url_for("filling.sheet", inspection_id=inspection_id, code=code))


@blueprint.get("/<int:inspection_id>/<code>/<item>")
@guarded(Action.SHEET_FILL)
def entry(inspection_id: int, code: str, item: str) -> Page:
    """One check entry."""
    shown = view_fill(get_actor(), inspection_id, code, today())
    view = view_entry(inspection_id, code, item)
    return show_entry(shown, view, show_form(view.item, view.seen.fields), view.seen)


@blueprint.post("/<int:inspection_id>/<code>/<item>")
@guarded(Action.SHEET_FILL)
def save_entry(inspection_id: int, code: str, item: str) -> Page:
    """Keeps the answer and a photo, then shows the sheet or the next entry."""
    actor = get_actor()
    found, _before, after = find_item(fieldsync.read_sheet(inspection_id, code), item)
    form, seen = sent_form(found), parse_seen(request.form.get("seen", ""))
    page = service.parse_page(request.form.get("page", ""))
    answer = read_answer(found, form, seen.fields)
    if answer is None:
        return show_again(actor, inspection_id, code, item, form, seen, page), 422
    photo = form.photo.data
    try:
        verdict = service.save_entry(
            actor, inspection_id, code, item,
            page=page, answer=answer, seen=seen, photo=photo.stream if photo else None,
        )  # fmt: skip
    except Fault as refused:
        if not refused.code.startswith(("photo.", "upload.")):
            raise
        form.photo.errors = [message(refused.code, current_locale(), refused.details)]
        return show_again(actor, inspection_id, code, item, form, seen, page), refused.status
    status = verdict["status"] if verdict else ""
    if status in {"conflict", "invalid", "held"}:
        assert verdict is not None
        return show_lost(actor, inspection_id, code, item, form, verdict)
    if verdict is None:
        flash(_("没有改动。"), "info")
    else:
        tell_verdict(verdict, _("{item} 已保存，服务器已收到。", item=item))
    if status == "forbidden":
        return redirect(url_for("filling.list_visits"))
    if request.form.get("next") and after:
        return redirect(_address(inspection_id, code, after))
    return redirect(
        url_for("filling.sheet", inspection_id=inspection_id, code=code, _anchor=f"item-{item}")
    )


@blueprint.post("/<int:inspection_id>/<code>/<item>/choose")
@guarded(Action.SHEET_CHOOSE)
def choose(inspection_id: int, code: str, item: str) -> Page:
    """Settles which of the versions stands."""
    seen = parse_seen(request.form.get("seen", ""))
    shown = inspections.Seen({k: v for k, v in seen.heads.items() if v}, seen.siblings)
    try:
        inspections.choose_version(
            get_actor(), inspection_id, code, item, request.form.get("choice", ""), shown
        )
        flash(_("已选定，另一份内容在办理记录中保留。"), "ok")
    except Fault as refused:
        if refused.code != "request.conflict":
            raise
        flash(_("内容又有变化，请重新选定。"), "warn")
    return redirect(_address(inspection_id, code, item))


def _address(inspection_id: int, code: str, item: str) -> str:
    return url_for("filling.entry", inspection_id=inspection_id, code=code, item=item)
