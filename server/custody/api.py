"""JSON: custody receipts and the public keys they verify with (docs/protocol 13.9)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from domain.access import Action
from server.custody import service
from server.guard import get_actor, guarded

blueprint = Blueprint("custody_api", __name__, url_prefix="/api/v1")


@blueprint.get("/custody-receipts/<space>")
@guarded(Action.SYNC_PULL)
def read_receipt(space: str) -> Response:
    """The receipt of the person who asks."""
    response = jsonify(service.issue_receipt(get_actor(), space))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/custody-keys")
@guarded(Action.PUBLIC_READ)
def list_keys() -> Response:
    """Anybody may check a receipt."""
    return jsonify({"keys": service.dump_keys()})
