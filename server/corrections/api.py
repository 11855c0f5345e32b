"""JSON: correction orders online (docs/protocol 13.10). Pages are in ``pages``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from domain.access import Action
from domain.errors import Refused
from server.corrections import service
from server.corrections.schemas import DecideSchema, DropSchema, EndorseSchema, SubmitSchema
from server.corrections.service import Decided
from server.guard import get_actor, guarded
from server.wire import read_json

blueprint = Blueprint("corrections_api", __name__, url_prefix="/api/v1/proposals")


@blueprint.get("/<proposal_id>")
@guarded(Action.CORRECTION_READ)
def read(proposal_id: str) -> Response:
    """The order as it stands, with ``against``: the heads a decider sends back."""
    order = service.get_order(get_actor(), proposal_id)
    changes = order.changes
    refused = changes if isinstance(changes, Refused) else None
    told: dict[str, Any] = {
        "id": order.proposal.id,
        "state": order.proposal.state,
        "reason": order.reason,
        "against": order.heads,
        "is_stale": order.is_stale,
        "changes": [] if isinstance(changes, Refused) else [one.as_plain() for one in changes],
        "error": {"code": refused.code, "details": refused.details} if refused else None,
    }
    return jsonify(told)


@blueprint.post("/<proposal_id>/submit")
@guarded(Action.CORRECTION_REQUEST)
def submit(proposal_id: str) -> Response:
    """By the author, with a reason."""
    body = read_json(SubmitSchema())
    return _tell(service.submit(get_actor(), proposal_id, body["reason"], body["result"]))


@blueprint.post("/<proposal_id>/drop")
@guarded(Action.CORRECTION_DROP)
def drop(proposal_id: str) -> Response:
    """By the author."""
    read_json(DropSchema())
    return _tell(service.drop(get_actor(), proposal_id))


@blueprint.post("/<proposal_id>/endorse")
@guarded(Action.CORRECTION_ENDORSE)
def endorse(proposal_id: str) -> Response:
    """By the deputy head."""
    body = read_json(EndorseSchema())
    return _tell(service.endorse(get_actor(), proposal_id, address=_address(), **body))


@blueprint.post("/<proposal_id>/approve")
@guarded(Action.CORRECTION_APPROVE)
def approve(proposal_id: str) -> Response:
    """By who approves; answers the new version's number."""
    body = read_json(DecideSchema())
    return _tell(service.approve(get_actor(), proposal_id, address=_address(), **body))


@blueprint.post("/<proposal_id>/refuse")
@guarded(Action.CORRECTION_APPROVE)
def refuse(proposal_id: str) -> Response:
    """By who approves."""
    body = read_json(DecideSchema())
    return _tell(service.refuse(get_actor(), proposal_id, address=_address(), **body))


def _tell(decided: Decided) -> Response:
    told = {"id": decided.proposal_id, "state": decided.state, "version": decided.version}
    return jsonify(told)


def _address() -> str:
    return request.remote_addr or ""
