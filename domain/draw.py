"""The draw in one place: commit to a pool, reveal a seed, recompute at will (DESIGN §7).

`draw_pool` freezes, `draw_tickets` draws firms, `draw_officers` matches officers, `draw_records`
writes the public record and verifies it. Callers import from here; docs/draw.md tells strangers.
"""

from domain.draw_differences import Difference, What
from domain.draw_officers import Assignment, Lack, Matched, NotMatched, find_lacks, match_officers
from domain.draw_pool import (
    DrawRules,
    Officer,
    Pool,
    PoolFirm,
    build_pool,
    canonical_pool,
    pool_digest,
)
from domain.draw_reading import read_pool
from domain.draw_records import build_record, find_differences, verify_draw
from domain.draw_tickets import DrawnFirm, draw_firms, is_plain_seed, plain_seed, ticket
from domain.draw_versions import ALGORITHM

__all__ = [
    "ALGORITHM",
    "Assignment",
    "Difference",
    "DrawRules",
    "DrawnFirm",
    "Lack",
    "Matched",
    "NotMatched",
    "Officer",
    "Pool",
    "PoolFirm",
    "What",
    "build_pool",
    "build_record",
    "canonical_pool",
    "draw_firms",
    "find_differences",
    "find_lacks",
    "is_plain_seed",
    "match_officers",
    "plain_seed",
    "pool_digest",
    "read_pool",
    "ticket",
    "verify_draw",
]
