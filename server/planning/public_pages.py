"""HTML pages for everybody: the plans as published, each version, and why it was adjusted (R013,
R016). Read from the versions alone: what is being prepared is nobody's business yet."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request

from domain.access import Action
from domain.plan_changes import TaskChange
from server.accounts.directory import find_public_county
from server.accounts.service import get_jurisdiction
from server.disclosure.service import count_by_task
from server.guard import guarded
from server.planning import versions as published
from server.planning.adjusting import list_adjustments
from server.planning.wording import adjustment_word, field_word, value_text

# How the office works with a task, and no part of the printed table.
INTERNAL_FIELDS = ("item_codes", "checklist_codes", "category", "times_per_year", "fixed_count")

blueprint = Blueprint("public_plans", __name__, url_prefix="/public/plans")


@blueprint.get("")
@guarded(Action.PUBLIC_READ)
def list_plans() -> str:
    """The published plans, of ``?county=`` alone where one is named."""
    if county := request.args.get("county", ""):
        find_public_county(county)
    found = published.list_public_plans()
    counties = {one.jurisdiction_id: get_jurisdiction(one.jurisdiction_id).name for one in found}
    return render_template("planning/public_list.html", rows=found, counties=counties)


@blueprint.get("/<int:plan_id>")
@guarded(Action.PUBLIC_READ)
def plan(plan_id: int) -> str:
    """The version that holds now."""
    return _page(plan_id)


@blueprint.get("/<int:plan_id>/<int:number>")
@guarded(Action.PUBLIC_READ)
def version(plan_id: int, number: int) -> str:
    """An earlier one."""
    return _page(plan_id, number)


def _page(plan_id: int, number: int | None = None) -> str:
    shown = published.get_public_version(plan_id, number)
    versions = published.list_versions(plan_id, is_public=True)
    county = get_jurisdiction(shown.jurisdiction_id)
    earlier = next((one for one in versions if one.number < shown.number), None)
    return render_template(
        "planning/public_plan.html",
        version=shown,
        versions=versions,
        is_newest=shown.number == versions[0].number,
        county=county.name,
        county_code=county.code,
        changes=[_printed_only(one) for one in published.diff_versions(earlier, shown)],
        earlier=earlier,
        adjustments=list_adjustments(plan_id, "approved", up_to_version=versions[0].number),
        results=count_by_task(shown.jurisdiction_id, plan_id),
        adjustment_word=adjustment_word,
        field_word=field_word,
        value_text=value_text,
    )


def _printed_only(one: TaskChange) -> TaskChange:
    kept = tuple(change for change in one.changes if change.field not in INTERNAL_FIELDS)
    return replace(one, changes=kept)
