"""Web push subscriptions: what a browser told us of itself, and whether we may call there."""

from __future__ import annotations

import base64
import binascii
import hashlib
import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, select, update

from domain.access import Actor
from domain.errors import fault
from server.db import add_unless_there, db, unit_of_work
from server.notifications.reminder_models import PushSubscription
from server.runtime import now, runtime

MAX_PER_PERSON = 10
AUTH_BYTES = 16


def subscribe(actor: Actor, endpoint: str, p256dh: str, auth: str, agent: str) -> None:
    """The browser of this person; the same again changes nothing, one that another person signed
    in to is this person's from now on. Raises ``push.bad_endpoint`` and ``push.bad_key``; of more
    than ten the oldest go."""
    _check_endpoint(endpoint)
    _check_keys(p256dh, auth)
    with unit_of_work() as work:
        told = {
            "jurisdiction_id": actor.jurisdiction_id, "person_id": actor.person_id,
            "p256dh": p256dh, "auth": auth, "agent": agent[:200],
        }  # fmt: skip
        add_unless_there(PushSubscription, endpoint=endpoint, made_at=now(), **told)
        own = PushSubscription.endpoint == endpoint
        work.execute(update(PushSubscription).where(own).values(**told))
        for one in list_subscriptions(actor.person_id)[MAX_PER_PERSON:]:
            work.delete(one)


def unsubscribe(person_id: int, endpoint: str) -> None:
    """That browser hears nothing more; nothing where it was not known."""
    own = (PushSubscription.person_id == person_id, PushSubscription.endpoint == endpoint)
    with unit_of_work() as work:
        work.execute(delete(PushSubscription).where(*own))


def remove(actor: Actor, subscription_id: int) -> None:
    """One of one's own by its row; nothing where it is gone already."""
    own = (
        PushSubscription.person_id == actor.person_id,
        PushSubscription.id == subscription_id,
    )
    with unit_of_work() as work:
        work.execute(delete(PushSubscription).where(*own))


def list_subscriptions(person_id: int) -> list[PushSubscription]:
    """The newest first."""
    query = select(PushSubscription).where(PushSubscription.person_id == person_id)
    return list(db.session.scalars(query.order_by(PushSubscription.id.desc())))


def place_of(subscription: PushSubscription) -> str:
    """The name of this place for good. Not by the row's id: SQLite gives that of a row that went
    to the next one, which would be sent what the first had not taken."""
    return f"push:{hashlib.sha256(subscription.endpoint.encode()).hexdigest()[:32]}"


def map_subscriptions(person_ids: Collection[int]) -> dict[tuple[int, str], PushSubscription]:
    """(Person, place) → the browser of that name, the newest of a person first."""
    query = select(PushSubscription).where(PushSubscription.person_id.in_(person_ids))
    rows = db.session.scalars(query.order_by(PushSubscription.id.desc()))
    return {(one.person_id, place_of(one)): one for one in rows}


def _check_endpoint(endpoint: str) -> None:
    """Whoever signs in chooses this address and our server calls it: HTTPS to a named host. While
    developing a push service may run on this machine."""
    try:
        parts = urlsplit(endpoint)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise fault("push.bad_endpoint") from None
    if runtime().config.is_development and parts.scheme == "http" and host == "127.0.0.1":
        return
    is_named = "." in host and not _is_number(host) and not host.endswith((".local", ".localhost"))
    if parts.scheme != "https" or not is_named or parts.username or parts.password:
        raise fault("push.bad_endpoint")


def _is_number(host: str) -> bool:
    """An address, also one that is written as nobody writes it: 127.1 or 0x7f.1."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rpartition(".")[2][:1].isdigit()
    return True


def _check_keys(p256dh: str, auth: str) -> None:
    """A point on the curve and 16 bytes: found out now, not at each message."""
    try:
        point, secret = _decode(p256dh), _decode(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, binascii.Error):
        raise fault("push.bad_key") from None
    if len(secret) != AUTH_BYTES:
        raise fault("push.bad_key")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
