"""How the deadline board counts and what it looks at first (R074, R083, R088).

Every part of a visit (one department's sheet) lies in exactly one `Bucket`; a filter of the board
names some of them, so that a number on the board is the length of the list behind it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.deadlines import DUE_SOON_WORKING_DAYS, DeadlineState

NEAR_WORKING_DAYS: Final = 3
FAR_WORKING_DAYS: Final = 10


class Bucket(StrEnum):
    """In the order of urgency. IN_3, IN_5 and IN_10 are 1–3, 4–5 and 6–10 working days left.
    NOT_ENDED: no term runs, because the visit has not ended or, where the county counts from the
    task's end, the task has not."""

    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    IN_3 = "in_3"
    IN_5 = "in_5"
    IN_10 = "in_10"
    LATER = "later"
    NOT_ENDED = "not_ended"
    MET_LATE = "met_late"
    MET = "met"


UNMET: Final = tuple(one for one in Bucket if one not in (Bucket.MET, Bucket.MET_LATE))
COUNTING: Final = tuple(one for one in UNMET if one is not Bucket.NOT_ENDED)
_IN_5: Final = (Bucket.DUE_TODAY, Bucket.IN_3, Bucket.IN_5)

# What `?state=` may say. The two within five and ten days hold the nearer ones too.
FILTERS: Final[Mapping[str, tuple[Bucket, ...]]] = {
    "overdue": (Bucket.OVERDUE,),
    "due_today": (Bucket.DUE_TODAY,),
    "within_3": (Bucket.DUE_TODAY, Bucket.IN_3),
    "within_5": _IN_5,
    "within_10": (*_IN_5, Bucket.IN_10),
    "due_soon": (Bucket.IN_3, Bucket.IN_5),
    # one column of a group each
    "in_3": (Bucket.IN_3,),
    "in_5": (Bucket.IN_5,),
    "in_10": (Bucket.IN_10,),
    "later": (Bucket.LATER,),
    "running": (Bucket.IN_10, Bucket.LATER),
    "not_ended": (Bucket.NOT_ENDED,),
    "unmet": UNMET,
    "done": (Bucket.MET, Bucket.MET_LATE),
    "met": (Bucket.MET,),
    "met_late": (Bucket.MET_LATE,),
}


def bucket_of(state: DeadlineState | None, days_left: int | None) -> Bucket:
    """`state` and `days_left` as `domain.deadlines` says them, None while the visit has not ended.
    A term that ends on a rest day (a cap date) may have no working day left and still run: it
    counts with the nearest."""
    match state:
        case None:
            return Bucket.NOT_ENDED
        case DeadlineState.OVERDUE | DeadlineState.DUE_TODAY:
            return Bucket(state.value)
        case DeadlineState.MET | DeadlineState.MET_LATE:
            return Bucket(state.value)
        case DeadlineState.DUE_SOON | DeadlineState.RUNNING:
            left = days_left or 0
            if left <= NEAR_WORKING_DAYS:
                return Bucket.IN_3
            if left <= DUE_SOON_WORKING_DAYS:
                return Bucket.IN_5
            return Bucket.IN_10 if left <= FAR_WORKING_DAYS else Bucket.LATER


def count_filters(counts: Mapping[Bucket, int]) -> dict[str, int]:
    """How long the list behind each filter is."""
    return {name: sum(counts.get(one, 0) for one in buckets) for name, buckets in FILTERS.items()}
