"""HTML page: how the firms stand in risk, and which of them got worse (R040, R097)."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from server.guard import get_actor, guarded
from server.registry import service
from server.registry.tiers import WARNING_DAYS

blueprint = Blueprint("risk", __name__, url_prefix="/registry/risk")
Page = str | AnyResponse


@blueprint.get("")
@guarded(Action.FIRM_READ)
def show() -> Page:
    """Counts by tier, what is missing or old, and the warnings of the last months."""
    actor = get_actor()
    return render_template(
        "registry/risk.html",
        summary=service.summarise(actor),
        rows=service.list_worsened(actor),
        tiers=service.TIERS,
        days=WARNING_DAYS,
    )
