"""Sends messages that were taken, some of them side by side: what takes long is the other side."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from flask import current_app

from server.db import end_reading
from server.notifications.channels import Letter, Outcome, Unknown, Way

log = logging.getLogger("suicha.notifications")


def send_at_once(way: Way, letters: Sequence[Letter]) -> list[Outcome]:
    """What came of each, in their order. Not inside a unit of work: nothing of the database is held
    while somebody else is waited for."""
    end_reading()
    if way.at_once == 1 or len(letters) == 1:
        return [_send(way, one) for one in letters]
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def send(letter: Letter) -> Outcome:
        with app.app_context():
            return _send(way, letter)

    with ThreadPoolExecutor(min(way.at_once, len(letters))) as threads:
        return list(threads.map(send, letters))


def _send(way: Way, letter: Letter) -> Outcome:
    try:
        return way.send(letter)
    except Exception as error:  # nobody knows how far it came
        log.exception("message %s by %s", letter.id, way.channel)
        return Unknown(type(error).__name__)
