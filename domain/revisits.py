"""回访: which firms with problems are visited again (R096; part 7 row 35).

Lots like those of the draw (`draw_tickets`): the pool is fixed and hashed before the seed is read
out, and whoever has pool and seed draws the same firms. `suicha-revisit-1`: ticket of a firm =
ticket(seed, SHA-256 of the pool, "revisit", id); the lowest win.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Final

from domain.canonical import canonical_json
from domain.draw_tickets import ticket_drawer
from domain.result_codes import is_problem

ALGORITHM: Final = "suicha-revisit-1"


class RevisitOutcome(StrEnum):
    """What became of the problems: all put right, some, none."""

    CORRECTED = "corrected"
    PARTLY = "partly"
    NOT_CORRECTED = "not_corrected"


def judge_revisit(now: Iterable[int]) -> RevisitOutcome:
    """From the result codes the first visit's problems have now: nobody says 已改正 of a firm with
    an item that is still a problem."""
    still = [is_problem(code) for code in now]
    if not any(still):
        return RevisitOutcome.CORRECTED
    return RevisitOutcome.NOT_CORRECTED if all(still) else RevisitOutcome.PARTLY


@dataclass(frozen=True, slots=True)
class PoolFirm:
    """A firm by its credit code (without one by its number in the register), and the visit whose
    problems are looked at again."""

    id: str
    visit: str


def dump_pool(firms: Iterable[PoolFirm], percent: str, first: str, last: str) -> str:
    """The text that is hashed: the same for the same firms in any order."""
    return canonical_json(
        {
            "algorithm": ALGORITHM,
            "firms": [
                {"id": one.id, "visit": one.visit} for one in sorted(firms, key=lambda f: f.id)
            ],
            "from": first,
            "percent": percent,
            "to": last,
        }
    )


def count_revisits(pool: int, percent: Decimal) -> int:
    """How many of ``pool`` firms: the share rounded up, so that one is visited where there is one;
    none at 0 %."""
    return min(pool, ceil(Decimal(pool) * percent / 100))


def draw_revisits(
    ids: Sequence[str], count: int, seed: str, pool_sha256: str
) -> list[tuple[str, str]]:
    """(firm, ticket) of the ``count`` lowest tickets, lowest first. Raises what ``ticket`` does."""
    draw = ticket_drawer(seed, pool_sha256, "revisit")
    return sorted(((one, draw(one)) for one in ids), key=lambda pair: (pair[1], pair[0]))[:count]
