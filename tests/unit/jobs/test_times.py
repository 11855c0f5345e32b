"""When jobs are due, and how long a failing one waits."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.jobs.times import LONGEST_WAIT, Daily, Every, Times, wait_after

INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
TIMES: list[Times] = [Every(5), Every(60), Daily(time(21, 10)), Daily(time(0, 0))]


def test_a_full_hour_is_followed_by_the_next_and_so_is_all_of_it() -> None:
    at = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
    assert Every(5).after(at) == at + timedelta(minutes=5)
    assert Every(60).after(at + timedelta(minutes=59, seconds=59)) == at + timedelta(hours=1)


def test_a_day_is_a_day_at_the_site() -> None:
    before = datetime(2026, 3, 4, 13, 9, 59, tzinfo=UTC)  # 21:09:59 in Shanghai
    due = Daily(time(21, 10)).after(before)
    assert due == datetime(2026, 3, 4, 13, 10, tzinfo=UTC)
    assert Daily(time(21, 10)).after(due) == due + timedelta(days=1)
    assert Daily(time(3, 20)).after(before) == datetime(2026, 3, 4, 19, 20, tzinfo=UTC)


@pytest.mark.parametrize("times", TIMES, ids=repr)
@given(at=INSTANTS)
@settings(max_examples=40)
def test_the_next_time_is_later_and_none_lies_between(times: Times, at: datetime) -> None:
    due = times.after(at)
    assert due > at
    assert times.after(due - timedelta(microseconds=1)) == due


def test_each_failure_doubles_the_wait_up_to_an_hour() -> None:
    assert [wait_after(n) // timedelta(minutes=1) for n in (1, 2, 3, 7)] == [1, 2, 4, 60]
    assert wait_after(10_000) == LONGEST_WAIT
