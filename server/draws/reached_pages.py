"""HTML pages: the draws and the firms behind the shares reached (R034, R109–R112)."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from domain.access import Action
from server.boundary import whole_number
from server.draws.reached import KINDS, view_reached
from server.guard import get_actor, guarded
from server.registry.service import Page
from server.runtime import today

blueprint = Blueprint("reached", __name__, url_prefix="/draws/reached")
FIRMS_PER_PAGE = 200


@blueprint.get("")
@guarded(Action.DRAW_READ)
def draws() -> str:
    """The draws that count, all or of one kind."""
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    view = view_reached(get_actor(), _year())
    rows = [line for line in view.lines if line.fits(kind)]
    return render_template("draws/reached.html", view=view, rows=rows, kind=kind)


@blueprint.get("/firms")
@guarded(Action.DRAW_READ)
def firms() -> str:
    """The different firms drawn, each once."""
    view = view_reached(get_actor(), _year())
    total = len(view.firms)
    last = max(1, -(-total // FIRMS_PER_PAGE))
    number = min(max(1, request.args.get("page", 1, type=whole_number)), last)
    begin = (number - 1) * FIRMS_PER_PAGE
    rows = list(view.firms[begin : begin + FIRMS_PER_PAGE])
    page = Page(rows=rows, number=number, total=total, size=FIRMS_PER_PAGE)
    names = {line.draw.id: line.draw.task.name for line in view.lines}
    return render_template("draws/reached_firms.html", view=view, page=page, names=names)


def _year() -> int:
    return request.args.get("year", type=whole_number) or today().year
