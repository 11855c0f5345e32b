"""How long parts of an answer took, as ``Server-Timing`` (W3C): for the bench and for a browser's
network panel. Nothing is decided by it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, has_request_context


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Adds the block's time to ``name``; outside a request nothing is kept."""
    start = time.perf_counter()
    try:
        yield
    finally:
        note_time(name, time.perf_counter() - start)


def note_time(name: str, seconds: float) -> None:
    """Adds to what ``name`` has taken in this request."""
    if has_request_context():
        times = g.setdefault("times", {})
        times[name] = times.get(name, 0.0) + seconds


def install_timing(app: Flask) -> None:
    """Called by ``create_app`` alone."""
    app.after_request(_tell_times)


def _tell_times(response: Response) -> Response:
    if times := g.get("times"):
        told = ", ".join(f"{name};dur={taken * 1000:.2f}" for name, taken in times.items())
        response.headers["Server-Timing"] = told
    return response
