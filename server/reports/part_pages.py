"""HTML pages: the parts of a joint task's summary table, from the departments that take part to the
one that leads (R101)."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, TextAreaField

from domain.access import Action, Target, may
from domain.errors import Fault, message
from domain.reports.frozen import build_form
from server.accounts.directory import get_department, list_person_names
from server.exchange.service import XLSX_TYPE
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import Required
from server.kit.forms import KitForm, ReasonLength
from server.reports import joining, parts, wording
from server.reports.making_summary import MAX_REMARK
from server.reports.part_standing import (
    PartLine,
    Standing,
    content_of,
    may_read,
    read_standing,
    texts_of,
)
from server.reports.workbook import write_workbook

blueprint = Blueprint("summary_parts", __name__, url_prefix="/tasks/<int:task_id>/summary")
Page = str | AnyResponse | tuple[str, int]


class PartForm(KitForm):
    """What is handed over is what was seen."""

    remark = TextAreaField(validators=[ReasonLength(parts.MAX_REASON)])
    seen = HiddenField()


class JoinForm(KitForm):
    """备注 of the whole table."""

    remark = TextAreaField(validators=[ReasonLength(MAX_REMARK)])


class ReturnForm(KitForm):
    """Why a part goes back."""

    reason = TextAreaField(validators=[Required(), ReasonLength(parts.MAX_REASON)])


@blueprint.get("")
@guarded(Action.SUMMARY_READ)
def show(task_id: int) -> Page:
    """Which parts came and which are missing: to the one that leads all, to others their own."""
    return _page(task_id)


@blueprint.post("")
@guarded(Action.SUMMARY_HAND_OVER)
def hand_over(task_id: int) -> Page:
    """The own department's part, as the page showed it."""
    form = PartForm()
    if not form.validate():
        return _page(task_id, part_form=form), 422
    try:
        made = parts.hand_over(
            get_actor(), task_id, form.seen.data or "", " ".join((form.remark.data or "").split())
        )
    except Fault as refused:
        return _page(task_id, refused, part_form=form), refused.status
    flash(_("已报送第 {n} 版，牵头单位可以看到。", n=made.number), "ok")
    return redirect(url_for("summary_parts.show", task_id=task_id))


@blueprint.post("/join")
@guarded(Action.SUMMARY_JOIN)
def join(task_id: int) -> Page:
    """All that came, in one table."""
    form = JoinForm()
    if not form.validate():
        return _page(task_id, join_form=form), 422
    try:
        made = joining.join_parts(get_actor(), task_id, " ".join((form.remark.data or "").split()))
    except Fault as refused:
        return _page(task_id, refused, join_form=form), refused.status
    flash(_("已汇总并存档，以后不会改变。"), "ok")
    if may(get_actor(), Action.REPORT_READ, None):
        return redirect(url_for("reports.report", report_id=made.id))
    return redirect(url_for("summary_parts.show", task_id=task_id))


@blueprint.post("/ask/<int:department_id>")
@guarded(Action.SUMMARY_JOIN)
def ask(task_id: int, department_id: int) -> Page:
    """Of whom the part is missing, in the inbox."""
    told = parts.ask_for_part(get_actor(), task_id, department_id)
    name = get_department(department_id).name
    flash(_("已提醒{name}。", name=name) if told else _("今天已经提醒过{name}。", name=name), "ok")
    return redirect(url_for("summary_parts.show", task_id=task_id))


@blueprint.get("/<int:part_id>")
@guarded(Action.SUMMARY_READ)
def part(task_id: int, part_id: int) -> Page:
    """One version as it was handed over, beside the numbers of now."""
    return _part_page(task_id, part_id)


@blueprint.get("/<int:part_id>.xlsx")
@guarded(Action.SUMMARY_READ)
def part_file(task_id: int, part_id: int) -> Page:
    """As the form is printed."""
    found = parts.get_part(get_actor(), task_id, part_id)
    return _workbook(content_of(found), f"summary-{task_id}-{found.number}.xlsx")


