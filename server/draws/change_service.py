"""Use cases of changes after a draw, for pages, the command line and other subjects."""

from __future__ import annotations

from server.draws.changes import (
    can_decide,
    count_waiting,
    drop_change,
    export_change,
    get_change,
    list_changes,
    list_deciders,
    list_of_draw,
    list_of_inspection,
    list_public_changes,
    list_waiting,
    refuse_change,
)
from server.draws.replacing import (
    approve_replacement,
    list_candidates,
    list_replaceable,
    request_replacement,
)
from server.draws.withdrawing import approve_withdrawal, can_withdraw, request_withdrawal

__all__ = [
    "approve_replacement",
    "approve_withdrawal",
    "can_decide",
    "can_withdraw",
    "count_waiting",
    "drop_change",
    "export_change",
    "get_change",
    "list_candidates",
    "list_changes",
    "list_deciders",
    "list_of_draw",
    "list_of_inspection",
    "list_public_changes",
    "list_replaceable",
    "list_waiting",
    "refuse_change",
    "request_replacement",
    "request_withdrawal",
]
