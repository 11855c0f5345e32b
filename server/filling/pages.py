"""Plain pages on which a sheet is filled where the field app does not run: no script, one request
a step, each answer kept when the next page shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor
from domain.errors import Fault, message
from server.boundary import whole_number
from server.fieldsync import service as fieldsync
from server.filling import service
from server.filling.forms import (
    SubmitForm,
    asks_verdict,
    given_names,
    read_answer,
    sent_form,
    show_form,
)
from server.filling.reading import (
    EntryView,
    FillView,
    Seen,
    can_fill,
    find_item,
    list_own,
    make_page,
    parse_seen,
    view_entry,
    view_fill,
)
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service as inspections
from server.inspections.wording import (
    answer_text,
    judge_word,
    rule_word,
    severity_word,
    unmet_text,
    verdict_word,
)
from server.kit.forms import KitForm
from server.runtime import runtime, today

blueprint = Blueprint("filling", __name__, url_prefix="/fill")
Page = str | AnyResponse | tuple[str, int]
WORDS = {
    "verdict_word": verdict_word,
    "severity_word": severity_word,
    "unmet_text": unmet_text,
    "answer_text": answer_text,
    "judge_word": judge_word,
    "rule_word": rule_word,
}
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
    return _sheet_page(get_actor(), inspection_id, code)


@blueprint.post("/<int:inspection_id>/<code>/check-in")
@guarded(Action.SHEET_FILL)
def check_in(inspection_id: int, code: str) -> Page:
    """An officer is there."""
    officer = request.form.get("officer", 0, type=whole_number) or 0
    page = service.parse_page(request.form.get("page", ""))
    verdict = service.check_in(get_actor(), inspection_id, code, officer, page)
    _tell(verdict, _("已登记到场。"))
    return redirect(url_for("filling.sheet", inspection_id=inspection_id, code=code))


@blueprint.post("/<int:inspection_id>/<code>/submit")
@guarded(Action.SHEET_SUBMIT)
def submit(inspection_id: int, code: str) -> Page:
    """Hands it in; what is missing is told all at once."""
    actor, form = get_actor(), SubmitForm()
    page = service.parse_page(request.form.get("page", ""))
    if not form.validate():
        return _sheet_page(actor, inspection_id, code, form), 422
    day = form.ended_on.data
    assert day is not None, "the form requires it"
    if day > today():
        form.ended_on.errors = [_("检查结束日期不能晚于今天")]
        return _sheet_page(actor, inspection_id, code, form), 422
    try:
        verdict = service.submit(actor, inspection_id, code, day, page)
    except Fault as refused:
        if refused.code != "sheet.preconditions":
            raise
        return _sheet_page(actor, inspection_id, code, form, is_refused=True), refused.status
    _tell(verdict, _("已提交，等待组长审核。"))
    return redirect(url_for("filling.sheet", inspection_id=inspection_id, code=code))


@blueprint.get("/<int:inspection_id>/<code>/<item>")
@guarded(Action.SHEET_FILL)
def entry(inspection_id: int, code: str, item: str) -> Page:
    """One check entry."""
    shown = view_fill(get_actor(), inspection_id, code, today())
    view = view_entry(inspection_id, code, item)
    return _entry_page(shown, view, show_form(view.item, view.seen.fields), view.seen)


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
        return _again(actor, inspection_id, code, item, form, seen, page), 422
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
        return _again(actor, inspection_id, code, item, form, seen, page), refused.status
    status = verdict["status"] if verdict else ""
    if status in {"conflict", "invalid", "held"}:
        assert verdict is not None
        return _lost(actor, inspection_id, code, item, form, verdict)
    if verdict is None:
        flash(_("没有改动。"), "info")
    else:
        _tell(verdict, _("{item} 已保存，服务器已收到。", item=item))
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


def _sheet_page(
    actor: Actor,
    inspection_id: int,
    code: str,
    form: SubmitForm | None = None,
    *,
    is_refused: bool = False,
) -> str:
    chosen = form.ended_on.data if form is not None else None
    day = chosen if isinstance(chosen, date) else today()
    return render_template(
        "filling/sheet.html",
        shown=view_fill(actor, inspection_id, code, day),
        form=form or SubmitForm(formdata=None, ended_on=day),
        page=make_page(),
        is_refused=is_refused,
        **WORDS,
    )


def _entry_page(
    shown: FillView, view: EntryView, form: KitForm, seen: Seen, page: str = "", **more: object
) -> str:
    item = next(one for one in shown.view.items if one.item.code == view.item.code)
    if not shown.is_open and "is_conflict" not in more:
        seen = replace(seen, siblings=())  # a photo that comes later chooses nothing
    return render_template(
        "filling/entry.html",
        shown=shown,
        view=view,
        item=item,
        form=form,
        seen=seen.dump(),
        now_seen=view.seen.dump(),
        page=page or make_page(),
        given=given_names(view.item),
        asks_verdict=asks_verdict(view.item),
        labels=_labels(view),
        max_megabytes=runtime().config.max_photo_bytes // 1024 // 1024,
        **more,
        **WORDS,
    )


def _again(
    actor: Actor, inspection_id: int, code: str, item: str, form: KitForm, seen: Seen, page: str
) -> str:
    """The same page with what was typed, still over what it showed the first time."""
    shown = view_fill(actor, inspection_id, code, today())
    return _entry_page(shown, view_entry(inspection_id, code, item), form, seen, page)


def _lost(
    actor: Actor, inspection_id: int, code: str, item: str, form: KitForm, verdict: service.Verdict
) -> tuple[str, int]:
    """What was typed is on record beside what stands; the page shows both, over what stands now."""
    shown = view_fill(actor, inspection_id, code, today())
    view = view_entry(inspection_id, code, item)
    error = verdict.get("error")
    text = message(error["code"], current_locale(), error["details"]) if error else ""
    lost = {"is_photo_lost": True} if verdict.get("is_photo") else {"is_conflict": not error}
    page = _entry_page(
        shown, view, form, view.seen, make_page(), refused=error, refused_text=text, **lost
    )
    return page, 409 if verdict["status"] == "conflict" else 422


def _labels(view: EntryView) -> dict[str, str]:
    """The words of the form's fields, for the list of what has to be mended."""
    item = view.item
    pair = item.labels or (_("抽查数"), _("不符数"))
    number = _("数值（{unit}）", unit=item.unit) if item.unit else _("数值")
    return {
        "judge": _("判定"),
        "number": number,
        "checked": pair[0],
        "failed": pair[-1],
        "text": _("填写内容"),
        "day": _("日期"),
        "verdict": _("由检查人员判定"),
        "na": _("不适用"),
        "note": _("检查情况"),
        "photo": _("取证照片"),
        **{f"given{n}": name for n, name in enumerate(given_names(item))},
    }


def _tell(verdict: service.Verdict, done: str) -> None:
    """What became of an operation, said on the next page."""
    match verdict["status"]:
        case "rejected_locked":
            href = url_for("corrections.order", proposal_id=verdict["proposal"])
            text = _("结果表已录入并锁定：所填内容已完整保留，留作更正申请草稿。")
            link = Markup('<a href="{}">{}</a>').format(href, _("查看并提交更正申请"))
            flash(Markup("{} {}").format(text, link), "warn")
        case "forbidden":
            flash(_("您已不在该检查组：所填内容已完整保留，交由办公室处理。"), "warn")
        case "applied" | "merged":
            flash(done, "ok")
        case _:
            error = verdict.get("error") or {"code": "request.conflict", "details": {}}
            flash(message(error["code"], current_locale(), error["details"]), "error")
