"""How far a task is, and when it needs somebody's attention."""

from dataclasses import replace
from datetime import date

import pytest

from domain.supervision import Progress, Stage

NEW = Progress(1, 0, 0, 0, 0, 0, 2026, 10)
DONE = Progress(1, 1, 4, 4, 4, 0, 2026, 10)


@pytest.mark.parametrize(
    ("progress", "stage"),
    [
        (NEW, Stage.PLANNED),
        (replace(NEW, drawn=1), Stage.ENTERED),  # there was nobody to draw, with a reason
        (replace(DONE, visited=3, entered=0), Stage.DRAWN),
        (replace(DONE, entered=3), Stage.VISITED),
        (DONE, Stage.ENTERED),
        (replace(DONE, times=2), Stage.PLANNED),
        (replace(DONE, times=2, entered=1), Stage.VISITED),
    ],
)
def test_a_task_waits_for_the_first_thing_that_is_not_done(
    progress: Progress, stage: Stage
) -> None:
    assert progress.stage is stage


def test_a_task_is_late_from_the_first_day_after_its_months() -> None:
    assert not NEW.is_late(date(2026, 10, 31))
    assert NEW.is_late(date(2026, 11, 1))
    assert replace(NEW, last_month=None).is_late(date(2027, 1, 1))
    assert not replace(NEW, last_month=None).is_late(date(2026, 12, 31))
    assert not DONE.is_late(date(2027, 1, 1))


def test_an_overdue_sheet_needs_attention_whatever_the_months_say() -> None:
    assert replace(DONE, entered=3, overdue=1).needs_attention(date(2026, 5, 1))
    assert not DONE.needs_attention(date(2026, 5, 1))
