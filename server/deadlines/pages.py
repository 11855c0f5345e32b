"""HTML pages: the deadline board as list, groups, pictures, wall screen and paper; reminding."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, may_ever
from domain.board import FILTERS
from domain.county_settings import read_setting
from server.accounts.service import get_jurisdiction, list_departments
from server.boundary import whole_number
from server.deadlines import service
from server.deadlines.board import PER_PAGE, Board, totals
from server.deadlines.month import month_beside, parse_month
from server.deadlines.parts.grouping import BY
from server.deadlines.parts.wanted import STEPS, Wanted
from server.deadlines.reminding import remind_of
from server.deadlines.stuck import explain
from server.deadlines.wording import by_word, filter_words, head_word, step_words
from server.guard import get_actor, guarded
from server.i18n import translate as _
from server.kept_forms import own_path
from server.registry.paging import page_in
from server.runtime import now, today

blueprint = Blueprint("deadlines", __name__, url_prefix="/board")
ON_SCREEN, ON_PAPER = 8, 10
REFRESH_SECONDS = 120


@blueprint.get("")
@guarded(Action.BOARD_READ)
def board() -> str:
    """期限看板: who must enter what by when and where it is stuck, the most urgent first."""
    service.catch_up(get_actor().jurisdiction_id)
    wanted = _wanted()
    page = request.args.get("page", 1, type=whole_number) or 1
    found = Board(get_actor(), wanted)
    view = found.view(page)
    return render_template(
        "deadlines/board.html",
        view=view,
        stuck=explain(get_actor(), view.page.rows),
        chosen=_chosen(found),
        is_task_end=found.is_task_end,
        departments=[(one.code, one.name) for one in list_departments()],
        term=service.term_of(get_actor()),
        **_words(wanted),
    )


@blueprint.get("/groups")
@guarded(Action.BOARD_READ)
def groups() -> str:
    """Unmet parts by officer, team, department or task; each number leads to its list."""
    wanted, by = _wanted(), request.args.get("by", "")
    by = by if by in BY else BY[0]
    lines = Board(get_actor(), wanted).list_lines(by)
    page = request.args.get("page", 1, type=whole_number) or 1
    return render_template(
        "deadlines/groups.html",
        by=by,
        head=head_word(by),
        page=page_in(lines, page, PER_PAGE),
        foot=totals(lines),
        codes={one.id: one.code for one in list_departments()},
        **_words(wanted),
    )


@blueprint.get("/pictures")
@guarded(Action.BOARD_READ)
def pictures() -> str:
    """The month's due dates and the burn-down."""
    wanted = _wanted()
    month = parse_month(request.args.get("month", "")) or today().replace(day=1)
    return render_template(
        "deadlines/pictures.html",
        pictures=Board(get_actor(), wanted).draw(month),
        departments=[(one.code, one.name) for one in list_departments()],
        month=month,
        before=month_beside(month, -1),
        after=month_beside(month, 1),
        **_words(wanted),
    )


@blueprint.get("/screen")
@guarded(Action.BOARD_READ)
def screen() -> str:
    """On the wall: large, by itself, anew every two minutes."""
    actor = get_actor()
    found = Board(actor, Wanted(state="unmet"))
    view = found.view(1, ON_SCREEN)
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    return render_template(
        "deadlines/screen.html",
        view=view,
        lines=found.list_lines("department"),
        stuck=explain(actor, view.page.rows),
        names_firms=read_setting(settings, "board.screen_names_firms"),
        seconds=REFRESH_SECONDS,
        at=now(),
        **_words(Wanted()),
    )


@blueprint.get("/paper")
@guarded(Action.BOARD_READ)
def paper() -> str:
    """One A4 sheet, landscape: counts, both pictures, departments, and the most urgent."""
    wanted = _wanted()
    found = Board(get_actor(), wanted)
    view = found.view(1, ON_PAPER)
    return render_template(
        "deadlines/paper.html",
        view=view,
        lines=found.list_lines("department")[:ON_PAPER],
        stuck=explain(get_actor(), view.page.rows),
        pictures=found.draw(today()),
        month=today(),
        at=now(),
        **_words(wanted),
    )


@blueprint.post("/remind")
@guarded(Action.BOARD_REMIND)
def remind() -> AnyResponse:
    """Reminds those who have to act next, each once a day; back to the list it was asked on."""
    sheets = request.form.getlist("sheet", type=whole_number)
    told = remind_of(get_actor(), sheets[:PER_PAGE])
    if told.written:
        flash(_("已提醒：{names}", names=_("、").join(told.names)), "ok")
    elif told.names:
        flash(_("今天已经提醒过：{names}", names=_("、").join(told.names)), "info")
    elif told.found:
        flash(_("没有可以提醒的人：经办人还没有账号。"), "warn")
    else:
        flash(_("这件已经办完或撤回，不用再提醒。"), "info")
    here, back = url_for("deadlines.board"), request.form.get("back", "")
    return redirect((own_path(here + back) if back.startswith("?") else "") or here)


def _wanted() -> Wanted:
    """What nobody offers counts as not asked for."""
    asked = request.args
    state, step = asked.get("state", ""), asked.get("step", "")
    return Wanted(
        state=state if state in FILTERS else "",
        step=step if step in STEPS else "",
        department=asked.get("department", "").strip(),
        task=asked.get("task", type=whole_number),
        officer=asked.get("officer", type=whole_number),
        team=asked.get("team", type=whole_number),
        due=asked.get("due", type=date.fromisoformat),
        q=asked.get("q", "").strip(),
    )


def _chosen(found: Board) -> list[tuple[str, str]]:
    """What the list is narrowed to by a link and no field of the form says: word and name."""
    wanted = found.wanted
    ids = {"officer": wanted.officer, "team": wanted.team, "task": wanted.task}
    told = [(head_word(by), found.name_of(by, key)) for by, key in ids.items() if key is not None]
    if wanted.due is not None:
        told.append((_("到期日"), wanted.due.isoformat()))
    return told


def _words(wanted: Wanted) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "today": today(),
        "filters": filter_words(wanted.state),
        "steps": step_words(),
        "bys": [(one, by_word(one)) for one in BY],
        "may_remind": may_ever(get_actor(), Action.BOARD_REMIND),
    }
