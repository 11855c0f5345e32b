"""HTML pages: the deadline board."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from domain.access import Action
from domain.deadlines import DeadlineState
from server.deadlines import service
from server.guard import get_actor, guarded
from server.runtime import today

blueprint = Blueprint("deadlines", __name__)
GROUPS = {"done": ("met", "met_late")}


@blueprint.get("/board")
@guarded(Action.BOARD_READ)
def board() -> str:
    """期限看板: who must enter what by when, the most urgent first; filter by state, department
    or a word."""
    rows = service.list_board(get_actor())
    counts = {state.value: 0 for state in DeadlineState}
    for row in rows:
        if row.state is not None:
            counts[row.state.value] += 1
    chosen = {key: request.args.get(key, "").strip() for key in ("state", "department", "q")}
    shown = [row for row in rows if _fits(row, chosen)]
    departments = sorted({(r.sheet.department_code, r.sheet.department_name) for r in rows})
    return render_template(
        "deadlines/board.html",
        rows=shown,
        total=len(rows),
        counts=counts,
        chosen=chosen,
        departments=departments,
        today=today(),
        term=service.term_of(get_actor()),
    )


def _fits(row: service.BoardRow, chosen: dict[str, str]) -> bool:
    state, department, words = chosen["state"], chosen["department"], chosen["q"]
    if state and (row.state.value if row.state else "not_ended") not in GROUPS.get(state, (state,)):
        return False
    if department and row.sheet.department_code != department:
        return False
    sheet = row.sheet
    holders = " ".join(row.holders)
    return words in f"{sheet.firm_name} {sheet.number} {sheet.task_name} {holders}"
