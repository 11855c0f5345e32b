"""培训: 业务培训 of officers and 系统使用培训 of users (R119), and whether those who can be drawn
were trained before a draw (R120)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

MAX_NAME: Final = 200
MAX_PLACE: Final = 80
MAX_CONTENT: Final = 500
MAX_REASON: Final = 500
LEAST_HOURS: Final = Decimal("0.5")
MOST_HOURS: Final = Decimal(200)


class TrainingKind(StrEnum):
    """业务培训, 系统使用培训."""

    OFFICERS = "officers"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Of the officers who can be drawn: how many took part in a 业务培训 on or after `since`.
    `latest` is the newest such day, None where there was none; `lacking` are those without, by id,
    in the order they came."""

    since: date
    drawable: int
    latest: date | None
    lacking: tuple[int, ...]

    @property
    def trained(self) -> int:
        """How many were."""
        return self.drawable - len(self.lacking)

    @property
    def is_whole(self) -> bool:
        """Whether everybody was, and there is somebody."""
        return self.drawable > 0 and not self.lacking


def judge_readiness(
    officers: Collection[int], newest: Mapping[int, date], day: date, within_days: int
) -> Readiness:
    """`newest`: officer → the day of the last training attended; a training of `within_days` ago
    still counts."""
    since = day - timedelta(days=within_days)
    days = {one: newest[one] for one in officers if one in newest and newest[one] >= since}
    lacking = tuple(one for one in officers if one not in days)
    return Readiness(since, len(officers), max(days.values(), default=None), lacking)
