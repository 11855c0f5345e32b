"""Use cases of clues, for pages and other subjects; each lives in the file of its name."""

from __future__ import annotations

from server.clues.following import Followed, follow
from server.clues.handling import MAX_TEXT_CHARACTERS, Paper, handle, link_firm
from server.clues.overview import STATES, ClueLine, Wanted, count_clues, list_clues
from server.clues.reading import (
    can_handle,
    can_read,
    count_of_firm,
    get_clue,
    get_evidence,
    get_evidence_view,
    get_paper,
    list_merged,
    list_steps_for,
    read_contact,
    urgency_of,
)
from server.clues.receiving import Received, Report, make_once, receive

__all__ = [
    "MAX_TEXT_CHARACTERS",
    "STATES",
    "ClueLine",
    "Followed",
    "Paper",
    "Received",
    "Report",
    "Wanted",
    "can_handle",
    "can_read",
    "count_clues",
    "count_of_firm",
    "follow",
    "get_clue",
    "get_evidence",
    "get_evidence_view",
    "get_paper",
    "handle",
    "link_firm",
    "list_clues",
    "list_merged",
    "list_steps_for",
    "make_once",
    "read_contact",
    "receive",
    "urgency_of",
]
