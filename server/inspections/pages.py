"""HTML pages: the list of inspections, one inspection, review and entry."""

from __future__ import annotations

import json
from datetime import date
from typing import TypedDict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor
from domain.errors import Fault, message
from domain.results import RESULTS, firm_result
from server.accounts.service import list_departments
from server.boundary import whole_number
from server.draws import change_service as draw_changes
from server.draws.change_wording import CHANGE_WORDS
from server.fieldsync import service as fieldsync
from server.followup.panel import panel_of
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service
from server.inspections.forms import PlannedDayForm, ReturnForm, parse_day
from server.inspections.sheet_view import SheetView
from server.inspections.wording import result_word, severity_word, verdict_word
from server.organisation import service as organisation
from server.organisation.forms import AssistantForm, choices
from server.planning import service as planning
from server.publication import service as publication
from server.publication.wording import step_word
from server.registry.editing.wording import change_word
from server.results import service as results
from server.results.overview import map_judged
from server.runtime import today
from server.telling import service as telling
from server.telling.wording import way_word

blueprint = Blueprint("inspections", __name__)
Page = str | AnyResponse | tuple[str, int]

WORDS = {
    "verdict_word": verdict_word,
    "severity_word": severity_word,
    "result_word": result_word,
}


@blueprint.get("/inspections")
@guarded(Action.INSPECTION_READ)
def list_inspections() -> Page:
    """The visits in sight, filtered."""
    actor = get_actor()
    wanted = _wanted()
    page = service.list_inspections(
        actor, **wanted, page=request.args.get("page", 1, type=whole_number)
    )
    return render_template(
        "inspections/list.html",
        page=page,
        wanted=wanted,
        due=service.due_of_sheets(page.rows),
        tasks=[(one.id, f"{one.task_no} {one.name}") for one in planning.list_own_tasks(actor)],
        departments=[(one.code, one.name) for one in list_departments()],
        can_read_sheet=service.can_read_sheet,
        begun=fieldsync.list_begun_sheets(s.id for row in page.rows for s in row.sheets),
        versions=results.list_version_numbers(s.id for row in page.rows for s in row.sheets),
        shown=publication.list_shown_versions([s.id for row in page.rows for s in row.sheets]),
    )


@blueprint.get("/inspections/<int:inspection_id>")
@guarded(Action.INSPECTION_READ)
def inspection(inspection_id: int) -> Page:
    """One visit with the sheets this person may read."""
    return _inspection_page(get_actor(), inspection_id)


@blueprint.post("/inspections/<int:inspection_id>/plan")
@guarded(Action.INSPECTION_ASSIGN)
def plan(inspection_id: int) -> Page:
    """Moves the visit to another day."""
    actor = get_actor()
    form = PlannedDayForm()
    if not form.validate():
        return _inspection_page(actor, inspection_id, plan_form=form), 422
    day = form.planned_on.data
    assert day is not None, "the form requires it"
    try:
        service.set_planned_on(actor, inspection_id, day)
    except Fault as refused:
        return _inspection_page(
            actor, inspection_id, plan_form=form, refused=refused
        ), refused.status
    flash(_("计划检查日期已改为 {day}，已通知手机端。", day=day.isoformat()), "ok")
    for why in planning.visit_warnings(service.get_inspection(actor, inspection_id).task, day):
        flash(_("请核对检查日期：{why}", why=why), "warn")
    return redirect(url_for("inspections.inspection", inspection_id=inspection_id))


@blueprint.post("/inspections/<int:inspection_id>/<code>/accept")
@guarded(Action.SHEET_REVIEW)
def accept(inspection_id: int, code: str) -> Page:
    """The lead accepts what the team handed in."""
    actor = get_actor()
    try:
        service.accept_sheet(actor, inspection_id, code, request.form.get("seen_content"))
    except Fault as refused:
        return _inspection_page(actor, inspection_id, refused=refused), refused.status
    flash(_("已审核通过，可以录入。"), "ok")
    return redirect(url_for("inspections.inspection", inspection_id=inspection_id))


@blueprint.post("/inspections/<int:inspection_id>/<code>/return")
@guarded(Action.SHEET_REVIEW)
def send_back(inspection_id: int, code: str) -> Page:
    """The lead returns it with a reason."""
    actor = get_actor()
    form = ReturnForm(typed=request.form)
    if not form.validate():
        return _inspection_page(actor, inspection_id, return_forms={code: form}), 422
    try:
        service.return_sheet(actor, inspection_id, code, form.reason.data or "", form.comments)
    except Fault as refused:
        page = _inspection_page(actor, inspection_id, return_forms={code: form}, refused=refused)
        return page, refused.status
    flash(_("已退回，检查人员的手机会显示退回理由和各项意见。"), "ok")
    return redirect(url_for("inspections.inspection", inspection_id=inspection_id))


@blueprint.get("/inspections/<int:inspection_id>/<code>/enter")
@guarded(Action.SHEET_ENTER)
def entry(inspection_id: int, code: str) -> Page:
    """What will be entered, and what is still missing, all at once."""
    return _entry_page(get_actor(), inspection_id, code)


@blueprint.post("/inspections/<int:inspection_id>/<code>/enter")
@guarded(Action.SHEET_ENTER)
def enter(inspection_id: int, code: str) -> Page:
    """Enters and locks; a refusal lists everything unmet and keeps the choices."""
    actor = get_actor()
    chosen = _chosen_results()
    try:
        service.enter_sheet(
            actor, inspection_id, code, chosen, request.form.get("seen_content", "")
        )
    except Fault as refused:
        return _entry_page(actor, inspection_id, code, chosen, refused), refused.status
    flash(_("检查结果已录入并锁定，只能通过更正程序修改。"), "ok")
    return redirect(url_for("inspections.inspection", inspection_id=inspection_id))


