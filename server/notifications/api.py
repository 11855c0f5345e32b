"""JSON: the inbox on the phone, and the browser's push subscription (docs/protocol 13.12)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from domain.access import Action
from server.fieldsync.service import dump_instant
from server.guard import get_actor, guarded
from server.notifications import service
from server.notifications.push import public_key
from server.notifications.schemas import EndpointSchema, ReadSchema, SubscriptionSchema
from server.notifications.subscriptions import subscribe, unsubscribe
from server.wire import read_json

blueprint = Blueprint("notifications_api", __name__, url_prefix="/api/v1")


@blueprint.get("/inbox")
@guarded(Action.INBOX_READ)
def read_inbox() -> Response:
    """The newest of one's own, in one's own language, and what a browser needs to subscribe."""
    actor = get_actor()
    page = service.list_inbox(actor)
    response = jsonify(
        {
            "person": actor.person_id,
            "unread": page.unread,
            "until": dump_instant(page.until),
            "shown": str(page.shown),
            "push_key": public_key(),
            "items": [
                {
                    "text": one.text,
                    "about": one.about,
                    "why": one.why,
                    "href": one.href,
                    "at": dump_instant(one.at),
                    "tone": one.tone,
                    "unread": one.is_unread,
                }
                for one in page.items
            ],
        }
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/inbox/read")
@guarded(Action.INBOX_READ)
def read_up_to() -> tuple[str, int]:
    """Read up to what was ``shown``."""
    body = read_json(ReadSchema())
    service.mark_read(get_actor(), body["until"], service.read_shown(body.get("shown", "")))
    return "", 204


@blueprint.put("/push-subscription")
@guarded(Action.INBOX_READ)
def keep_subscription() -> tuple[str, int]:
    """This browser can be reached there; the same again changes nothing."""
    body = read_json(SubscriptionSchema())
    keys = body["keys"]
    agent = request.user_agent.string
    subscribe(get_actor(), body["endpoint"], keys["p256dh"], keys["auth"], agent)
    return "", 204


@blueprint.delete("/push-subscription")
@guarded(Action.INBOX_READ)
def drop_subscription() -> tuple[str, int]:
    """It hears nothing more."""
    unsubscribe(get_actor().person_id, read_json(EndpointSchema())["endpoint"])
    return "", 204
