"""HTML pages: the draws and the firms behind the shares reached (R034, R109–R112)."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from domain.access import Action
from server.boundary import whole_number
from server.draws.reached import KINDS, list_firms, list_lines, map_task_names
from server.guard import get_actor, guarded
from server.runtime import today

blueprint = Blueprint("reached", __name__, url_prefix="/draws/reached")
FIRMS_PER_PAGE = 200


@blueprint.get("")
@guarded(Action.DRAW_READ)
def draws() -> str:
    """The draws that count, all or of one kind."""
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    year = _year()
    rows = [line for line in list_lines(get_actor(), year) if line.fits(kind)]
    return render_template("draws/reached.html", year=year, rows=rows, kind=kind)


@blueprint.get("/firms")
@guarded(Action.DRAW_READ)
def firms() -> str:
    """The different firms drawn, each once; with ``again`` those drawn more than once."""
    actor, year, again = get_actor(), _year(), bool(request.args.get("again"))
    number = request.args.get("page", 1, type=whole_number) or 1
    page = list_firms(actor, year, number, FIRMS_PER_PAGE, only_again=again)
    names = map_task_names(actor, year)
    return render_template(
        "draws/reached_firms.html", year=year, page=page, names=names, again=again
    )


def _year() -> int:
    return request.args.get("year", type=whole_number) or today().year
