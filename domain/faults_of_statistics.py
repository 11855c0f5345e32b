"""Faults of the statistics and warnings. Alphabetical by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

STATISTICS_FAULTS: Final[tuple[F, ...]] = (
    F(
        "warning.none",
        409,
        "该月已不再预警，不需要搁置；填写内容已保留。",
        "There is no warning of that month any more, so nothing is to be set aside. What you typed"
        " is kept.",
    ),
    F(
        "warning.not_found",
        404,
        "没有这项统计：该月及此前各月都没有检查过。",
        "Nothing was counted there: it was checked neither in that month nor before.",
    ),
)
