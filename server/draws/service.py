"""Use cases of the draw, for pages, the command line and other subjects; each lives in the file
of its name."""

from __future__ import annotations

from server.draws.effects import Effect, RuleSet, compare_quotas
from server.draws.freezing import (
    find_open_draw,
    freeze_pool,
    is_drawn_enough,
    record_no_draw,
    withdraw_pool,
)
from server.draws.models import Draw, DrawState, Redraw
from server.draws.pool import PoolView, multipliers_of, pool_of
from server.draws.ratios import ratio_of_draw
from server.draws.reached import ReachedYear, count_visits, list_weighed, view_reached
from server.draws.reading import (
    FrozenPool,
    count_drawn_firms,
    export_draw,
    find_draw,
    frozen_pool,
    get_draw,
    list_draws,
    people_of,
    verify,
    verify_stored,
)
from server.draws.redrawing import (
    approve_redraw,
    count_open_redraws,
    find_redraw,
    get_redraw,
    list_redraws,
    refuse_redraw,
    request_redraw,
)
from server.draws.running import run_ceremony, run_draw

__all__ = [
    "Draw",
    "DrawState",
    "Effect",
    "FrozenPool",
    "PoolView",
    "ReachedYear",
    "Redraw",
    "RuleSet",
    "approve_redraw",
    "compare_quotas",
    "count_drawn_firms",
    "count_open_redraws",
    "count_visits",
    "export_draw",
    "find_draw",
    "find_open_draw",
    "find_redraw",
    "freeze_pool",
    "frozen_pool",
    "get_draw",
    "get_redraw",
    "is_drawn_enough",
    "list_draws",
    "list_redraws",
    "list_weighed",
    "multipliers_of",
    "people_of",
    "pool_of",
    "ratio_of_draw",
    "record_no_draw",
    "refuse_redraw",
    "request_redraw",
    "run_ceremony",
    "run_draw",
    "verify",
    "verify_stored",
    "view_reached",
    "withdraw_pool",
]
