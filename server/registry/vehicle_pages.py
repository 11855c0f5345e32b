"""HTML page: the vehicles of all firms; each is kept on its firm's page."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from domain.access import Action
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.registry import service
from server.registry.wording import color_words

blueprint = Blueprint("registry_vehicles", __name__, url_prefix="/registry/vehicles")
FILTERS = ("q", "color", "kind")


@blueprint.get("")
@guarded(Action.FIRM_READ)
def list_vehicles() -> str:
    """车辆: by plate, firm, colour and kind."""
    actor = get_actor()
    wanted = {name: request.args.get(name, "").strip() for name in FILTERS}
    return render_template(
        "registry/vehicles.html",
        page=service.list_fleet(
            actor, **wanted, page=request.args.get("page", 1, type=whole_number)
        ),
        wanted=wanted,
        kinds=service.list_vehicle_kinds(actor),
        colors=color_words(),
    )