@blueprint.get("/joined/<int:report_id>.xlsx")
@guarded(Action.SUMMARY_READ)
def joined_file(task_id: int, report_id: int) -> Page:
    """The whole table, to the department that joined it."""
    content = joining.get_joined(get_actor(), task_id, report_id)
    return _workbook(content, f"summary-{task_id}-joined-{report_id}.xlsx")


@blueprint.post("/<int:part_id>/return")
@guarded(Action.SUMMARY_JOIN)
def give_back(task_id: int, part_id: int) -> Page:
    """With a reason."""
    form = ReturnForm()
    if not form.validate():
        return _part_page(task_id, part_id, form=form), 422
    try:
        parts.return_part(get_actor(), task_id, part_id, form.reason.data or "")
    except Fault as refused:
        if refused.status == 404:
            raise
        return _part_page(task_id, part_id, refused, form), refused.status
    flash(_("已退回，并提醒该部门重新报送。"), "ok")
    return redirect(url_for("summary_parts.show", task_id=task_id))


def _page(
    task_id: int,
    refused: Fault | None = None,
    part_form: PartForm | None = None,
    join_form: JoinForm | None = None,
) -> str:
    actor = get_actor()
    found = read_standing(actor, task_id)
    lead = found.lead.id if found.lead else 0
    lines = [one for one in found.lines if may_read(actor, one.department.id, lead)]
    mine = next((one for one in lines if one.department.id == actor.department_id), None)
    form = part_form or PartForm(formdata=None)
    if mine is not None:
        form.seen.data = parts.seen_of(mine.parts)
    own = Target(actor.jurisdiction_id, actor.department_id)
    joined = joining.list_joined(actor, task_id) if found.lead else []
    who = {one.newest.handed_by for one in lines if one.newest} | {one.made_by for one in joined}
    return render_template(
        "reports/parts.html",
        found=found,
        lines=lines,
        mine=mine,
        can_hand_over=may(actor, Action.SUMMARY_HAND_OVER, own) and _is_new(mine),
        can_join=_can_join(found),
        joined=joined,
        can_open=may(actor, Action.REPORT_READ, None),
        people=list_person_names(who),
        part_form=form,
        join_form=join_form or JoinForm(formdata=None),
        **_said(refused),
    )


def _part_page(
    task_id: int, part_id: int, refused: Fault | None = None, form: ReturnForm | None = None
) -> str:
    actor = get_actor()
    found = parts.get_part(actor, task_id, part_id)
    standing = read_standing(actor, task_id)
    line = next((one for one in standing.lines if one.department.id == found.department_id), None)
    who = {found.handed_by} | ({found.returned.returned_by} if found.returned else set())
    return render_template(
        "reports/part.html",
        task=standing.task,
        part=found,
        content=content_of(found),
        then=texts_of(found),
        now=line.now if line else {},
        versions=line.versions if line else [found],
        people=list_person_names(who),
        can_return=_can_join(standing)
        and found.returned is None
        and line is not None
        and line.newest == found,
        form=form or ReturnForm(formdata=None),
        **_said(refused),
    )


def _is_new(mine: PartLine | None) -> bool:
    """Whether a handing over would say anything."""
    return mine is not None and mine.ended > 0 and (mine.stands is None or bool(mine.differences))


def _can_join(found: Standing) -> bool:
    if found.lead is None:
        return False
    actor = get_actor()
    return may(actor, Action.SUMMARY_JOIN, Target(actor.jurisdiction_id, found.lead.id))


def _said(refused: Fault | None) -> dict[str, Any]:
    text = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "refused_text": text, "words": wording}


def _workbook(content: dict[str, Any], name: str) -> Page:
    body = write_workbook(build_form(content), None)
    return send_file(io.BytesIO(body), mimetype=XLSX_TYPE, as_attachment=True, download_name=name)
