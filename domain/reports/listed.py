"""A number of a report with the list it was counted from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class ListOf(StrEnum):
    """What the rows of a list are. RESULTS are departments' parts of visits, CASES problems with
    their follow-up; of ENTRIES the ids are codes."""

    TASKS = "tasks"
    DRAWS = "draws"
    VISITS = "visits"
    FIRMS = "firms"
    RESULTS = "results"
    CASES = "cases"
    ITEMS = "items"
    ENTRIES = "entries"
    CLUES = "clues"


@dataclass(frozen=True, slots=True)
class Listed:
    """`ref` names the number within its report, `line` the place it stands in, `label` what of
    that line it counts (a task, a site), `unit` its measure word. The number is how many ids there
    are."""

    ref: str
    line: str
    of: ListOf
    ids: Sequence[int | str]
    unit: str = ""
    label: str = ""


def dump_lists(lists: Iterable[Listed]) -> list[dict[str, Any]]:
    """Their part of a frozen report."""
    return [{**asdict(one), "of": one.of.value, "ids": list(one.ids)} for one in lists]


def parse_lists(told: Iterable[Mapping[str, Any]]) -> list[Listed]:
    """The reverse."""
    return [Listed(**{**one, "of": ListOf(one["of"])}) for one in told]
