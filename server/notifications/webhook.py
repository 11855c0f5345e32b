"""A webhook for the county's own gateway to 企业微信, 钉钉 or SMS (``SUICHA_WEBHOOK_URL``).

The gateway knows which telephone or chat an account has; it gets the account and numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection

import requests

from domain.reminders import Channel
from server.notifications.calling import (
    NOT_NOW,
    PERHAPS_TAKEN,
    StayingSession,
    judge_network,
    read_retry_after,
)
from server.notifications.channels import INBOX, Later, Letter, Outcome, Refused, Sent
from server.runtime import now, runtime

TIMEOUT_SECONDS = 10


class WebhookWay:
    """Implements ``channels.Way``."""

    channel = Channel.WEBHOOK
    at_once = 1

    def map_places(self, person_ids: Collection[int]) -> dict[int, list[str]]:
        return {one: ["webhook"] for one in person_ids} if runtime().config.webhook_url else {}

    def send(self, letter: Letter) -> Outcome:
        """2xx is taken; 409 says that the gateway has this ``id`` already."""
        config = runtime().config
        body = json.dumps(
            {
                "id": letter.id,
                "account": letter.account,
                "text": letter.text,
                "counts": dict(letter.counts),
                "path": INBOX,
                "url": f"{config.public_url}{INBOX}" if config.public_url else "",
            },
            ensure_ascii=False,
        ).encode()
        stamp = str(int(now().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Suicha-Timestamp": stamp,
            "X-Suicha-Signature": sign(config.webhook_secret, stamp, body),
        }
        session = StayingSession()
        try:
            answer = session.post(
                config.webhook_url, data=body, headers=headers, timeout=TIMEOUT_SECONDS
            )
        except requests.RequestException as error:
            return judge_network(error)
        if (answer.ok and not answer.is_redirect) or answer.status_code == 409:
            return Sent()
        if answer.status_code in NOT_NOW | PERHAPS_TAKEN:  # it knows the ``id`` where it came twice
            retry = read_retry_after(answer.headers.get("Retry-After"))
            return Later(f"HTTP {answer.status_code}", retry)
        return Refused(f"HTTP {answer.status_code}")


def sign(secret: str, stamp: str, body: bytes) -> str:
    """``sha256=`` and the HMAC over timestamp, a dot and the body: an old one cannot be sent again
    with a new time."""
    made = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={made.hexdigest()}"
