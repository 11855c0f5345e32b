"""Results in one place: the national codes and what must hold before entry (R069, R074, R077)."""

from domain.entry import (
    OFFICERS_NEEDED,
    PhotoFact,
    SheetFacts,
    Unmet,
    entry_preconditions,
)
from domain.result_codes import (
    EXPORTED_AS,
    RESULTS,
    WORST_FIRST,
    FirmResult,
    LocalResult,
    Result,
    firm_result,
    is_problem,
    local_result,
    suggest_code,
    worst,
)

__all__ = [
    "EXPORTED_AS",
    "OFFICERS_NEEDED",
    "RESULTS",
    "WORST_FIRST",
    "FirmResult",
    "LocalResult",
    "PhotoFact",
    "Result",
    "SheetFacts",
    "Unmet",
    "entry_preconditions",
    "firm_result",
    "is_problem",
    "local_result",
    "suggest_code",
    "worst",
]
