"""HTML pages: the working-day calendar by month, and the notices it is made of (R074–R076)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor, may
from domain.calendar_notices import FIRST_YEAR, LAST_YEAR
from domain.deadlines import parse_date
from domain.errors import Fault, message
from domain.notice_text import ReadNotice
from server.accounts.directory import list_person_names
from server.boundary import whole_number
from server.deadlines import notices
from server.deadlines.board import Board
from server.deadlines.calendar import map_year_sources
from server.deadlines.day_wording import kind_word, source_word, weekday_words
from server.deadlines.forms import NoticeForm
from server.deadlines.month import (
    build_month,
    count_working_days,
    last_day_of,
    list_phases,
    parse_month,
)
from server.deadlines.parts.wanted import Wanted
from server.deadlines.recounting import list_stored_moves
from server.deadlines.service import BoardRow
from server.deadlines.showing import page_calendar
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.ended import map_visits
from server.planning.service import list_plans
from server.registry.paging import Page as PageOf
from server.registry.paging import page_in
from server.runtime import today

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")
Page = str | AnyResponse | tuple[str, int]
MOVES_PER_PAGE = 100
YEARS_BACK = 2  # a paused term, counted from the task's end, is over by then


@blueprint.get("")
@guarded(Action.CALENDAR_READ)
def month() -> Page:
    """One month: days off, make-up days, and for those who watch the terms, what falls due."""
    actor, calendar = get_actor(), page_calendar()
    chosen = _day(request.args.get("day", ""))
    first = parse_month(request.args.get("month", "")) or (chosen or today()).replace(day=1)
    counts: Mapping[tuple[date, bool], int] = {}
    page: PageOf[BoardRow] | None = None
    if may(actor, Action.BOARD_READ, None):
        since = first.replace(year=first.year - YEARS_BACK)
        counts = Board(actor, Wanted(), since).count_days(first, last_day_of(first))
        if chosen:
            number = request.args.get("page", 1, type=whole_number) or 1
            page = Board(actor, Wanted(due=chosen, with_met=True), since).view(number).page
    return render_template(
        "deadlines/calendar.html",
        view=build_month(first, calendar, today(), counts),
        phases=list_phases(list_plans(actor), first, calendar),
        chosen=chosen,
        page=page,
        weekdays=weekday_words(),
        kind_word=kind_word,
        sources=map_year_sources(),
        source_word=source_word,
        working_days=count_working_days(first.year, calendar),
    )


@blueprint.get("/notices")
@guarded(Action.CALENDAR_READ)
def list_notices() -> Page:
    """Every notice that was imported, and the years that have one."""
    return _list_page(NoticeForm(formdata=None))


@blueprint.post("/notices/preview")
@guarded(Action.CALENDAR_IMPORT)
def preview() -> Page:
    """What the notice would change; nothing is stored."""
    form = NoticeForm()
    if not form.validate():
        return _list_page(form), 422
    try:
        return _preview_page(get_actor(), form, form.read())
    except Fault as refused:
        form.blame(refused)
        return _list_page(form), refused.status


@blueprint.post("/notices")
@guarded(Action.CALENDAR_IMPORT)
def import_() -> Page:
    """The notice counts from here on; due dates follow."""
    actor, form = get_actor(), NoticeForm()
    days = form.read_again()
    again = ReadNotice(0, "", tuple(days), ())
    if not form.validate():
        return _preview_page(actor, form, again), 422
    try:
        made = notices.import_notice(
            actor, days, form.document.data or "", form.source.data or "", form.mark.data or "-"
        )
    except Fault as refused:
        if refused.code == "calendar.changed_meanwhile":
            return _preview_page(actor, form, again, refused), refused.status
        form.blame(refused)
        return _preview_page(actor, form, again), refused.status
    flash(_("已导入《{document}》，各检查的录入期限已按新日历计算。", document=made.document), "ok")
    return redirect(url_for("calendar.notice", notice_id=made.id))


@blueprint.get("/notices/<int:notice_id>")
@guarded(Action.CALENDAR_READ)
def notice(notice_id: int) -> Page:
    """One notice: its days old and new, and what it moved."""
    actor, found = get_actor(), notices.get_notice(notice_id)
    moves = list_stored_moves(notice_id) if may(actor, Action.BOARD_READ, None) else []
    page = page_in(moves, request.args.get("page", 1, type=whole_number) or 1, MOVES_PER_PAGE)
    return render_template(
        "deadlines/notice.html",
        notice=found,
        changes=notices.read_changes(found),
        page=page,
        moved=sum(one.old_on != one.new_on for one in moves),
        kept=notices.count_kept(notice_id),
        visits=map_visits({one.inspection_id for one in page.rows}),
        who=_names([found]).get(found.person_id or 0, ""),
        kind_word=kind_word,
        weekdays=weekday_words(),
    )


def _list_page(form: NoticeForm) -> str:
    found = notices.list_notices()
    return render_template(
        "deadlines/notices.html",
        notices=found,
        names=_names(found),
        sources=map_year_sources(),
        source_word=source_word,
        form=form,
        next_year=today().year + 1,
    )


def _preview_page(
    actor: Actor, form: NoticeForm, told: ReadNotice, refused: Fault | None = None
) -> str:
    seen = notices.preview_notice(actor, told.days)
    if told.year:
        form.keep(told)
    form.mark.data = seen.mark
    return render_template(
        "deadlines/notice_preview.html",
        form=form,
        told=told,
        seen=seen,
        refused=refused,
        reason=message(refused.code, current_locale(), refused.details) if refused else "",
        kind_word=kind_word,
        weekdays=weekday_words(),
    )


def _names(found: list[notices.CalendarNotice]) -> dict[int, str]:
    return list_person_names({one.person_id for one in found if one.person_id is not None})


def _day(text: str) -> date | None:
    """None also for a day of no month the calendar shows."""
    try:
        day = parse_date(text)
    except Fault:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
