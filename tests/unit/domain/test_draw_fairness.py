"""100,000 draws: every firm and every officer about equally often, and a thumb on the scale shows.

The seeds are fixed, so what passes once passes for ever; the limit is the one that a fair draw with
other seeds would pass but once in a million times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from domain import draw_tickets
from domain.draw import Matched, Officer, PoolFirm, draw_firms, match_officers
from domain.sampling import RiskTier

DRAWS = 100_000
DRAW = "CQ20260105-7KMPQRST"
FIRMS = [PoolFirm(f"91140522MA0K000{n}") for n in range(4)]
OFFICERS = [Officer(f"officer-{n}", "tr") for n in range(4)]
TAKEN = 2
BENT_IN_A_HUNDRED = 3
# Chi-square with three degrees of freedom is greater once in a million times.
LIMIT = 30.7


def chi_square(counts: Counter[str], ids: list[str]) -> float:
    """Of `TAKEN` out of `ids`, each time without putting back: their counts hang together, which
    the factor n / (n - 1) makes up for. Distributed as chi-square with n - 1 degrees."""
    n, share = len(ids), TAKEN / len(ids)
    variance = DRAWS * share * (1 - share) * n / (n - 1)
    return sum((counts[one] - DRAWS * share) ** 2 for one in ids) / variance


def favouring(firm: str) -> Callable[..., Callable[[str], str]]:
    """Tickets of a draw in which somebody's cousin is let win."""
    fair = draw_tickets.ticket_drawer

    def drawer(*parts: str) -> Callable[[str], str]:
        draw = fair(*parts)
        return lambda last: "0" * 64 if last == firm else draw(last)

    return drawer


def test_every_firm_has_the_same_chance_and_a_cousin_let_win_now_and_then_shows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fair: Counter[str] = Counter()
    bent: Counter[str] = Counter()
    quotas, cousin = {RiskTier.NORMAL: TAKEN}, FIRMS[3].id
    drawer = favouring(cousin)
    for number in range(DRAWS):
        seed = f"{number:08d}"
        drawn = [firm.id for firm in draw_firms(FIRMS, quotas, seed, DRAW)]
        fair.update(drawn)
        if number % 100 < BENT_IN_A_HUNDRED:
            with monkeypatch.context() as patch:
                patch.setattr(draw_tickets, "ticket_drawer", drawer)
                drawn = [firm.id for firm in draw_firms(FIRMS, quotas, seed, DRAW)]
        bent.update(drawn)
    ids = [firm.id for firm in FIRMS]
    assert sum(fair.values()) == sum(bent.values()) == DRAWS * TAKEN
    assert chi_square(fair, ids) < LIMIT
    assert bent[cousin] < 1.04 * DRAWS * TAKEN / len(ids)  # nobody would see it
    assert chi_square(bent, ids) > LIMIT


def test_every_officer_is_sent_and_leads_equally_often() -> None:
    sent: Counter[str] = Counter()
    leads: Counter[str] = Counter()
    for number in range(DRAWS):
        outcome = match_officers(FIRMS[:1], OFFICERS, ["tr"], f"{number:08d}", DRAW)
        assert isinstance(outcome, Matched)
        team = outcome.assignments[0].officers
        sent.update(team)
        leads[team[0]] += 1
    expected = DRAWS / len(OFFICERS)
    assert chi_square(sent, [one.id for one in OFFICERS]) < LIMIT
    assert sum((leads[one.id] - expected) ** 2 / expected for one in OFFICERS) < LIMIT
