"""The big screen of the room: it shows and does nothing else."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, jsonify, render_template

from domain.access import Action
from domain.canonical import canonical_json
from server.draws import service
from server.draws.models import Draw
from server.draws.results import list_drawn
from server.draws.room import room_of
from server.guard import get_actor, guarded

blueprint = Blueprint("screens", __name__, url_prefix="/draws/<int:draw_id>")


@blueprint.get("/screen")
@guarded(Action.DRAW_READ)
def screen(draw_id: int) -> str:
    """All that is known, on one page; the script lets it turn up piece by piece."""
    actor = get_actor()
    found = service.get_draw(actor, draw_id)
    return render_template(
        "draws/screen.html",
        draw=found,
        room=room_of(found),
        pool=service.frozen_pool(found),
        rows=list_drawn(actor, found),
        mark=_mark(found),
    )


@blueprint.get("/screen.json")
@guarded(Action.DRAW_READ)
def mark(draw_id: int) -> Response:
    """``mark`` changes whenever the screen has something new to show; ``rolls`` that count."""
    found = service.get_draw(get_actor(), draw_id)
    rolls = [one["value"] for one in found.ceremony.get("rolls", ()) if not one.get("struck")]
    return jsonify({"mark": _mark(found), "state": str(found.state), "rolls": rolls})


def _mark(draw: Draw) -> str:
    told = canonical_json([str(draw.state), draw.ceremony])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
