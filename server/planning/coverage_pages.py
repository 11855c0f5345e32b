"""HTML page: what the year's plan leaves out, and the shares it will reach."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from domain.access import Action
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.planning import service
from server.planning.coverage import view_year
from server.planning.doors import show_doors
from server.registry.service import CATEGORIES
from server.runtime import today
from server.settings.clauses import CLAUSES

blueprint = Blueprint("plan_coverage", __name__, url_prefix="/plans/coverage")
show_doors(blueprint)


@blueprint.get("")
@guarded(Action.PLAN_READ)
def panel() -> str:
    """The three coverages, the forecast and the shares reached of one year."""
    actor = get_actor()
    plans = service.list_plans(actor)
    years = sorted({one.year for one in plans}, reverse=True)
    year = request.args.get("year", type=whole_number) or (years[0] if years else today().year)
    of_year = [one for one in plans if one.year == year]
    return render_template(
        "planning/coverage.html",
        view=view_year(actor, year),
        year=year,
        years=years,
        plans=of_year,
        has_drafts=any(one.state == "draft" for one in of_year),
        categories=CATEGORIES,
        clauses=CLAUSES,
    )
