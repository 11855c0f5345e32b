"""HTML pages: whom the county still has to tell, one department's result on its way to its firm."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, may
from domain.errors import Fault, fault, message
from domain.telling import ANNOUNCED_AFTER_DAYS, CODE_LIFE, MAX_TRIES, TellingState
from server.accounts.directory import list_person_names
from server.accounts.service import list_departments
from server.boundary import whole_number
from server.documents.page import WayBack, render_page, render_pages
from server.documents.service import has_pango, typeset_pdf
from server.documents.word_file import write_word
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service as inspections
from server.inspections.wording import result_word
from server.runtime import runtime, site_url, today
from server.shell.pages import kit_file
from server.telling import service
from server.telling.export import build_file
from server.telling.forms import AnswerForm, DeliveryForm, ReasonForm
from server.telling.models import ResultNotice
from server.telling.notice import build_document
from server.telling.reading import find_delivery, find_link, standing, told_on, within_days
from server.telling.wording import act_word, telling_word, way_word

blueprint = Blueprint("telling", __name__, url_prefix="/telling")
Page = str | AnyResponse | tuple[str, int]
FORM_BYTES = 256 * 1024  # of everything beside the file
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORDS = {
    "act_word": act_word,
    "telling_word": telling_word,
    "way_word": way_word,
    "result_word": result_word,
}


@blueprint.url_value_preprocessor
def let_a_proof_in(endpoint: str | None, _values: object) -> None:
    """Only for somebody with a session: the cookie is signed, what it opens is checked later."""
    if endpoint == f"{blueprint.name}.deliver" and cookie.get("token"):
        request.max_content_length = runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.get("")
@guarded(Action.TELLING_READ)
def list_all() -> Page:
    """Which firms were told, which not, and what came back."""
    actor, wanted = get_actor(), _wanted()
    if (form := request.args.get("format", "")) in ("xlsx", "csv"):
        return build_file(actor, wanted, form)
    return render_template(
        "telling/list.html",
        page=service.list_tellings(actor, wanted, request.args.get("page", 1, type=whole_number)),
        counts=service.count_tellings(actor),
        wanted=wanted,
        states=[(one, telling_word(one)) for one in service.STATES],
        departments=[(one.code, one.name) for one in list_departments()],
        term=within_days(actor.jurisdiction_id),
        **WORDS,
    )


@blueprint.get("/<int:inspection_id>/<code>")
@guarded(Action.TELLING_READ)
def sheet(inspection_id: int, code: str) -> Page:
    """One department's result: notices, deliveries, link, what the firm said."""
    return _page(inspection_id, code)


@blueprint.post("/<int:inspection_id>/<code>/make")
@guarded(Action.TELLING_RECORD)
def make(inspection_id: int, code: str) -> Page:
    """制作告知书."""
    version = request.form.get("version", 0, type=whole_number)
    return _do(
        inspection_id,
        code,
        lambda: service.make_notice(get_actor(), inspection_id, code, version),
        _("告知书已制作，可以打印送达。"),
    )


@blueprint.get("/<int:inspection_id>/<code>/notices/<int:notice_id>.<form>")
@guarded(Action.TELLING_READ)
def notice_file(inspection_id: int, code: str, notice_id: int, form: str) -> Page:
    """The notice as a page to print, PDF or Word file."""
    found = service.get_notice(get_actor(), inspection_id, code, notice_id)
    try:
        back = url_for("telling.sheet", inspection_id=inspection_id, code=code)
        return send_notice(
            found, form, WayBack(back, _("返回"), _("用浏览器的打印功能打印，纸张选 A4。"))
        )
    except Fault as refused:
        if not refused.code.startswith("document."):
            raise
        return _page(inspection_id, code, refused), refused.status


@blueprint.post("/<int:inspection_id>/<code>/notices/<int:notice_id>/deliver")
@guarded(Action.TELLING_RECORD)
def deliver(inspection_id: int, code: str, notice_id: int) -> Page:
    """登记送达."""
    actor, form = get_actor(), DeliveryForm()
    found = service.get_notice(actor, inspection_id, code, notice_id)
    if not form.read(found):
        return _page(inspection_id, code, delivery_form=form), 422
    return _do(
        inspection_id,
        code,
        lambda: service.record_delivery(
            actor,
            inspection_id,
            code,
            notice_id,
            form.delivery,
            form.file,
            form.reason.data or "",
            form.drawn,
        ),
        _("送达情况已登记。"),
        form,
    )


@blueprint.post("/<int:inspection_id>/<code>/notices/<int:notice_id>/void")
@guarded(Action.TELLING_RECORD)
def void(inspection_id: int, code: str, notice_id: int) -> Page:
    """作废送达登记."""
    form = ReasonForm()
    if not form.validate():
        return _page(inspection_id, code, void_form=form), 422
    return _do(
        inspection_id,
        code,
        lambda: service.void_delivery(
            get_actor(), inspection_id, code, notice_id, form.reason.data or ""
        ),
        _("送达登记已作废，原登记保留。"),
    )


@blueprint.post("/<int:inspection_id>/<code>/code")
@guarded(Action.TELLING_RECORD)
def issue(inspection_id: int, code: str) -> Page:
    """A new one-time code, shown this once."""
    try:
        digits = service.issue_code(get_actor(), inspection_id, code)
    except Fault as refused:
        return _page(inspection_id, code, refused), refused.status
    return _page(inspection_id, code, new_code=f"{digits[:4]} {digits[4:]}")


