"""Calling another server: what its answer, or its silence, means for at most once."""

from __future__ import annotations

import io
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, SSLError

from server.notifications.channels import Later, Outcome, Refused, Unknown
from server.runtime import now

# Certainly not taken: no whole request came, or none is taken now (RFC 9110 15.5.9 and 15.6.4,
# RFC 8470, RFC 6585).
NOT_NOW = {408, 425, 429, 503}
# Whoever answers failed, or heard nothing good from who stands behind it; that one may have taken
# the message (RFC 9110 15.6.1, 15.6.3, 15.6.5).
PERHAPS_TAKEN = {500, 502, 504}
NEVER_LEFT = (NewConnectionError, ConnectTimeoutError, SSLError)


class PrivateAddress(NewConnectionError):
    """It is no address of the Internet; nothing was connected to."""


class StayingSession(requests.Session):
    """Goes where it was sent, not to where an answer points, and takes of an answer its head alone:
    whoever subscribes names the service, and a body may have no end."""

    def post(self, url: Any, data: Any = None, json: Any = None, **kwargs: Any) -> Any:
        told = {**kwargs, "allow_redirects": False, "stream": True}
        answer = super().post(url, data=data, json=json, **told)
        if answer.headers.get("Content-Length") == "0":
            answer.raw.read()  # nothing, and the connection can be used again
        else:
            answer.close()
            answer.raw = io.BytesIO()
        return answer

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def judge_network(error: requests.RequestException) -> Outcome:
    """Only what certainly never reached the other side may be sent again."""
    reason: Any = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    if isinstance(reason, PrivateAddress):
        return Refused("private address")
    note = type(reason if isinstance(reason, Exception) else error).__name__
    if isinstance(error, requests.ConnectTimeout) or isinstance(reason, NEVER_LEFT):
        return Later(note)
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return Refused(note)
    return Unknown(note)


def read_retry_after(text: str | None) -> int | None:
    """Seconds, from a number or an HTTP date; None for anything else."""
    if not text:
        return None
    if text.strip().isdecimal():
        return int(text)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0, round((at - now()).total_seconds()))
