"""Use cases of telling the firm, for pages and other subjects; each lives in the file of its
name."""

from __future__ import annotations

from server.telling.answering import (
    OwnRecord,
    OwnSheet,
    confirm_read,
    find_picture,
    hand_in,
    read_record,
    state_view,
)
from server.telling.deciding import answer_act
from server.telling.delivering import Proof, record_delivery, void_delivery
from server.telling.linking import issue_code
from server.telling.making import make_notice, revoke_link
from server.telling.opening import close_visit, find_visit, open_link, require_visit
from server.telling.overview import STATES, TellingLine, Wanted, count_tellings, list_tellings
from server.telling.reading import (
    NOTHING_TOLD,
    Telling,
    find_told_version,
    get_file,
    get_notice,
    is_code_alive,
    list_of_inspection,
    read_told,
    view_telling,
)

__all__ = [
    "NOTHING_TOLD",
    "STATES",
    "OwnRecord",
    "OwnSheet",
    "Proof",
    "Telling",
    "TellingLine",
    "Wanted",
    "answer_act",
    "close_visit",
    "confirm_read",
    "count_tellings",
    "find_picture",
    "find_told_version",
    "find_visit",
    "get_file",
    "get_notice",
    "hand_in",
    "is_code_alive",
    "issue_code",
    "list_of_inspection",
    "list_tellings",
    "make_notice",
    "open_link",
    "read_record",
    "read_told",
    "record_delivery",
    "require_visit",
    "revoke_link",
    "state_view",
    "view_telling",
    "void_delivery",
]
