"""Web Push: RFC 8030 with the payload of RFC 8291 and the key of RFC 8292 (VAPID)."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Collection, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from py_vapid import Vapid

from domain.reminders import MAX_PUSH_BYTES, Channel
from server.notifications.calling import (
    NOT_NOW,
    PERHAPS_TAKEN,
    judge_network,
    read_retry_after,
)
from server.notifications.channels import (
    Address,
    Gone,
    Later,
    Letter,
    Outcome,
    Refused,
    Sent,
    Unknown,
    dump_push,
)
from server.notifications.reaching import PublicSession
from server.notifications.subscriptions import map_subscriptions
from server.runtime import runtime

# Loads an HTTP client nobody here uses, which takes a tenth of the time of the whole start.
if TYPE_CHECKING:
    from pywebpush import WebPushException

TIMEOUT_SECONDS = 10
TTL_SECONDS = 12 * 3600
# A service refuses a signature that is good for more than a day (RFC 8292 2).
SIGNED_SECONDS = 12 * 3600
SIGNED_ANEW_SECONDS = 3600
PRIVATE_KEY = "vapid_private.pem"
GONE = {404, 410}


class PushTooLong(ValueError):
    """More than every push service takes; nothing was sent."""


class PushWay:
    """Implements ``channels.Way``: each subscribed browser is a place of its own. One for a run of
    the job: connections and signatures are used again within it and forgotten with it."""

    channel = Channel.PUSH
    at_once = 8  # each waits for another continent

    def __init__(self) -> None:
        self._caller = Caller()

    def close(self) -> None:
        """Ends the connections that stayed open."""
        self._caller.close()

    def map_places(self, person_ids: Collection[int]) -> dict[int, list[str]]:
        """None where the installation has no key pair (``suicha setup`` makes it)."""
        found: dict[int, list[str]] = {}
        if (runtime().config.vapid_dir / PRIVATE_KEY).is_file():
            for person_id, place in map_subscriptions(person_ids):
                found.setdefault(person_id, []).append(place)
        return found

    def send(self, letter: Letter) -> Outcome:
        """One POST; a service that redirects is not followed."""
        from pywebpush import WebPushException

        if letter.browser is None:
            return Gone("unsubscribed")
        try:
            self._caller.post(letter.browser, dump_push(letter), is_urgent=letter.is_urgent)
        except PushTooLong as error:
            return Refused(str(error))
        except WebPushException as error:
            return _of_status(error)
        except requests.RequestException as error:
            return judge_network(error)
        return Sent()


class Caller:
    """Calls push services, from several threads at once. A connection that stays open leads to the
    address that was looked at when it was made (``reaching``)."""

    def __init__(self) -> None:
        self._session = PublicSession()
        # No service of many people's browsers needs to know one from another by them.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._signing = threading.Lock()
        self._signed: dict[str, tuple[float, Mapping[str, str]]] = {}

    def close(self) -> None:
        """Once nothing is sent any more."""
        self._session.close()

    def post(self, browser: Address, data: bytes, *, is_urgent: bool = False) -> None:
        """Encrypts, signs and sends. Raises ``PushTooLong``, ``WebPushException`` for an answer
        other than 2xx, ``requests.RequestException``."""
        from pywebpush import webpush

        if len(data) > MAX_PUSH_BYTES:
            raise PushTooLong(f"{len(data)} bytes, at most {MAX_PUSH_BYTES}")
        urgency = {"Urgency": "high" if is_urgent else "normal", "Topic": "reminders"}
        webpush(
            {
                "endpoint": browser.endpoint,
                "keys": {"p256dh": browser.p256dh, "auth": browser.auth},
            },
            data=data,  # type: ignore[arg-type]
            ttl=TTL_SECONDS,
            timeout=TIMEOUT_SECONDS,
            headers={**urgency, **self._signature(browser.endpoint)},
            requests_session=self._session,
        )

    def _signature(self, endpoint: str) -> Mapping[str, str]:
        """The header of RFC 8292: the same for all browsers of one service until an hour before it
        expires, by the machine's clock, which is what the service compares it with."""
        parts, at = urlsplit(endpoint), time.time()
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._signing:
            until, header = self._signed.get(origin, (0.0, {}))
            if not at < until - SIGNED_ANEW_SECONDS < at + SIGNED_SECONDS:
                until = at + SIGNED_SECONDS
                header = _key().sign({"aud": origin, "sub": _contact(), "exp": int(until)})
                self._signed[origin] = until, header
        return header


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
    # ``Topic`` replaces only what was not delivered yet (RFC 8030 5.4).
    if status in PERHAPS_TAKEN:
        return Unknown(f"HTTP {status}")
    return Refused(f"HTTP {status}")
