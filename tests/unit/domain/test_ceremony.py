"""The dice of a draw: as many as were fixed, one spelling, nothing taken back in silence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import ceremony as rules
from domain.draw import plain_seed
from domain.errors import Fault

AT = "2026-03-04T09:00:00+08:00"
ROOM: dict[str, Any] = {"needed": 8, "witness": {"name": "甲", "unit": "督查室"}}


def refused(deed: Any, *given: Any) -> str:
    with pytest.raises(Fault) as found:
        deed(*given)
    return found.value.code


@pytest.mark.parametrize(
    "text", ["35162441", "3 5 1 6 2 4 4 1", "3,5，1、6-2 4 4 1", "３５１６２４４１"]
)
def test_separators_between_rolls_change_nothing(text: str) -> None:
    assert rules.parse_rolls(text) == [3, 5, 1, 6, 2, 4, 4, 1]


@pytest.mark.parametrize("text", ["", "  ", "7", "0", "3 x", "三"])
def test_what_no_die_shows_is_refused(text: str) -> None:
    assert refused(rules.parse_rolls, text) == "draw.dice_value"


def test_nothing_is_rolled_before_a_witness_is_named() -> None:
    assert refused(rules.with_rolls, {"needed": 8}, [1], 0, AT) == "draw.meeting_missing"


def test_second_click_enters_no_roll_twice() -> None:
    once = rules.with_rolls(ROOM, [3], 0, AT)
    assert refused(rules.with_rolls, once, [3], 0, AT) == "draw.dice_moved"


def test_struck_roll_stays_and_counts_no_more() -> None:
    told = rules.with_struck(rules.with_rolls(ROOM, [3, 5], 0, AT), 1, "落地", AT)
    assert rules.standing_rolls(told) == [5] and rules.rolls_left(told) == 7
    assert told["rolls"][0] == {"value": 3, "at": AT, "struck": {"at": AT, "reason": "落地"}}
    assert refused(rules.with_struck, told, 1, "again", AT) == "draw.dice_moved"


def test_rolls_are_as_many_as_were_fixed_with_the_freeze() -> None:
    """With a free number somebody could stop where the result pleases."""
    some = rules.with_rolls(ROOM, [1] * 7, 0, AT)
    assert refused(rules.with_dice_closed, some, AT) == "draw.dice_missing"
    assert refused(rules.with_rolls, some, [1, 2], 7, AT) == "draw.dice_too_many"
    closed = rules.with_dice_closed(rules.with_rolls(some, [2], 7, AT), AT)
    assert rules.seed_of(closed) == "11111112"
    assert refused(rules.with_struck, closed, 1, "x", AT) == "draw.dice_closed"
    assert refused(rules.with_rolls, closed, [1], 8, AT) == "draw.dice_closed"


def test_one_source_once_begun_closes_the_others() -> None:
    thrown = rules.with_rolls(ROOM, [1], 0, AT)
    named = rules.with_lottery(ROOM, "双色球", "2026031", AT)
    assert refused(rules.with_lottery, thrown, "双色球", "2026031", AT) == "draw.randomness_begun"
    assert refused(rules.with_rolls, named, [1], 0, AT) == "draw.randomness_begun"
    assert refused(rules.with_lottery, named, "大乐透", "26025", AT) == "draw.randomness_begun"
    assert refused(rules.seed_of, named) == "draw.seed_missing"


@given(st.lists(st.integers(1, 6), min_size=8, max_size=8), st.sets(st.integers(1, 8)))
def test_seed_is_what_stands_whatever_was_struck(values: list[int], struck: set[int]) -> None:
    told = rules.with_rolls(ROOM, values, 0, AT)
    for number in sorted(struck):
        told = rules.with_struck(told, number, "x", AT)
    if struck:
        told = rules.with_rolls(told, [6] * len(struck), 8, AT)
    stand = [v for n, v in enumerate(values, 1) if n not in struck] + [6] * len(struck)
    assert rules.seed_of(rules.with_dice_closed(told, AT)) == plain_seed(str(stand))


@pytest.mark.parametrize(
    ("setting", "needed"), [(30, 30), (7, 20), (True, 20), ("30", 20), (None, 20)]
)
def test_county_sets_how_often_the_die_is_thrown(setting: object, needed: int) -> None:
    assert rules.rolls_needed(setting) == needed
