"""HTML page: the bureau's joint tasks beside the county's, and which are one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.planning import linking, service
from server.planning.doors import show_doors
from server.planning.wording import field_word, value_text

blueprint = Blueprint("plan_links", __name__, url_prefix="/plans/links")
show_doors(blueprint)
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.PLAN_READ)
def board() -> Page:
    """The year's pairs, side by side."""
    return _page()


@blueprint.post("")
@guarded(Action.PLAN_WRITE)
def decide() -> Page:
    """One task, two tasks, or the decision taken back, by the button that was pressed."""
    actor = get_actor()
    own = request.form.get("own", 0, type=whole_number) or 0
    county = request.form.get("county", 0, type=whole_number) or 0
    try:
        match request.form.get("decision"):
            case "confirm":
                linking.confirm_link(actor, own, county)
                flash(_("已确认为同一任务，只计一项、只抽一次。"), "ok")
            case "reject":
                linking.reject_link(actor, own, county)
                flash(_("已记为两项任务，分别计数和抽取。"), "ok")
            case _:
                linking.undo_link(actor, own, county)
                flash(_("已撤销，两项任务分别计数。"), "ok")
    except Fault as refused:
        return _page(refused), refused.status
    year = service.get_task(actor, own).plan.year
    return redirect(url_for("plan_links.board", year=year))


def _page(refused: Fault | None = None) -> str:
    actor = get_actor()
    plans = service.list_plans(actor)
    years = sorted({one.year for one in plans}, reverse=True)
    year = request.args.get("year", type=whole_number) or (years[0] if years else 0)
    joint = [one for one in plans if one.year == year and one.kind in linking.OWN_KINDS]
    return render_template(
        "planning/links.html",
        board=linking.see_links(actor, year),
        year=year,
        years=years,
        own_plan=joint[-1] if joint else None,
        field_word=field_word,
        value_text=value_text,
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
    )
