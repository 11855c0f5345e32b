"""Web Push: RFC 8030 with the payload of RFC 8291 and the key of RFC 8292 (VAPID)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import requests
from py_vapid import Vapid

from domain.reminders import MAX_PUSH_BYTES, Channel
from server.db import end_reading
from server.notifications.calling import NOT_NOW, judge_network, read_retry_after
from server.notifications.channels import (
    Gone,
    Later,
    Letter,
    Outcome,
    Refused,
    Sent,
    dump_push,
)
from server.notifications.reaching import PublicSession
from server.notifications.subscriptions import find_subscription, list_subscriptions, place_of
from server.runtime import runtime

# Loads an HTTP client nobody here uses, which takes a tenth of the time of the whole start.
if TYPE_CHECKING:
    from pywebpush import WebPushException

TIMEOUT_SECONDS = 10
TTL_SECONDS = 12 * 3600
PRIVATE_KEY = "vapid_private.pem"
GONE = {404, 410}


class PushTooLong(ValueError):
    """More than every push service takes; nothing was sent."""


class PushWay:
    """Implements ``channels.Way``: each subscribed browser is a place of its own."""

    channel = Channel.PUSH
    at_once = 8  # each waits for another continent

    def list_places(self, person_id: int) -> list[str]:
        """None where the installation has no key pair (``suicha setup`` makes it)."""
        if not (runtime().config.vapid_dir / PRIVATE_KEY).is_file():
            return []
        return [place_of(one) for one in list_subscriptions(person_id)]

    def send(self, letter: Letter) -> Outcome:
        """One POST; a service that redirects is not followed."""
        from pywebpush import WebPushException

        row = find_subscription(letter.person_id, letter.place)
        if row is None:
            return Gone("unsubscribed")
        info = {"endpoint": row.endpoint, "keys": {"p256dh": row.p256dh, "auth": row.auth}}
        end_reading()
        try:
            post(info, dump_push(letter), is_urgent=letter.is_urgent)
        except PushTooLong as error:
            return Refused(str(error))
        except WebPushException as error:
            return _of_status(error)
        except requests.RequestException as error:
            return judge_network(error)
        return Sent()


def post(info: dict[str, Any], data: bytes, *, is_urgent: bool = False) -> None:
    """Encrypts, signs and sends. Raises ``PushTooLong``, ``WebPushException`` for an answer other
    than 2xx, ``requests.RequestException``."""
    from pywebpush import webpush

    if len(data) > MAX_PUSH_BYTES:
        raise PushTooLong(f"{len(data)} bytes, at most {MAX_PUSH_BYTES}")
    webpush(
        info,
        data=data,  # type: ignore[arg-type]
        vapid_private_key=_key(),
        vapid_claims={"sub": _contact()},
        ttl=TTL_SECONDS,
        timeout=TIMEOUT_SECONDS,
        headers={"Urgency": "high" if is_urgent else "normal", "Topic": "reminders"},
        requests_session=PublicSession(),
    )


def public_key() -> str:
    """For ``pushManager.subscribe``: the uncompressed point, base64url without padding; empty where
    the installation has no key pair."""
    if not (runtime().config.vapid_dir / PRIVATE_KEY).is_file():
        return ""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = _key().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def _key() -> Vapid:
    """Read once in a process: a new key would silence every browser anyway."""
    kept = runtime().kept
    path = runtime().config.vapid_dir / PRIVATE_KEY
    if ("vapid", path) not in kept:
        kept["vapid", path] = Vapid.from_pem(path.read_bytes())
    key: Vapid = kept["vapid", path]
    return key


def _contact() -> str:
    """Whom a push service may write to about us; it wants an address, whatever it is."""
    config = runtime().config
    return f"mailto:{config.mail_from}" if config.mail_from else "mailto:suicha@example.invalid"


def _of_status(error: WebPushException) -> Outcome:
    status = error.status_code or 0
    if status in GONE:
        return Gone(f"HTTP {status}")
    if status in NOT_NOW:
        return Later(f"HTTP {status}", read_retry_after(error.retry_after))
    return Refused(f"HTTP {status}")
