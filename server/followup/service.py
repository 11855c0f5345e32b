"""Use cases of follow-up, for pages and other subjects; each lives in the file of its name. Cases
are opened by entry and correction alone (``opening``)."""

from __future__ import annotations

from server.followup.closing import Lack, close_inspection, list_lacks
from server.followup.deciding import (
    Paper,
    attach,
    decide,
    finish,
    is_paper_missing,
    publish,
    take_paper,
)
from server.followup.overview import STATES, CaseLine, Wanted, count_cases, list_cases
from server.followup.reading import (
    can_decide,
    can_read,
    get_case,
    get_paper,
    is_closed,
    list_closings,
    list_of_sheets,
    propose_for,
)

__all__ = [
    "STATES",
    "CaseLine",
    "Lack",
    "Paper",
    "Wanted",
    "attach",
    "can_decide",
    "can_read",
    "close_inspection",
    "count_cases",
    "decide",
    "finish",
    "get_case",
    "get_paper",
    "is_closed",
    "is_paper_missing",
    "list_cases",
    "list_closings",
    "list_lacks",
    "list_of_sheets",
    "propose_for",
    "publish",
    "take_paper",
]
