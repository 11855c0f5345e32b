"""Lookup: the files of a draw that anybody may take along (docs/draw.md §10)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, select

from domain.errors import fault
from server.db import db
from server.draws.models import OFFICIAL, Draw
from server.draws.public_reading import find_draw, may_show_pool
from server.draws.release import are_firms_public


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file of a draw: ``etag`` changes whenever what is stored does."""

    draw: Draw
    etag: str


def find_pool(public_id: str) -> PublicFile:
    """Raises ``draw.not_found`` also where there is none, or none yet for the public;
    ``draw.held_back`` where it names firms that are not named yet."""
    draw = find_draw(public_id)
    _require_named(draw)
    if not may_show_pool(draw):
        raise fault("draw.not_found")
    return PublicFile(draw, _etag_of(draw, Draw.pool))


def find_record(public_id: str) -> PublicFile:
    """Raises ``draw.not_found`` also for what was not drawn here, ``draw.held_back``."""
    draw = find_draw(public_id)
    if draw.drawn_at is None or draw.origin == OFFICIAL:
        raise fault("draw.not_found")
    _require_named(draw)
    return PublicFile(draw, _etag_of(draw, cast(Draw.record, Text)))


def _require_named(draw: Draw) -> None:
    if draw.origin != OFFICIAL and draw.pool_sha256 and not are_firms_public(draw):
        raise fault("draw.held_back")


def _etag_of(draw: Draw, column: Any) -> str:
    # Of what is stored and not of what was remembered: who alters a record must be found out.
    text = db.session.scalar(select(column).where(Draw.id == draw.id)) or ""
    return hashlib.sha256(text.encode()).hexdigest()
