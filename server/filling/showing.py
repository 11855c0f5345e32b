"""What the plain pages show: a sheet, an entry, what was typed and could not stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import flash, render_template, url_for
from markupsafe import Markup

from domain.access import Actor
from domain.check_items import CheckItem
from domain.errors import message
from server.filling import service
from server.filling.forms import SubmitForm, asks_verdict, given_names
from server.filling.reading import EntryView, FillView, Seen, make_page, view_entry, view_fill
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

WORDS = {
    "verdict_word": verdict_word,
    "severity_word": severity_word,
    "unmet_text": unmet_text,
    "answer_text": answer_text,
    "judge_word": judge_word,
    "rule_word": rule_word,
}


def show_sheet(
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


def wrong_end(actor: Actor, inspection_id: int, day: date) -> str:
    """Why the visit cannot have ended on that day, empty where it can. The page runs by the
    server's own clock: no allowance for another's."""
    if day > today():
        return _("检查结束日期不能晚于今天")
    first = inspections.find_assigned_on(inspections.get_inspection(actor, inspection_id).id)
    if first is not None and day < first:
        return _("检查结束日期不能早于任务下达日期（{day}）", day=first.isoformat())
    return ""


def show_entry(
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
        labels=field_labels(view.item),
        max_megabytes=runtime().config.max_photo_bytes // 1024 // 1024,
        **more,
        **WORDS,
    )


def show_again(
    actor: Actor, inspection_id: int, code: str, item: str, form: KitForm, seen: Seen, page: str
) -> str:
    """The same page with what was typed, still over what it showed the first time."""
    shown = view_fill(actor, inspection_id, code, today())
    return show_entry(shown, view_entry(inspection_id, code, item), form, seen, page)


def show_lost(
    actor: Actor, inspection_id: int, code: str, item: str, form: KitForm, verdict: service.Verdict
) -> tuple[str, int]:
    """What was typed is on record beside what stands; the page shows both, over what stands now."""
    shown = view_fill(actor, inspection_id, code, today())
    view = view_entry(inspection_id, code, item)
    error = verdict.get("error")
    text = message(error["code"], current_locale(), error["details"]) if error else ""
    lost = {"is_photo_lost": True} if verdict.get("is_photo") else {"is_conflict": not error}
    page = show_entry(
        shown, view, form, view.seen, make_page(), refused=error, refused_text=text, **lost
    )
    return page, 409 if verdict["status"] == "conflict" else 422


def field_labels(item: CheckItem) -> dict[str, str]:
    """The words of the form's fields, for the list of what has to be mended."""
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


def tell_verdict(verdict: service.Verdict, done: str) -> None:
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
