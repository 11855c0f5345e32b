"""抽查结果汇总表 of one task in its two types 发起 and 配合 (R100, R101; fields of domain research
1.3).

Who initiates sums up every department's part, who cooperates hands in its own. A firm counts once
in each department's line; under a disposal it counts once however many of its problems it is for.
In the sum each firm counts once: what it says of a whole visit all its departments have to say
(completed, entered, published), what any of them found any of them says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from domain.result_codes import RESULTS, is_problem, worst

DISPOSALS: Final = {
    "corrected": "correction_order",
    "penalty": "penalty",
    "transfer_agency": "transfer_agency",
    "transfer_judicial": "transfer_judicial",
}


class SummaryType(StrEnum):
    """发起, 配合."""

    INITIATING = "initiating"
    COOPERATING = "cooperating"


@dataclass(frozen=True, slots=True)
class VisitPart:
    """One department's part of a visit. `result` is of the version in force, None before entry;
    `disposals` those decided on for its problems."""

    visit: int
    department: str
    is_done: bool
    result: int | None
    is_published: bool
    disposals: frozenset[str] = frozenset()


FIELDS: Final = (
    "drawn",
    "done",
    *(f"result_{code}" for code in RESULTS),
    "problems",
    *DISPOSALS,
    "entered",
    "published",
)


def sum_up(parts: Sequence[VisitPart]) -> dict[str, list[int]]:
    """Field → the visits it counts, of one department or of all of them."""
    visits: dict[int, list[VisitPart]] = {}
    for one in parts:
        visits.setdefault(one.visit, []).append(one)
    return {
        name: sorted(visit for visit, told in visits.items() if holds(told))
        for name, holds in _TESTS.items()
    }


def group_parts(parts: Sequence[VisitPart]) -> Mapping[str, list[VisitPart]]:
    """By department, in the order they come."""
    found: dict[str, list[VisitPart]] = {}
    for one in parts:
        found.setdefault(one.department, []).append(one)
    return found


def dump_visits(parts: Sequence[VisitPart]) -> list[dict[str, Any]]:
    """One department's visits as plain JSON, as a part that is handed over keeps them."""
    return [
        {
            "visit": one.visit,
            "is_done": one.is_done,
            "result": one.result,
            "is_published": one.is_published,
            "disposals": sorted(one.disposals),
        }
        for one in parts
    ]


def parse_visits(told: Sequence[Mapping[str, Any]], department: str) -> list[VisitPart]:
    """The reverse."""
    return [
        VisitPart(**{**one, "department": department, "disposals": frozenset(one["disposals"])})
        for one in told
    ]


def _result(told: Sequence[VisitPart]) -> int | None:
    return worst(one.result for one in told if one.result is not None)


def _has_result(code: int) -> Callable[[Sequence[VisitPart]], bool]:
    return lambda told: _result(told) == code


def _has_disposal(disposal: str) -> Callable[[Sequence[VisitPart]], bool]:
    return lambda told: any(disposal in one.disposals for one in told)


def _found_problem(told: Sequence[VisitPart]) -> bool:
    return any(one.result is not None and is_problem(one.result) for one in told)


_TESTS: Final[Mapping[str, Callable[[Sequence[VisitPart]], bool]]] = {
    "drawn": lambda _told: True,
    "done": lambda told: all(one.is_done for one in told),
    **{f"result_{code}": _has_result(code) for code in RESULTS},
    "problems": _found_problem,
    **{name: _has_disposal(disposal) for name, disposal in DISPOSALS.items()},
    "entered": lambda told: all(one.result is not None for one in told),
    "published": lambda told: all(one.is_published for one in told),
}