@blueprint.post("/<int:inspection_id>/<code>/revoke")
@guarded(Action.TELLING_RECORD)
def revoke(inspection_id: int, code: str) -> Page:
    """停用链接."""
    form = ReasonForm()
    if not form.validate():
        return _page(inspection_id, code, revoke_form=form), 422
    return _do(
        inspection_id,
        code,
        lambda: service.revoke_link(get_actor(), inspection_id, code, form.reason.data or ""),
        _("企业链接已停用；重新制作告知书后启用新的链接。"),
    )


@blueprint.post("/<int:inspection_id>/<code>/acts/<int:act_id>")
@guarded(Action.TELLING_RECORD)
def answer(inspection_id: int, code: str, act_id: int) -> Page:
    """答复陈述申辩, 核收改正证明."""
    form = AnswerForm()
    is_accepted = "accept" in request.form
    try:
        if not form.validate():
            raise fault("reason.too_long", limit=500)
        service.answer_act(
            get_actor(), inspection_id, code, act_id, is_accepted, form.text.data or ""
        )
    except Fault as refused:
        kept = {act_id: form.text.data or ""}
        return _page(inspection_id, code, refused, kept_answers=kept), refused.status
    flash(_("已登记，企业打开链接即可看到。"), "ok")
    return redirect(url_for("telling.sheet", inspection_id=inspection_id, code=code) + "#acts")


@blueprint.get("/<int:inspection_id>/<code>/files/<kind>/<int:row_id>")
@guarded(Action.TELLING_READ)
def file(inspection_id: int, code: str, kind: str, row_id: int) -> Response:
    """A proof, or what the firm sent; to be kept, not to be run: it came from outside."""
    mime, path = service.get_file(get_actor(), inspection_id, code, kind, row_id)
    endings = {"application/pdf": "pdf", "image/png": "png", "image/webp": "webp"}
    ending = "heic" if mime == "image/heic" else endings.get(mime, "jpg")
    sent = send_file(
        str(path), mimetype=mime, as_attachment=True, download_name=f"{kind}-{row_id}.{ending}"
    )
    sent.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return sent


def send_notice(found: ResultNotice, form: str, back: WayBack | None) -> Page:
    """Raises ``document.not_found`` for an unknown form, and as ``typeset_pdf`` does."""
    link = find_link(found.inspection_id)
    url = f"{site_url()}/firm/{link.token}" if link else ""
    document = build_document(found.facts, url, find_delivery(found))
    if form == "html":
        return render_page(document, kit_file("document.css"), back)
    if form == "pdf":
        body, kind = typeset_pdf(render_pages(document)), "application/pdf"
    elif form == "docx":
        body, kind = write_word(document), WORD
    else:
        raise fault("document.not_found")
    name = f"{document.name}.{form}"
    return send_file(io.BytesIO(body), mimetype=kind, as_attachment=True, download_name=name)


def _wanted() -> service.Wanted:
    state = request.args.get("state", "")
    return service.Wanted(
        state=state if state in service.STATES else "",
        department=request.args.get("department", ""),
        q=request.args.get("q", ""),
    )


def _do(
    inspection_id: int,
    code: str,
    deed: Callable[[], object],
    done: str,
    form: DeliveryForm | None = None,
) -> Page:
    """A refusal stands at its field or on top; what was typed stays."""
    try:
        deed()
    except Fault as refused:
        told = None if form is not None and form.blame(refused) else refused
        return _page(inspection_id, code, told, delivery_form=form), refused.status
    flash(done, "ok")
    return redirect(url_for("telling.sheet", inspection_id=inspection_id, code=code))


def _page(
    inspection_id: int,
    code: str,
    refused: Fault | None = None,
    *,
    delivery_form: DeliveryForm | None = None,
    void_form: ReasonForm | None = None,
    revoke_form: ReasonForm | None = None,
    new_code: str = "",
    kept_answers: dict[int, str] | None = None,
) -> str:
    actor = get_actor()
    if delivery_form is not None:
        delivery_form.hold()
    view = service.view_telling(actor, inspection_id, code)
    people = {one.made_by for one in view.notices}
    people |= {one.recorded_by for one in view.deliveries if one.recorded_by}
    people |= {one.answer.person_id for one in view.acts if one.answer}
    target = inspections.target_of(view.inspection, view.sheet)
    return render_template(
        "telling/sheet.html",
        view=view,
        states=TellingState,
        standing={one.id for one in standing(view.deliveries)},
        told_on=told_on,
        term=within_days(actor.jurisdiction_id),
        link_url=f"{site_url()}/firm/{view.link.token}" if view.link else "",
        is_code_alive=service.is_code_alive(view.code),
        new_code=new_code,
        code_days=CODE_LIFE.days,
        max_tries=MAX_TRIES,
        announced_days=ANNOUNCED_AFTER_DAYS,
        can_take=may(actor, Action.FOLLOW_UP_DECIDE, target),
        names=list_person_names(people),
        delivery_form=delivery_form or DeliveryForm(formdata=None, delivered_on=today()),
        void_form=void_form or ReasonForm(formdata=None),
        revoke_form=revoke_form or ReasonForm(formdata=None),
        kept_answers=kept_answers or {},
        has_pango=has_pango(),
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
        **WORDS,
    )
