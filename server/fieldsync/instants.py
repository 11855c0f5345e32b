"""Instants on the wire: UTC with milliseconds and ``Z`` (docs/protocol part 6)."""

from __future__ import annotations

from datetime import UTC, datetime


def dump_instant(at: datetime) -> str:
    """``2026-03-04T08:40:03.500Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
