"""录入率 and 公示率 at their borders, and the list that belongs to each number."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines import MetBy
from domain.publication_rates import Part, Rates, Step, count_rates, share

HERE, PLATFORM = MetBy.ENTERED, MetBy.RECEIPT
PLANNED, ENDED = Part(False), Part(True)
LOCKED = Part(True, version=1)
RECEIPTED = Part(True, version=1, receipted=1)
PUBLISHED = Part(True, version=1, receipted=1, published=1)
CORRECTED = Part(True, version=2, receipted=1, published=1)

parts = st.builds(
    lambda ended, version, receipted, published: Part(
        ended or version > 0, version, min(receipted, version), min(published, version)
    ),
    st.booleans(),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 3),
)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (0, 0, None),
        (0, 7, "0.0"),
        (7, 7, "100.0"),
        (1, 3, "33.3"),
        (2, 3, "66.6"),
        (1999, 2000, "99.9"),
        (99_999, 100_000, "99.9"),
        (1, 100_000, "0.0"),
    ],
)
def test_a_share_is_rounded_down_so_that_100_means_all(
    part: int, whole: int, percent: str | None
) -> None:
    assert share(part, whole) == (None if percent is None else Decimal(percent))


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (8, 7), (-1, 7)])
def test_a_part_beyond_the_whole_is_no_share(part: int, whole: int) -> None:
    with pytest.raises(ValueError):
        share(part, whole)


@pytest.mark.parametrize(
    ("part", "step"),
    [
        (PLANNED, Step.VISIT),
        (ENDED, Step.ENTRY),
        (LOCKED, Step.RECEIPT),
        (RECEIPTED, Step.PUBLICATION),
        (PUBLISHED, Step.DONE),
        (CORRECTED, Step.RECEIPT),
        (Part(True, 2, receipted=2, published=1), Step.PUBLICATION),
        (Part(True, 1, receipted=0, published=1), Step.RECEIPT),
    ],
)
def test_the_next_step_is_the_first_thing_that_is_not_done(part: Part, step: Step) -> None:
    assert part.next_step is step


def test_what_has_not_been_visited_lowers_no_entry_rate_but_the_rate_over_the_draw() -> None:
    rates = count_rates(Counter([PLANNED, PUBLISHED]), HERE)
    assert (rates.entry_rate, rates.publication_rate) == (Decimal("100.0"), Decimal("100.0"))
    assert rates.drawn_rate == Decimal("50.0")
    assert count_rates(Counter([PLANNED]), HERE).entry_rate is None


def test_where_the_platform_counts_an_entry_without_receipt_is_none() -> None:
    every = [LOCKED, RECEIPTED, PUBLISHED]
    assert count_rates(Counter(every), HERE) == Rates(3, 3, 3, 1, 1)
    assert count_rates(Counter(every), PLATFORM) == Rates(3, 3, 2, 1, 1)
    published_alone = Part(True, 1, receipted=0, published=1)
    assert count_rates(Counter([published_alone]), PLATFORM) == Rates(1, 1, 0, 0, 1)


def test_a_correction_counts_again_once_its_version_is_published() -> None:
    assert count_rates(Counter([CORRECTED]), HERE).published == 0
    assert count_rates(Counter([Part(True, 2, 2, 2)]), HERE).published == 1


@given(st.lists(parts), st.sampled_from(MetBy))
def test_each_list_is_exactly_what_keeps_its_rate_below_all(every: list[Part], rule: MetBy) -> None:
    rates = count_rates(Counter(every), rule)

    def missing(step: Step) -> int:
        return sum(one.lacks(step, rule) for one in every)

    assert rates.drawn >= rates.ended >= rates.entered >= rates.published >= 0
    assert missing(Step.VISIT) == rates.drawn - rates.ended
    assert missing(Step.ENTRY) == rates.ended - rates.entered
    assert missing(Step.PUBLICATION) == rates.entered - rates.published
    assert missing(Step.RECEIPT) == rates.without_receipt
    assert missing(Step.DONE) == 0
