"""The draw in one place: commit to a pool, reveal a seed, recompute at will (DESIGN §7).

`draw_pool` freezes, `draw_tickets` draws firms, `draw_officers` matches officers, `draw_records`
writes the public record and verifies it. Callers import from here.
"""

from domain.draw_officers import Assignment, Lack, Matched, NotMatched, match_officers
from domain.draw_pool import (
    DrawRules,
    Officer,
    Pool,
    PoolFirm,
    build_pool,
    canonical_pool,
    pool_digest,
)
from domain.draw_records import build_record, read_pool, verify_draw
from domain.draw_tickets import ALGORITHM, DrawnFirm, draw_firms, plain_seed, ticket

__all__ = [
    "ALGORITHM",
    "Assignment",
    "DrawRules",
    "DrawnFirm",
    "Lack",
    "Matched",
    "NotMatched",
    "Officer",
    "Pool",
    "PoolFirm",
    "build_pool",
    "build_record",
    "canonical_pool",
    "draw_firms",
    "match_officers",
    "plain_seed",
    "pool_digest",
    "read_pool",
    "ticket",
    "verify_draw",
]
