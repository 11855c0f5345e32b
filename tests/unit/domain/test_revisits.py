"""Which firms are visited again: a share, and lots that anybody can draw again."""

import hashlib
from decimal import Decimal

import pytest

from domain.draw_tickets import ticket
from domain.revisits import PoolFirm, count_revisits, draw_revisits, dump_pool, judge_revisit

FIRMS = [PoolFirm(f"91140522MA0K{n:04}XX", f"2026-{n:04}") for n in range(20)]


@pytest.mark.parametrize(
    ("pool", "percent", "count"),
    [(0, "10", 0), (1, "10", 1), (10, "10", 1), (11, "10", 2), (40, "0", 0), (3, "100", 3)],
)
def test_the_share_is_rounded_up(pool: int, percent: str, count: int) -> None:
    assert count_revisits(pool, Decimal(percent)) == count


def test_pool_has_one_text_in_any_order() -> None:
    told = dump_pool(FIRMS, "10", "2026-01-01", "2026-03-31")
    assert told == dump_pool(reversed(FIRMS), "10", "2026-01-01", "2026-03-31")
    assert told != dump_pool(FIRMS[1:], "10", "2026-01-01", "2026-03-31")
    assert told != dump_pool(FIRMS, "20", "2026-01-01", "2026-03-31")


def test_whoever_has_pool_and_seed_draws_the_same_firms() -> None:
    sha = hashlib.sha256(dump_pool(FIRMS, "10", "2026-01-01", "2026-03-31").encode()).hexdigest()
    ids = [one.id for one in FIRMS]
    won = draw_revisits(ids, 3, "25163441", sha)
    assert won == draw_revisits(ids[::-1], 3, "25163441", sha)
    every = sorted((ticket("25163441", sha, "revisit", one), one) for one in ids)
    assert [(one, lot) for lot, one in every[:3]] == won
    assert won != draw_revisits(ids, 3, "25163442", sha)


@pytest.mark.parametrize(
    ("now", "outcome"),
    [((1, 1), "corrected"), ((7,), "corrected"), ((1, 8), "partly"), ((5, 8), "not_corrected")],
)
def test_a_firm_has_corrected_what_is_no_problem_any_more(
    now: tuple[int, ...], outcome: str
) -> None:
    assert judge_revisit(now) == outcome
