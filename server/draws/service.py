"""Use cases of the draw, for pages, the command line and other subjects; each lives in the file
of its name."""

from __future__ import annotations

from server.draws.freezing import find_open_draw, freeze_pool, record_no_draw, withdraw_pool
from server.draws.models import Draw, DrawState
from server.draws.pool import PoolView, pool_of
from server.draws.reading import (
    export_draw,
    find_draw,
    get_draw,
    list_draws,
    verify,
    verify_stored,
)
from server.draws.running import run_draw

__all__ = [
    "Draw",
    "DrawState",
    "PoolView",
    "export_draw",
    "find_draw",
    "find_open_draw",
    "freeze_pool",
    "get_draw",
    "list_draws",
    "pool_of",
    "record_no_draw",
    "run_draw",
    "verify",
    "verify_stored",
    "withdraw_pool",
]
