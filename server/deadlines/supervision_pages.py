"""HTML page: how the year's plan is carried out, unit by unit (R088 comes later; R114–R116)."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from domain.access import Action
from domain.county_settings import read_setting
from domain.supervision import Stage
from server.accounts.service import get_jurisdiction
from server.boundary import whole_number
from server.deadlines.supervision import SupervisedTask, count_units, list_supervised
from server.guard import get_actor, guarded
from server.planning.service import list_plans
from server.runtime import today
from server.settings.clauses import CLAUSES

blueprint = Blueprint("supervision", __name__, url_prefix="/plans/supervision")
ATTENTION = "attention"
NO_UNIT = "-"


@blueprint.get("")
@guarded(Action.BOARD_READ)
def panel() -> str:
    """The units with their tasks; filter by unit and by what a task waits for."""
    actor = get_actor()
    years = sorted({one.year for one in list_plans(actor)}, reverse=True)
    year = request.args.get("year", type=whole_number) or (years[0] if years else today().year)
    every = list_supervised(actor, year)
    wanted = {name: request.args.get(name, "").strip() for name in ("unit", "state")}
    return render_template(
        "deadlines/supervision.html",
        rows=[one for one in every if _fits(one, wanted)],
        every=every,
        units=count_units(every),
        stages=list(Stage),
        wanted=wanted,
        year=year,
        years=years,
        office=read_setting(get_jurisdiction(actor.jurisdiction_id).settings, "group.office"),
        clauses=CLAUSES,
    )


def _fits(one: SupervisedTask, wanted: dict[str, str]) -> bool:
    unit, state = wanted["unit"], wanted["state"]
    if unit and one.unit != ("" if unit == NO_UNIT else unit):
        return False
    if state == ATTENTION:
        return one.needs_attention
    return not state or one.progress.stage == state