@blueprint.post("/inspections/<int:inspection_id>/<code>/choose")
@guarded(Action.SHEET_CHOOSE)
def choose(inspection_id: int, code: str) -> Page:
    """Settles which of two officers' versions stands."""
    actor, form = get_actor(), request.form
    try:
        service.choose_version(
            actor, inspection_id, code, form.get("item", ""), form.get("choice", ""), _seen()
        )
    except Fault as refused:
        return _inspection_page(actor, inspection_id, refused=refused), refused.status
    flash(_("已选定，另一份内容在办理记录中保留。"), "ok")
    return redirect(url_for("inspections.inspection", inspection_id=inspection_id))


class Wanted(TypedDict):
    """What the list is narrowed to, from the address."""

    state: str
    task_id: int | None
    department: str
    officer: int | None
    day: date | None
    q: str


def _wanted() -> Wanted:
    state = request.args.get("state", "")
    return Wanted(
        state=state if state in service.SHEET_STATES else "",
        task_id=request.args.get("task", type=whole_number),
        department=request.args.get("department", ""),
        officer=request.args.get("officer", type=whole_number),
        day=parse_day(request.args.get("day", "")),
        q=request.args.get("q", ""),
    )


def _inspection_page(
    actor: Actor,
    inspection_id: int,
    plan_form: PlannedDayForm | None = None,
    return_forms: dict[str, ReturnForm] | None = None,
    refused: Fault | None = None,
) -> str:
    found = service.get_inspection(actor, inspection_id)
    readable = [s for s in found.sheets if service.can_read_sheet(actor, found, s)]
    views = [service.view_sheet(actor, found, sheet) for sheet in readable]
    forms = return_forms or {}
    return render_template(
        "inspections/inspection.html",
        inspection=found,
        sheets=views,
        firm_result=firm_result(
            view.version.result_code if view.version else None for view in views
        ),
        hidden=[sheet for sheet in found.sheets if sheet not in readable],
        shown=publication.list_shown_versions([sheet.id for sheet in found.sheets]),
        team=service.last_team(found),
        changes=draw_changes.list_of_inspection(found.id),
        may_replace=bool(draw_changes.list_replaceable(actor, found)),
        may_withdraw=draw_changes.can_withdraw(actor, found),
        **CHANGE_WORDS,
        **panel_of(actor, found, [sheet.id for sheet in readable]),
        due=service.due_of_sheets([found]),
        late=service.list_late_edits(actor, found, views),
        published=publication.list_of_inspection(actor, found),
        tellings=telling.list_of_inspection(actor, found),
        telling_way=way_word,
        step_word=step_word,
        version_lines=service.version_lines,
        number_correction=service.number_correction,
        plan_form=plan_form or PlannedDayForm(planned_on=found.planned_on),
        return_forms={s.code: forms.get(s.code) or ReturnForm(formdata=None) for s in readable},
        judged=map_judged(actor, {name for view in views for name in view.lists}, today().year),
        day_warnings=(
            planning.visit_warnings(found.task, found.planned_on) if found.planned_on else []
        ),
        can_plan=service.can_plan(actor, found),
        assistants=organisation.list_assistants([inspection_id]),
        assistant_form=_assistant_form(),
        offers={one.sheet.code: one for one in service.list_offers(actor, found)},
        sentence=_sentence,
        change_word=change_word,
        refused=refused,
        refused_text=_sentence(refused),
        **WORDS,
    )


def _entry_page(
    actor: Actor,
    inspection_id: int,
    code: str,
    chosen: dict[str, int] | None = None,
    refused: Fault | None = None,
) -> str:
    found = service.get_inspection(actor, inspection_id)
    sheet = service.get_sheet(found, code)
    service.require_entry(actor, found, sheet)
    view = service.view_sheet(actor, found, sheet)
    unmet = [
        message(one["code"], current_locale(), one["details"])
        for one in (refused.details.get("unmet", []) if refused else [])  # type: ignore[attr-defined]
    ]
    return render_template(
        "inspections/enter.html",
        inspection=found,
        view=view,
        chosen=chosen or _suggested(view),
        codes=[(number, result_word(number)) for number in RESULTS],
        judged=map_judged(actor, view.lists, today().year),
        refused=refused,
        refused_text=_sentence(refused),
        unmet=unmet or list(view.unmet),
        **WORDS,
    )


def _assistant_form() -> AssistantForm:
    form = AssistantForm(formdata=None)
    form.expert_id.choices = choices(
        (one.id, one.name) for one in organisation.list_available(today())
    )
    return form


def _suggested(view: SheetView) -> dict[str, int]:
    return {one.item.code: one.suggested for one in view.items if one.suggested is not None}


def _chosen_results() -> dict[str, int]:
    """``result-<item>`` of the form; what is not a number is left out and so reported unmet."""
    return {
        name.removeprefix("result-"): int(text)
        for name, text in request.form.items()
        if name.startswith("result-") and text.isdecimal() and len(text) < 4
    }


def _seen() -> service.Seen:
    """What the form says its page showed; what cannot be read was not shown."""
    try:
        told = json.loads(request.form.get("seen", ""))
        return service.Seen(dict(told["heads"]), list(told["siblings"]))
    except (ValueError, KeyError, TypeError):
        return service.Seen({}, [])


def _sentence(refused: Fault | None) -> str:
    """A refusal in the reader's language; empty for none."""
    if refused is None:
        return ""
    return message(refused.code, current_locale(), refused.details)
