"""中止: the days of an approved pause are not counted in a visit's term.

No source names pauses; 行政处罚法 and 行政强制法 leave the time of tests and expert opinions out of
their own terms. So a pause is asked for with evidence before the term is over, and somebody else
decides.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

MAX_PAUSE_DAYS: Final = 180
MAX_WORDS: Final = 500
ONE_DAY: Final = timedelta(days=1)


class PauseReason(StrEnum):
    """检验检测或鉴定; 等待其他机关的结论; 不可抗力; 企业原因; 平台故障; 其他."""

    TESTING = "testing"
    OTHER_BODY = "other_body"
    FORCE_MAJEURE = "force_majeure"
    FIRM = "firm"
    PLATFORM = "platform"
    OTHER = "other"


class PauseState(StrEnum):
    """Waiting; decided; taken back by whoever asked."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Span:
    """Both days included."""

    from_on: date
    to_on: date

    @property
    def days(self) -> frozenset[date]:
        """Every day of it."""
        count = (self.to_on - self.from_on).days + 1
        return frozenset(self.from_on + ONE_DAY * offset for offset in range(count))


def days_of(spans: Iterable[Span]) -> frozenset[date]:
    """All days of all of them."""
    return frozenset().union(*(one.days for one in spans))


def faults_of_pause(
    asked: Span, ended_on: date, due: date, approved: Collection[Span]
) -> dict[str, str]:
    """Field → code of the catalogue, everything at once; empty where it may stand."""
    found: dict[str, str] = {}
    if asked.to_on < asked.from_on:
        found["to_on"] = "pause.backwards"
    elif (asked.to_on - asked.from_on).days >= MAX_PAUSE_DAYS:
        found["to_on"] = "pause.too_long"
    if asked.from_on <= ended_on:
        found["from_on"] = "pause.before_start"
    elif asked.from_on > due:
        found["from_on"] = "pause.after_due"
    elif any(one.from_on <= asked.to_on and asked.from_on <= one.to_on for one in approved):
        found["from_on"] = "pause.overlaps"
    return found
