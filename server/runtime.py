"""What a running process was given: its settings and its clock. Nothing here is global state of
the module; it hangs on the Flask application, so that a test can hand in another clock."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, request

from server.config import Config

SITE_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Runtime:
    """``clock`` answers an aware UTC instant. ``kept`` is what this process remembers of things
    that never change, each under a key that names its content."""

    config: Config
    clock: Callable[[], datetime]
    kept: dict[Hashable, Any] = field(default_factory=dict)


def system_clock() -> datetime:
    """The machine's clock, UTC."""
    return datetime.now(UTC)


def runtime() -> Runtime:
    """The runtime of the application in whose context we are."""
    value: Runtime = current_app.extensions["suicha"]
    return value


def now() -> datetime:
    """This instant, UTC."""
    return runtime().clock()


def today() -> date:
    """The date at the inspection site (Asia/Shanghai): deadlines are counted in it (DESIGN §6)."""
    return now().astimezone(SITE_ZONE).date()


def site_url() -> str:
    """Where people reach this installation, without a slash at the end, for addresses on paper.
    Inside a request; a proxy that ends HTTPS hands requests on without it."""
    scheme = "https" if runtime().config.is_https else request.scheme
    return f"{scheme}://{request.host}"
