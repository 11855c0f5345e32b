"""The public pages under many eyes: nobody is sent again what he has, and no address takes so much
that others have to wait.

Counted in memory: a row for each look would take the turn to write from the phones. Each process
counts for itself, so that the whole is at most as many times the measure as there are processes.
"""

from __future__ import annotations

import gzip
import hashlib
import ipaddress
import threading
from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Flask, g, request, session
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from domain.errors import fault
from server.i18n import current_locale
from server.runtime import now

# Forty people of one class behind one address, each with ten pages and two records in a minute.
MEASURE = 1200
REFILL_PER_SECOND = MEASURE / 60
FILE_COST = 5  # of a page's: a record is megabytes in a large county
LONG_FILE_COST = 30  # written while it is sent, and holds a thread as long: forty in a minute
MOST_ADDRESSES = 10_000
PUBLIC, FILES = "/public", (".json",)
FIRMS = "/firm/"  # behind a link and a code, and open to whoever tries
LONG_FILES = ("/public/results.json", "/public/results.csv")


class Measures:
    """What each address may still take; it fills up again within a minute."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, datetime]] = {}
        self._lock = threading.Lock()

    def take(self, address: str, cost: int, at: datetime) -> int:
        """Seconds to wait, 0 where there was enough left."""
        with self._lock:
            left, since = self._left.pop(address, (float(MEASURE), at))
            seconds = max(0.0, (at - since).total_seconds())
            left = min(float(MEASURE), left + seconds * REFILL_PER_SECOND)
            if len(self._left) >= MOST_ADDRESSES:
                self._left.pop(next(iter(self._left)))  # who has not been here for longest
            enough = left >= cost
            self._left[address] = (left - cost if enough else left, at)
        return 0 if enough else max(1, round((cost - left) / REFILL_PER_SECOND))


def install_visitors(app: Flask) -> None:
    """Called by ``create_app`` alone, after the sessions: they know the visitor's language."""
    app.extensions["suicha_measures"] = measures = Measures()

    def measure() -> None:
        if request.path != PUBLIC and not request.path.startswith((f"{PUBLIC}/", FIRMS)):
            return
        cost = FILE_COST if request.path.endswith(FILES) else 1
        cost = LONG_FILE_COST if request.path in LONG_FILES else cost
        wait = measures.take(network_of(request.remote_addr or ""), cost, now())
        if wait:
            raise fault("request.throttled", retry_after=wait)

    app.before_request(measure)


def network_of(address: str) -> str:
    """One household has a whole /64 of IPv6 addresses."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return address


def answer_page(text: str) -> Response:
    """A page that a browser has already is not sent again. Of who is signed in, the token of its
    forms is new each time and good as long as the session: it makes no other page. A visitor's page
    has no form that needs one, and starts no session."""
    response = Response(text, mimetype="text/html")
    who, token = ("", current_locale(), ""), ""
    if g.actor or "csrf_token" in session:
        token = generate_csrf()
        signed = str(g.actor.person_id) if g.actor else ""
        who = (session.get("csrf_token", ""), current_locale(), signed)
    seen = repr(who) + (text.replace(token, "") if token else text)
    response.set_etag(hashlib.sha256(seen.encode()).hexdigest(), weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Cookie")
    if not token and "gzip" in request.accept_encodings:  # nothing secret to guess from its length
        response.set_data(gzip.compress(text.encode(), 4, mtime=0))
        response.content_encoding = "gzip"
        response.vary.add("Accept-Encoding")
    return response.make_conditional(request)


def answer_file(etag: str, read: Callable[[], str], name: str) -> Response:
    """What was published does not change: it may be kept by anybody on the way, and is read from
    the database only for who has not got it."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    is_known = request.if_none_match.contains_weak(etag)
    response = Response("" if is_known else read(), mimetype="application/json", headers=headers)
    response.set_etag(etag)
    return response.make_conditional(request)


def answer_stream(
    seen: str, write: Callable[[], Iterator[str]], name: str, mimetype: str
) -> Response:
    """A long file, written while it is sent. ``seen`` is another text when the file would be
    another; who has it already is not sent it again, and nothing is read for him."""
    etag = hashlib.sha256(seen.encode()).hexdigest()
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "public, no-cache",
    }
    is_known = request.if_none_match.contains_weak(etag)
    body: Iterator[str] | str = "" if is_known else write()
    response = Response(body, mimetype=mimetype, headers=headers)
    response.set_etag(etag)
    return response.make_conditional(request)
