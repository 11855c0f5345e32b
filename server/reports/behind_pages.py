"""HTML page: the list behind one number of a report."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from domain.access import Action
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.reports import service, wording

blueprint = Blueprint("report_lists", __name__, url_prefix="/reports")


@blueprint.get("/<int:report_id>/behind")
@guarded(Action.REPORT_READ)
def behind(report_id: int) -> str:
    """``of`` names the number."""
    ref = request.args.get("of", "")
    page = request.args.get("page", 1, type=whole_number)
    found = service.list_behind(get_actor(), report_id, ref, page)
    made = service.get_report(get_actor(), report_id)
    return render_template("reports/behind.html", made=made, found=found, ref=ref, words=wording)
