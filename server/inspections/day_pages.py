"""HTML pages of the lead's day: the day itself, its findings, accepting and returning from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.day import Stage
from domain.errors import Fault, message
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service
from server.inspections.day_wording import hindrance_word, stage_word
from server.inspections.forms import ReturnForm, parse_day
from server.inspections.wording import result_word, severity_word, verdict_word
from server.registry.paging import Page as ListPage
from server.results.overview import Judged, map_judged
from server.runtime import today

blueprint = Blueprint("day", __name__, url_prefix="/day")
Page = str | AnyResponse | tuple[str, int]

WORDS = {
    "verdict_word": verdict_word,
    "severity_word": severity_word,
    "result_word": result_word,
    "stage_word": stage_word,
    "hindrance_word": hindrance_word,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a day, a stage (None: all), a page of it."""

    day: date
    stage: Stage | None
    page: int

    def address(self, **changes: Any) -> str:
        """The day's page, as asked for but for these changes."""
        wanted = {"day": self.day.isoformat(), "show": self.stage or "", "page": self.page}
        wanted |= changes
        told = [f"{name}={value}" for name, value in wanted.items() if value and value != 1]
        return "/day?" + "&".join(told)

    @property
    def query(self) -> str:
        """For the address a form of the page is sent to."""
        return self.address().partition("?")[2]


@blueprint.get("")
@guarded(Action.DAY_READ)
def day() -> Page:
    """The lead's day."""
    return _day_page(_asked())


@blueprint.get("/findings")
@guarded(Action.DAY_READ)
def findings() -> Page:
    """What failed on that day, by severity and entry, with its pictures side by side."""
    asked = _asked()
    view = service.view_day(get_actor(), asked.day)
    return render_template(
        "inspections/day_findings.html",
        view=view,
        groups=service.group_findings(view),
        judged=_judged(view.sheets),
        today=today(),
        **WORDS,
    )


@blueprint.post("/accept")
@guarded(Action.SHEET_REVIEW)
def accept_clean() -> Page:
    """Accepts the ticked sheets, each as the form says it was shown."""
    asked = _asked()
    shown = [one for text in request.form.getlist("sheet") if (one := _shown(text)) is not None]
    if not shown:
        flash(_("没有勾选结果表，未作审核。"), "warn")
        return redirect(asked.address())
    accepted, left = service.accept_clean(get_actor(), shown)
    if accepted:
        flash(_("已审核通过 {n} 张结果表。", n=accepted), "ok")
    for stayed in left:
        firm, number = stayed.inspection.firm.name, stayed.inspection.number
        why = _why(stayed)
        flash(_("未通过：{firm}（{number}），{why}。", firm=firm, number=number, why=why), "warn")
    return redirect(asked.address())


@blueprint.post("/<int:inspection_id>/<code>/accept")
@guarded(Action.SHEET_REVIEW)
def accept(inspection_id: int, code: str) -> Page:
    """Accepts one sheet and stays on the day."""
    asked = _asked()
    try:
        service.accept_sheet(get_actor(), inspection_id, code, request.form.get("seen_content"))
    except Fault as refused:
        return _day_page(asked, refused=refused), refused.status
    flash(_("已审核通过，可以录入。"), "ok")
    return redirect(f"{asked.address()}#visit-{inspection_id}")


@blueprint.post("/<int:inspection_id>/<code>/return")
@guarded(Action.SHEET_REVIEW)
def send_back(inspection_id: int, code: str) -> Page:
    """Returns one sheet and stays on the day; refused, everything typed is there again."""
    asked, form = _asked(), ReturnForm(typed=request.form)
    key = f"{inspection_id}/{code}"
    if not form.validate():
        return _day_page(asked, forms={key: form}), 422
    try:
        service.return_sheet(
            get_actor(), inspection_id, code, form.reason.data or "", form.comments
        )
    except Fault as refused:
        return _day_page(asked, forms={key: form}, refused=refused), refused.status
    flash(_("已退回，检查人员的手机会显示退回理由和各项意见。"), "ok")
    return redirect(f"{asked.address()}#visit-{inspection_id}")


def _day_page(
    asked: Asked, forms: dict[str, ReturnForm] | None = None, refused: Fault | None = None
) -> str:
    """With ``forms`` of refused returns, the visit they are about is on the page wherever the
    reader was."""
    view = service.view_day(get_actor(), asked.day)
    kept = {key: form for key, form in (forms or {}).items() if key in view.keys}
    matching = view.at_stage(asked.stage)
    page = _page_of(matching, asked.page)
    strays = [v for v in view.visits if v not in page.rows and any(s.key in kept for s in v.sheets)]
    page.rows[:0] = strays
    return render_template(
        "inspections/day.html",
        view=view,
        page=page,
        asked=asked,
        today=today(),
        due=service.due_of_sheets([visit.inspection for visit in page.rows]),
        choices=service.list_open_choices(get_actor()),
        judged=_judged(one for visit in page.rows for one in visit.sheets),
        return_forms={
            one.key: kept.get(one.key) or ReturnForm(formdata=None)
            for visit in page.rows
            for one in visit.sheets
        },
        refused=refused,
        refused_text=(message(refused.code, current_locale(), refused.details) if refused else ""),
        **WORDS,
    )


def _judged(sheets: Iterable[service.SheetOfDay]) -> dict[tuple[str, str], Judged]:
    """How the entries that failed there were judged elsewhere this year (R070)."""
    lists = {one["list"] for of in sheets if of.facts.findings for one in of.sheet.lists}
    return map_judged(get_actor(), lists, today().year)


def _page_of(visits: list[service.DayVisit], number: int) -> ListPage[service.DayVisit]:
    size = service.VISITS_PER_PAGE
    number = min(max(1, number), max(1, -(-len(visits) // size)))
    rows = visits[(number - 1) * size : number * size]
    return ListPage(rows=rows, number=number, total=len(visits), size=size)


def _asked() -> Asked:
    show = request.args.get("show", "")
    return Asked(
        day=parse_day(request.args.get("day", "")) or today(),
        stage=Stage(show) if show in {one.value for one in Stage} else None,
        page=request.args.get("page", 1, type=whole_number) or 1,
    )


def _shown(text: str) -> service.Shown | None:
    """``<visit>/<sheet>/<digest>``; what cannot be read was not shown."""
    visit, _slash, rest = text.partition("/")
    code, _slash, digest = rest.partition("/")
    try:
        number = whole_number(visit)
    except ValueError:
        return None
    return service.Shown(number, code, digest) if code and digest else None


def _why(left: service.Left) -> str:
    if left.fault is not None:
        told = message(left.fault.code, current_locale(), left.fault.details)
        return told.rstrip("。.")
    if left.has_changed:
        return _("页面打开之后内容有变化")
    return _("；").join(hindrance_word(one) for one in left.hindrances)
