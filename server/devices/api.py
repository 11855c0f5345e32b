"""JSON: a phone's word that it obeyed the wipe order (docs/protocol 13.7)."""

from __future__ import annotations

from flask import Blueprint

from domain.access import Action
from server.accounts.service import confirm_wipe
from server.guard import get_actor, guarded

blueprint = Blueprint("devices_api", __name__, url_prefix="/api/v1")


@blueprint.post("/devices/<device_id>/wiped")
@guarded(Action.DEVICE_OWN)
def wiped(device_id: str) -> tuple[str, int]:
    """204; the phone deletes its stores after this answer."""
    confirm_wipe(get_actor(), device_id)
    return "", 204
