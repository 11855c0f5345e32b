"""HTML page: the list behind one number of a report."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from domain.access import Action
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.reports import service, wording

blueprint = Blueprint("report_lists", __name__, url_prefix="/reports")


@blueprint.get("/<int:report_id>/behind")
@guarded(Action.REPORT_READ)
def behind(report_id: int) -> str | Response:
    """``of`` names the number; without one it is the report."""
    made = service.get_report(get_actor(), report_id)
    if "of" not in request.args:
        return redirect(url_for("reports.report", report_id=report_id))
    ref = request.args["of"]
    page = request.args.get("page", 1, type=whole_number)
    found = service.list_behind(get_actor(), report_id, ref, page)
    return render_template("reports/behind.html", made=made, found=found, ref=ref, words=wording)
