"""Results in one place: the national codes and what must hold before entry (R069, R074, R077)."""

from domain.entry import (
    OFFICERS_NEEDED,
    PhotoFact,
    SheetFacts,
    Unmet,
    entry_preconditions,
)
from domain.result_codes import (
    RESULTS,
    WORST_FIRST,
    Result,
    is_problem,
    suggest_code,
    worst,
)

__all__ = [
    "OFFICERS_NEEDED",
    "RESULTS",
    "WORST_FIRST",
    "PhotoFact",
    "Result",
    "SheetFacts",
    "Unmet",
    "entry_preconditions",
    "is_problem",
    "suggest_code",
    "worst",
]
