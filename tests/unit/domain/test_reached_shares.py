"""The shares a county has reached, at their borders."""

from decimal import Decimal

import pytest

from domain.reached_shares import MadeDraw, Minima, is_market_entity, reach


def draw(
    number: int, firms: int, joint: bool = False, market: bool = True, used: bool = True
) -> MadeDraw:
    return MadeDraw(number, joint, firms, market, used)


def test_a_firm_drawn_twice_counts_once_in_the_register_share_and_twice_among_the_visits() -> None:
    found = reach([draw(1, 3), draw(2, 2, joint=True)], 4, 100, 0, Minima())
    assert (found.drawn.part, found.drawn.whole) == (4, 100)
    assert (found.by_firms.part, found.by_firms.whole) == (2, 5)  # there with each draw
    assert found.drawn.is_reached and found.drawn.percent == 4


@pytest.mark.parametrize(("register", "reached"), [(100, True), (101, False)])
def test_three_percent_is_reached_at_three(register: int, reached: bool) -> None:
    found = reach([draw(1, 3)], 3, register, 0, Minima())
    assert found.drawn.is_reached is reached
    assert found.drawn.missing == (0 if reached else 1)


def test_a_firm_closed_since_belonged_to_the_register_it_was_drawn_from() -> None:
    found = reach([draw(1, 2)], 2, 0, 2, Minima())
    assert (found.drawn.part, found.drawn.whole, found.drawn.percent) == (2, 2, 100)


@pytest.mark.parametrize(("joint", "reached"), [(3, True), (2, False)])
def test_sixty_percent_of_draws_is_reached_at_three_of_five(joint: int, reached: bool) -> None:
    found = reach([draw(n, 1, joint=n < joint) for n in range(5)], 1, 9, 0, Minima())
    assert found.by_count.is_reached is reached


@pytest.mark.parametrize(("firms", "reached"), [(3, True), (2, False)])
def test_half_of_the_firms_is_reached_at_half(firms: int, reached: bool) -> None:
    found = reach([draw(1, firms, joint=True), draw(2, 3)], 6, 9, 0, Minima())
    assert found.by_firms.is_reached is reached


@pytest.mark.parametrize(
    ("used", "minimum", "reached"), [(9, 90, True), (8, 90, False), (9, 100, False)]
)
def test_ninety_and_a_hundred_percent_of_draws_with_classes(
    used: int, minimum: int, reached: bool
) -> None:
    draws = [draw(n, 1, used=n < used) for n in range(10)]
    found = reach(draws, 1, 9, 0, Minima(classes=Decimal(minimum)))
    assert (found.by_classes.part, found.by_classes.whole) == (used, 10)
    assert found.by_classes.is_reached is reached


def test_a_draw_of_public_works_is_none_of_market_entities_and_an_emptied_one_is_none() -> None:
    draws = [draw(1, 1), draw(2, 1, market=False, used=False), draw(3, 0, joint=True)]
    found = reach(draws, 2, 9, 0, Minima())
    assert (found.by_classes.part, found.by_classes.whole) == (1, 1)
    assert (found.by_count.part, found.by_count.whole) == (0, 2)


def test_nothing_drawn_reaches_nothing_and_divides_by_nothing() -> None:
    found = reach([], 0, 0, 0, Minima())
    shares = (found.drawn, found.by_count, found.by_firms, found.by_classes)
    assert [one.percent for one in shares] == [None] * 4
    assert not any(one.is_reached for one in shares)


@pytest.mark.parametrize(
    ("uscc", "is_market"),
    [("91140522MA0K00013Y", True), ("140522000000017", True), ("12140522MA0K00013Y", False)],
)
def test_market_entities_are_told_by_their_code(uscc: str, is_market: bool) -> None:
    assert is_market_entity(uscc) is is_market
